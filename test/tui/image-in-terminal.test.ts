/** `seized image --verify` as a person sees it: on a terminal (of script, util-linux) it says at once that it works. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BIN, temporaryFolder } from '../e2e/seized.ts'

const SCRIPT = spawnSync('script', ['--version']).status === 0

describe.skipIf(!SCRIPT)('seized image --verify', () => {
  it('on a terminal says that it opens the image, and takes that back; into a pipe it says nothing of it', () => {
    const image = join(temporaryFolder(), 'disk.dd')
    writeFileSync(image, Buffer.alloc(1 << 20, 'no volume '))
    const command = `${process.execPath} ${BIN} image --verify ${image}`
    const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8' })
    const [opening, facts] = ['Opening the image', 'a medium of'].map((text) => stdout.indexOf(text))
    expect(opening).toBeGreaterThanOrEqual(0)
    expect(facts).toBeGreaterThan(opening!)
    expect(stdout.slice(opening, facts)).toContain('\r\u001b[K')
    const piped = spawnSync(process.execPath, [BIN, 'image', '--verify', image], { encoding: 'utf8' })
    expect(piped.stdout).toContain('a medium of')
    expect(piped.stdout + piped.stderr).not.toMatch(/Opening/)
  })
})

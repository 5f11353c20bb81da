/** What THIRD-PARTY.md says FFmpeg of node-av is built with, read from the configuration string of the binary itself. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const BINARY = join(ROOT, `node_modules/@seydx/node-av-${process.platform}-${process.arch}/node-av.node`)

it.skipIf(!existsSync(BINARY))('names the parts that decide the licence as the binary has them', () => {
  const bytes = readFileSync(BINARY)
  const at = bytes.indexOf('--enable-gpl')
  expect(at).toBeGreaterThan(0)
  const start = bytes.lastIndexOf(0, at) + 1
  const flags = bytes.toString('latin1', start, bytes.indexOf(0, at)).split(' ')
  expect(flags).toContain('--extra-version=Jellyfin')
  const deciding = flags.filter((flag) => /^--enable-(?:gpl|version3|nonfree|libfdk-aac)$/.test(flag))
  expect(deciding.sort()).toEqual(['--enable-gpl', '--enable-libfdk-aac', '--enable-version3'])
  const said = readFileSync(join(ROOT, 'THIRD-PARTY.md'), 'utf8')
  expect(said).toContain('`--enable-gpl --enable-version3 --enable-libfdk-aac` and no `--enable-nonfree`')
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
  expect(packages['node_modules/node-av'].version).toBe('6.1.1')
})

/** The sample asset: one command gives it, twice the same bytes, and the program as it is verifies the ledger in it. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { seized, temporaryFolder } from '../e2e/seized.ts'

const SAMPLE = join(import.meta.dirname, '../../dist/scripts/release/sample.js')

it.skipIf(!existsSync('/usr/bin/zstd'))(
  'is the same bytes twice, with digests that hold and a ledger that verifies',
  () => {
    const folder = temporaryFolder()
    const made = [
      { TZ: 'UTC', LC_ALL: 'C' },
      { TZ: 'Asia/Tokyo', LC_ALL: 'C.UTF-8', XDG_CACHE_HOME: join(folder, 'cache') },
    ].map((env, i) => {
      const out = join(folder, `${i}`)
      const { status, stderr } = spawnSync(
        process.execPath,
        [SAMPLE, '--out', out, '--digests', `${out}.txt`],
        {
          encoding: 'utf8',
          env: { ...process.env, ...env },
        },
      )
      expect([status, stderr]).toEqual([0, ''])
      const archive = readdirSync(out).find((name) => name.endsWith('.tar.zst'))!
      return join(out, archive)
    })
    const [one, two] = made.map((file) => readFileSync(file))
    expect(one!.equals(two!)).toBe(true)
    // Made on another machine, by another commit: `npm run sample -- --digests fixtures/sample-digests.txt`.
    const held = readFileSync(join(PROGRAM_ROOT, 'fixtures/sample-digests.txt'), 'utf8')
    const now = readFileSync(join(folder, '0.txt'), 'utf8')
    const [features, ...files] = held.trim().split('\n')
    expect(files).toHaveLength(11)
    // Exports state scores, which are the same for the same features of a processor; exhibit, list and digests rest on none.
    const isAlike = now.startsWith(`${features}\n`)
    const onAny = / {2}(?:exhibit\.dd|list\.txt|hashdeep\.txt)$/
    const alike = (text: string) => text.split('\n').filter((line) => isAlike || onAny.test(line))
    expect(alike(now)).toEqual(alike(held))
    expect(alike(held).length).toBeGreaterThanOrEqual(3)

    const unpacked = join(folder, 'unpacked')
    mkdirSync(unpacked)
    execFileSync('tar', ['-I', 'zstd', '-xf', made[0]!, '-C', unpacked])
    const sample = join(unpacked, readdirSync(unpacked)[0]!)
    execFileSync('sha256sum', ['--quiet', '-c', 'SHA256SUMS'], { cwd: sample })
    const verified = seized(['verify', join(sample, 'case.sqlite')])
    expect([verified.status, verified.stdout]).toEqual([0, expect.stringContaining('VERIFIED')])
    const vics = readFileSync(join(sample, 'vics.json'), 'utf8')
    expect(vics).toContain('"Category":0')
    // A sample of a machine would name that machine.
    for (const name of ['case.sqlite', 'report.html', 'entries.jsonl'])
      expect(readFileSync(join(sample, name)).includes(join(import.meta.dirname, '../..'))).toBe(false)
  },
)

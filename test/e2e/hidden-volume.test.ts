/** An outer and a hidden volume of VeraCrypt at one place, and secrets of both: a scan of one is not complete, and says so. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { VERACRYPT_PIM, veracryptHeader, veracryptVolume } from '../formats/locked/made-volumes.ts'
import { randomBytes, seeded } from '../image/random.ts'
import { scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

// The same in every run: contents drawn anew begin now and then as an archive or a picture does.
const random = seeded(27)

const SIZE = 512 << 10
const HIDDEN_AT = 65_536

it('is not complete where two secrets open two volumes at one place', () => {
  const folder = temporaryFolder()
  const image = join(folder, 'disk.img')
  const bytes = randomBytes(random, SIZE)
  for (const [at, password] of [
    [0, 'the outer one'],
    [HIDDEN_AT, 'the hidden one'],
  ] as const)
    veracryptVolume(veracryptHeader(SIZE - 4 * HIDDEN_AT), password, 512).copy(bytes, at)
  writeFileSync(image, bytes)
  const scanned = (name: string, ...passwords: readonly string[]) => {
    const keys = join(folder, `${name}.json`)
    const secrets = passwords.map((secret) => ({ kind: 'password', secret, pim: VERACRYPT_PIM }))
    writeFileSync(keys, JSON.stringify({ keys: 1, secrets }), { mode: 0o600 })
    const ledger = join(folder, `${name}.sqlite`)
    const run = seized(scanArgs(image, ledger, [], '--keys', keys, '--basis', 'warrant 1/2026'))
    expect([3, 13], run.stderr).toContain(run.status)
    const court = join(folder, `${name}.html`)
    const edition = ['--format', 'html', '--edition', 'court', '--language', 'lt', '--out', court]
    expect(seized(['report', ledger, ...edition]).status).toBe(0)
    return { incomplete: summaryOf(run).incomplete, court }
  }
  expect(scanned('both', 'the outer one', 'the hidden one').incomplete).toContain('volume-left')
  expect(scanned('one', 'the outer one').incomplete).not.toContain('volume-left')
})

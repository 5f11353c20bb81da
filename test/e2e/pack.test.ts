import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { sealedWithLog } from '../ledger/temporary.ts'
import { seized, temporaryFolder } from './seized.ts'

const by = ['--operator', 'A. Example']

it('packs a ledger with its log, reports and statement, and unpacks exactly that, verified', () => {
  const ledger = sealedWithLog()
  const folder = temporaryFolder()
  const [report, out] = [join(folder, 'report.html'), join(folder, 'case.seized.zip')]
  expect(seized(['report', ledger, '--format', 'html', '--edition', 'court', '--out', report]).status).toBe(0)
  expect(seized(['seal-statement', ledger, '--output', report, ...by]).status).toBe(0)
  const packed = seized(['pack', ledger, '--report', report, '--out', out, ...by])
  expect([packed.status, packed.stderr]).toEqual([0, expect.stringMatching(/^custody head/)])
  expect(seized(['pack', ledger, '--out', out, ...by]).stderr).toContain('exists')

  const to = join(folder, 'unpacked')
  const done = seized(['unpack', out, '--out', to, '--verify'])
  expect([done.status, done.stdout]).toEqual([0, expect.stringContaining('the ledger verifies')])
  expect(readFileSync(join(to, 'report.html')).equals(readFileSync(report))).toBe(true)
  expect(readFileSync(join(to, basename(ledger))).equals(readFileSync(ledger))).toBe(true)
  expect(readFileSync(join(to, 'HOW-TO-CHECK.txt'), 'utf8')).toContain('sha256sum')
  const manifest = JSON.parse(readFileSync(join(to, 'manifest.json'), 'utf8'))
  expect(
    manifest.files
      .map(({ file }: { file: string }) => file)
      .some((file: string) => /^statement-\d+\.json$/.test(file)),
  ).toBe(true)
  expect(spawnSync('unzip', ['-t', out]).status ?? 0).toBe(0)
  expect(seized(['verify', join(to, basename(ledger))]).status).toBe(0)
})

it('unpacks nothing that is not what was packed, and nothing outside of its folder', () => {
  const ledger = sealedWithLog()
  const folder = temporaryFolder()
  const out = join(folder, 'case.zip')
  expect(seized(['pack', ledger, '--out', out, ...by]).status).toBe(0)
  const refused = (bytes: Uint8Array) => {
    const [file, to] = [join(folder, 'changed.zip'), join(folder, 'to')]
    writeFileSync(file, bytes)
    const { status, stdout } = seized(['unpack', file, '--out', to])
    expect([status, existsSync(to)]).toEqual([4, false])
    return stdout
  }
  const original = readFileSync(out)
  const flipped = Buffer.from(original)
  flipped[Math.floor(original.length / 2)]! ^= 1
  expect(refused(flipped)).toMatch(/not the file that was packed|damaged/)
  expect(refused(original.subarray(0, 5000))).toContain('it is no pack')
  expect(refused(zipSync({ 'a.txt': strToU8('x') }))).toContain('no manifest')
  expect(refused(zipSync({ '../a.txt': strToU8('x'), 'manifest.json': strToU8('{}') }))).toMatch(
    /no pack|damaged|does not begin/,
  )
  expect(existsSync(join(folder, 'a.txt'))).toBe(false)
})

/** Ledgers of every released format, as an examiner has them: verified, reported, searched and compared by this version. */
import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { appendCustody } from '../../src/ledger/custody/custody.ts'
import { seized, temporaryFolder } from './seized.ts'

const FORMATS = [1, 2, 3, 4] as const
const FIXTURES = join(import.meta.dirname, '../../fixtures/ledgers')

/** A copy, with the custody log that the command line writes when it seals. */
function ledgerOfFormat(format: number, folder: string): string {
  const path = join(folder, `v${format}.sqlite`)
  copyFileSync(join(FIXTURES, `v${format}.sqlite`), path)
  const ledgerSha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
  appendCustody(path, { event: 'sealed', operator: null, account: 'tester', detail: { ledgerSha256 } })
  return path
}

/** With a journal of heads of its own: copies of one ledger that got logs of their own would look like a fork. */
function asked(path: string, ...[command, ...words]: readonly [string, ...string[]]) {
  return seized([command, path, ...words, '--heads', join(dirname(path), 'heads.jsonl')])
}

describe.each(FORMATS)('a ledger of format %i', (format) => {
  it('is verified, reported in every edition, exported and searched, and is not changed by that', () => {
    const folder = temporaryFolder()
    const path = ledgerOfFormat(format, folder)
    const before = readFileSync(path)
    const verified = asked(path, 'verify')
    expect([verified.status, verified.stderr]).toEqual([0, expect.any(String)])
    for (const edition of ['working', 'court']) {
      const report = asked(path, 'report', '--format', 'html', '--edition', edition)
      expect([edition, report.status]).toEqual([edition, 0])
      expect(report.stdout).toContain('synthetic-1')
    }
    for (const to of ['csv', 'dfxml', 'case', 'pdf'])
      expect([to, asked(path, 'report', '--format', to, '--out', join(folder, to)).status]).toEqual([to, 0])
    const jsonl = asked(path, 'report', '--format', 'jsonl')
    const lines = jsonl.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.length).toBe(format < 3 ? 32 : 35)
    expect(lines.filter(({ hits }) => hits.length > 0).length).toBeGreaterThan(0)
    const found = asked(path, 'search', 'IMG_1', '--format', 'jsonl')
    expect([0, 10]).toContain(found.status)
    expect(found.stdout).toContain('IMG_1')
    const summary = asked(path, 'summary')
    expect(summary.stderr).not.toContain('a bug')
    expect(summary.stdout).toMatch(/contents with hits +\d/)
    expect(summary.stdout).not.toContain('NaN')
    expect(readFileSync(path).equals(before)).toBe(true)
  })
})

describe('seized diff', () => {
  it('of formats 3 and 4 of one run names no change of what was found, and reconciles every total', () => {
    const folder = temporaryFolder()
    const [old, made] = [ledgerOfFormat(3, folder), ledgerOfFormat(4, folder)]
    const { status, stdout } = asked(old, 'diff', made)
    expect(stdout).toMatch(/^Names, sizes and contents of the exhibit are equal in both records\.$/m)
    const totals = [...stdout.matchAll(/^In all: ([a-z ]+): (\d+) \+ (\d+) gained − (\d+) lost = (\d+)$/gm)]
    expect(totals.length).toBeGreaterThan(4)
    for (const [, , before, gained, lost, after] of totals.map((one) => one.map(Number)))
      expect(before! + gained! - lost!).toBe(after)
    expect(stdout).not.toMatch(/^(Gained|Lost): hit /m)
    expect([0, 10]).toContain(status)
    expect(asked(made, 'verify').status).toBe(0)
  })
})

/** Two honest copies of one ledger, each worked on: told from a log whose end was cut off. */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { behindTriggers } from '../ledger/tamper.ts'
import { sealedWithLog } from '../ledger/temporary.ts'
import { seized, temporaryFolder } from './seized.ts'

it('tells a fork from a cut, with both paths, whichever of the two is asked', () => {
  const [folder, other] = [temporaryFolder(), temporaryFolder()]
  const one = sealedWithLog(folder)
  const two = join(other, 'case.sqlite')
  const heads = ['--heads', join(folder, 'heads.jsonl')]
  const report = (ledger: string, name: string) =>
    seized(['report', ledger, '--format', 'jsonl', '--out', join(folder, name), '--operator', 'A', ...heads])
  const verify = (ledger: string) => seized(['verify', ledger, ...heads])
  expect(report(one, 'first.jsonl').status).toBe(0)
  for (const suffix of ['', '.custody.sqlite']) copyFileSync(one + suffix, two + suffix)
  expect(verify(two).status).toBe(0)
  expect(report(two, 'second.jsonl').status).toBe(0)
  expect(report(one, 'third.jsonl').status).toBe(0)

  for (const [asked, beside] of [
    [one, two],
    [two, one],
  ] as const) {
    const { status, stdout } = verify(asked)
    expect([status, stdout]).toEqual([0, expect.stringContaining('VERIFIED: ')])
    expect(stdout).toContain(`NOTE     Two copies of this ledger went on apart: ${asked} and ${beside} `)
  }
  expect(report(one, 'fourth.jsonl').status).toBe(0)

  // A cut here is a cut, whatever the other copy holds.
  const log = `${one}.custody.sqlite`
  copyFileSync(log, `${log}.kept`)
  behindTriggers(log, (db) => db.exec('DELETE FROM custody WHERE number = (SELECT max(number) FROM custody)'))
  const cut = verify(one)
  expect([cut.status, cut.stdout]).toEqual([
    4,
    expect.stringContaining(`custody log of ${one}: this is an older`),
  ])
  expect(report(one, 'fifth.jsonl').status).toBe(4)
  copyFileSync(`${log}.kept`, log)
  expect(verify(one).status).toBe(0)

  // What was seen in the other copy and stands there no more, nobody can tell from a cut: both paths are named.
  behindTriggers(`${two}.custody.sqlite`, (db) =>
    db.exec('DELETE FROM custody WHERE number = (SELECT max(number) FROM custody)'),
  )
  const elsewhere = verify(one)
  expect(elsewhere.status).toBe(4)
  expect(elsewhere.stdout).toContain(`of ${two}, which does not hold it now`)
  rmSync(two)
  expect(verify(one).status).toBe(4)
})

it('a copy that was carried away before and comes back is told as a fork of the one that stayed', () => {
  const folder = temporaryFolder()
  const one = sealedWithLog(folder)
  const heads = ['--heads', join(folder, 'heads.jsonl')]
  const away = join(folder, 'away')
  mkdirSync(away)
  const two = join(away, 'case.sqlite')
  for (const suffix of ['', '.custody.sqlite']) copyFileSync(one + suffix, two + suffix)
  expect(seized(['search', one, 'dcim', ...heads]).status).toBe(0)
  const { status, stdout } = seized(['verify', two, ...heads])
  expect([status, stdout]).toEqual([0, expect.stringContaining(`${two} and ${one} have one record`)])
})

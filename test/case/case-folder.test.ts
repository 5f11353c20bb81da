/** A case is a folder with a log: what is added, what it refuses, and what it notices later. */
import { copyFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { custodyPath, readCustody } from '../../src/ledger/custody/custody.ts'
import { caseOf, copiesOf, remove, type Scanned, scanAll } from './exhibits.ts'

let scanned: Scanned
beforeAll(async () => {
  scanned = await scanAll()
}, 120_000)
afterAll(() => remove(scanned))

it('is made, takes ledgers, shows them, and verifies with them', () => {
  const { dir, ledger, seized } = copiesOf(scanned)
  const made = seized('case', 'init', 'T-1', '--dir', dir, '--operator', 'L. Example')
  expect([made.status, made.stdout]).toEqual([0, `Case T-1: ${dir}\n`])
  expect(seized('case', 'init', 'T-2', '--dir', dir).stderr).toContain('is a case already')
  const before = readdirSync(join(dir, '..')).length
  const added = seized('case', 'add', dir, ledger('LTU-03'), ledger('LTU-07'))
  expect([added.status, added.stdout.split('\n').at(-2)]).toEqual([0, 'The case holds 2 exhibits.'])
  // Nothing is copied: the folder of the case holds its log alone, and the ledgers stay as they are.
  expect([readdirSync(dir), readdirSync(join(dir, '..')).length]).toEqual([['case.custody.sqlite'], before])

  expect(
    seized(
      'decide',
      ledger('LTU-07'),
      '--entry',
      'only-07.jpg',
      '--operator',
      'A. Example',
      '--scale',
      'vics-us',
      '--category',
      '2',
    ).status,
  ).toBe(0)
  const status = JSON.parse(seized('case', 'status', dir, '--json').stdout)
  expect(
    status.exhibits.map((one: { exhibit: string; now: object }) => [one.exhibit, one.now]),
  ).toMatchObject([
    ['LTU-03', { state: 'sealed', contents: 3, decided: 0, eventsSince: 0 }],
    ['LTU-07', { state: 'sealed', contents: 2, decided: 1, eventsSince: 1 }],
  ])
  expect(seized('case', 'status', dir).stdout).toMatch(
    /CASE T-1: 2 exhibits\n1 decision of single ledgers not in the log of the case yet: .*\nexhibit +record .*\nLTU-03 +sealed/,
  )
  const missing = seized('case', 'verify', dir)
  expect([missing.status, missing.stdout]).toEqual([
    75,
    expect.stringContaining('the case lacks 1 decision of the custody log of LTU-07'),
  ])
  const third = seized('case', 'add', dir, ledger('LTU-09'))
  expect(third.stdout).toContain('1 decision of single ledgers taken into the case.')
  const verified = seized('case', 'verify', dir)
  expect([verified.status, verified.stdout]).toEqual([
    0,
    expect.stringContaining('VERIFIED: the case and 3 ledgers agree'),
  ])
})

it('refuses an exhibit twice, a ledger that does not verify, another case number, a link; then none is added', () => {
  const { folder, dir, ledger, seized } = copiesOf(scanned)
  expect(seized('case', 'add', folder, ledger('LTU-03')).stderr).toContain('is no case')
  expect(seized('case', 'init', 'T-1', '--dir', dir, '--from', ledger('LTU-03')).status).toBe(0)
  const events = () => readCustody(join(dir, 'case')).length
  const held = events()
  const refusal = (code: number, ...files: string[]) => {
    const { status, stderr } = seized('case', 'add', dir, ...files)
    expect([status, events()]).toEqual([code, held])
    return stderr
  }
  expect(refusal(2, ledger('LTU-07'), ledger('LTU-03'))).toContain('holds exhibit LTU-03 already')
  const link = join(folder, 'link.sqlite')
  symlinkSync(ledger('LTU-07'), link)
  expect(refusal(2, link)).toContain('is a link')
  const copy = join(folder, 'copy.sqlite')
  for (const of of [(path: string) => path, custodyPath]) copyFileSync(of(ledger('LTU-07')), of(copy))
  expect(refusal(2, ledger('LTU-07'), copy)).toContain('LTU-07')
  const broken = new Database(custodyPath(copy))
  broken.exec(`DROP TRIGGER custody_no_update; UPDATE custody SET operator = 'Another'`)
  broken.close()
  expect(refusal(4, copy)).toContain('does not verify')
  writeFileSync(copy, 'no ledger')
  expect(refusal(4, copy)).toContain('copy.sqlite')

  const other = join(folder, 'other')
  expect(seized('case', 'init', 'T-2', '--dir', other).status).toBe(0)
  const refused = seized('case', 'add', other, ledger('LTU-03'))
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('of case T-1')])
  expect(seized('case', 'add', other, ledger('LTU-03'), '--other-case').status).toBe(0)
  expect(readCustody(join(other, 'case')).at(-1)!.detail.ledgerCase).toBe('T-1')
})

it('notices a ledger that moved, that another file or a link replaced, and takes its new place', () => {
  const { folder, dir, ledger, seized } = caseOf(scanned)
  const moved = join(folder, 'moved.sqlite')
  for (const of of [(path: string) => path, custodyPath]) renameSync(of(ledger('LTU-03')), of(moved))
  const gone = seized('case', 'verify', dir)
  expect([gone.status, gone.stdout]).toEqual([
    4,
    expect.stringContaining('LTU-03: the ledger is not at its place'),
  ])
  expect(seized('case', 'status', dir).stdout).toMatch(/LTU-03 +NOT READ/)
  const again = seized('case', 'add', dir, moved)
  expect([again.status, again.stdout]).toEqual([0, expect.stringContaining('Found at another place: LTU-03')])
  expect(seized('case', 'verify', dir).status).toBe(0)
  for (const of of [(path: string) => path, custodyPath]) copyFileSync(of(ledger('LTU-07')), of(moved))
  expect(seized('case', 'verify', dir).stdout).toContain('LTU-03: another file stands in place')
  rmSync(moved)
  symlinkSync(ledger('LTU-07'), moved)
  expect(seized('case', 'verify', dir).stdout).toContain('LTU-03: a link stands in place')
})

it('notices an older state of a ledger, a changed or cut log, a log of another case, and a link to a log', () => {
  const { folder, dir, ledger, seized } = caseOf(scanned)
  const log = join(dir, 'case.custody.sqlite')
  const whole = join(folder, 'whole.sqlite')
  copyFileSync(log, whole)
  expect(seized('case', 'person', dir, 'A. Example', '--role', 'grade').status).toBe(0)
  copyFileSync(log, join(folder, 'newest.sqlite'))
  copyFileSync(whole, log)
  const cut = seized('case', 'verify', dir)
  expect([cut.status, cut.stdout]).toEqual([4, expect.stringContaining('older state')])
  copyFileSync(join(folder, 'newest.sqlite'), log)
  expect(seized('case', 'verify', dir).status).toBe(0)

  // The custody log of an exhibit without its newest events.
  const custody = custodyPath(ledger('LTU-03'))
  copyFileSync(custody, join(folder, 'old'))
  rmSync(custody)
  expect(seized('case', 'verify', dir).stdout).toContain('PROBLEM  LTU-03')
  copyFileSync(join(folder, 'old'), custody)

  const db = new Database(log)
  db.exec(`DROP TRIGGER custody_no_update; UPDATE custody SET detail = replace(detail, 'LTU-03', 'LTU-33')`)
  db.close()
  expect(seized('case', 'status', dir).status).toBe(4)
  const other = join(folder, 'other')
  expect(seized('case', 'init', 'T-2', '--dir', other).status).toBe(0)
  rmSync(log)
  symlinkSync(join(other, 'case.custody.sqlite'), log)
  expect(seized('case', 'add', dir, ledger('LTU-03')).stderr).toContain('is a link')
})

it('is made again from its ledgers when its log is lost', () => {
  const { dir, ledger, seized } = caseOf(scanned)
  const exhibits = () => JSON.parse(seized('case', 'status', dir, '--json').stdout).exhibits
  const before = exhibits()
  rmSync(join(dir, 'case.custody.sqlite'))
  const from = [ledger('LTU-03'), ledger('LTU-07'), ledger('LTU-09')].flatMap((one) => ['--from', one])
  expect(seized('case', 'init', 'T-1', '--dir', dir, ...from).status).toBe(0)
  expect(exhibits()).toEqual(before)
  expect(seized('case', 'verify', dir).status).toBe(0)
})

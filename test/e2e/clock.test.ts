/** The clock of the examining machine is compared with what is older or newer than it can be (issue 12, A6). */
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { CASE, EXHIBIT, PLAN, run, TOOL, WALKED } from '../../fixtures/ledgers/synthetic.ts'
import { filePath } from '../../src/base/evidence-path.ts'
import type { FileTime } from '../../src/contracts/entry.ts'
import { notDone } from '../../src/contracts/stage.ts'
import { appendCustody, readCustody } from '../../src/ledger/custody/custody.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { createLedger, resumeLedger } from '../../src/ledger/write/session.ts'
import { newLedger, sealedWithLog, verifyAlone } from '../ledger/temporary.ts'
import { scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

const fat = (ns: bigint): FileTime => ({ ns, source: 'stat', resolution: '2s', zone: 'local-unknown' })

it('A6: files dated after the clock are said in the ledger, at the end of the run, in the summary and on page one', () => {
  const folder = temporaryFolder()
  const exhibit = join(folder, 'exhibit')
  mkdirSync(exhibit)
  for (const name of ['a.txt', 'b.txt', 'c.txt']) writeFileSync(join(exhibit, name), name)
  const newest = new Date('2090-05-06T07:08:09Z')
  utimesSync(join(exhibit, 'a.txt'), newest, newest)
  utimesSync(join(exhibit, 'b.txt'), newest, new Date('2090-01-01T00:00:00Z'))
  const ledger = join(folder, 'case.sqlite')
  const heads = join(folder, 'heads.jsonl')
  const head = { utc: '2091-01-01T00:00:00.000Z', first: '0'.repeat(64), head: '1'.repeat(64), ledger: '/x' }
  writeFileSync(heads, `${JSON.stringify(head)}\n`)
  const result = seized(scanArgs(exhibit, ledger, [], '--phases', 'inventory', '--heads', heads))
  const about = [
    { against: 'heads', newest: '2091-01-01T00:00:00.000Z', entries: null },
    { against: 'exhibit', newest: '2090-05-06T07:08:09.000Z', entries: 2 },
  ]
  expect(summaryOf(result).clock).toMatchObject(about)
  const words =
    /2 entries of the exhibit have modification times later than this machine's clock, which said [-\dT:.]+Z; the newest is 2090-05-06T07:08:09\.000Z\./
  expect(result.stdout).toMatch(words)
  const reader = openLedger(ledger)
  expect(reader.events().filter(({ event }) => event === 'clock-behind')).toHaveLength(2)
  expect(reader.clock()).toMatchObject(about)
  reader.close()
  expect(seized(['summary', ledger, '--heads', heads]).stdout.replaceAll('\n', ' ')).toMatch(words)
  const out = join(folder, 'report.html')
  expect(seized(['report', ledger, '--format', 'html', '--out', out, '--heads', heads]).status).toBe(0)
  const html = readFileSync(out, 'utf8').replaceAll('&#39;', "'")
  const pageOne = html.slice(0, html.indexOf('id="contents"'))
  expect(pageOne).toMatch(words)
  expect(pageOne).toContain(
    'compared with no other clock, but with the newest modification times of the exhibit, the times in this record, the journal of heads of the machine:',
  )
  expect(pageOne).not.toContain('it was behind none of them')
})

it('A6: a run that goes on under a clock that was set back says so once, and the ledger verifies', () => {
  const folder = temporaryFolder()
  const path = join(folder, 'case.sqlite')
  const at = (year: number) => () => new Date(`${year}-11-24T12:00:00Z`)
  const session = createLedger({
    path,
    case: CASE,
    exhibit: EXHIBIT,
    plan: PLAN,
    tool: TOOL,
    account: 'tester',
    clock: at(2026),
  })
  expect(session.recordClock(null)).toEqual([])
  run(session, 50)
  expect(session.recordClock(null)).toEqual([])
  session.close()
  const again = resumeLedger(path, { clock: at(2019) })
  const behind = again.recordClock(null)
  expect(behind).toMatchObject([
    { against: 'exhibit', clock: '2019-11-24T12:00:00.000Z' },
    { against: 'ledger', newest: '2026-11-24T12:00:00.000Z', entries: null },
  ])
  expect(again.recordClock(null)).toEqual([])
  again.seal()
  expect(verifyAlone(path).problems).toEqual([])
  const reader = openLedger(path)
  expect(reader.clock()).toEqual(behind)
  reader.close()
})

it('A6: times of an unnamed zone are later only when they are so in every zone', () => {
  const folder = temporaryFolder()
  const session = newLedger(PLAN, folder)
  const hours = (ahead: number) => BigInt(Date.now() + ahead * 3_600_000) * 1_000_000n
  const record = (name: string, ns: bigint) =>
    session.recordEntries([
      {
        entry: {
          ...WALKED.find(({ entry }) => entry.kind === 'file')!.entry,
          path: filePath(Buffer.from(name)),
          times: { changed: null, accessed: null, born: null, modified: fat(ns) },
        },
        read: notDone('permission-denied'),
      },
    ])
  record('ahead.txt', hours(13))
  expect(session.recordClock(null)).toEqual([])
  record('later.txt', hours(15))
  expect(session.recordClock(null)).toMatchObject([{ against: 'exhibit', entries: 1 }])
  session.close()
})

it('A6: a custody event before the last one is recorded so, and the command says it', () => {
  const ledger = sealedWithLog()
  const search = () => seized(['search', ledger, 'name:one.jpg']).stderr
  expect(search()).not.toContain('clock')
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2090-01-01T00:00:00Z') })
  onTestFinished(() => void vi.useRealTimers())
  appendCustody(ledger, { event: 'verified', operator: null, account: 'tester', detail: {} })
  vi.useRealTimers()
  expect(search()).toMatch(
    /machine's clock says [-\d.:T]+Z, before the last event of the custody log \(2090-01-01T00:00:00\.000Z\)/,
  )
  expect(readCustody(ledger).at(-1)!.detail.clockBehind).toBe('2090-01-01T00:00:00.000Z')
  expect(seized(['verify', ledger]).status).toBe(0)
})

it('A6: page one says what the clock was compared with when it was behind nothing', () => {
  const folder = temporaryFolder()
  const exhibit = join(folder, 'exhibit')
  mkdirSync(exhibit)
  writeFileSync(join(exhibit, 'a.txt'), 'a')
  const ledger = join(folder, 'case.sqlite')
  const heads = join(folder, 'heads.jsonl')
  seized(scanArgs(exhibit, ledger, [], '--phases', 'inventory', '--heads', heads))
  const out = join(folder, 'report.html')
  seized(['report', ledger, '--format', 'html', '--out', out, '--heads', heads])
  expect(readFileSync(out, 'utf8')).toContain(
    'as the machine states it; compared with no other clock, but with the newest modification times of the exhibit, the times in this record: it was behind none of them</dd>',
  )
})

/** Several exhibits of one case: summary, report, timeline and search take their ledgers together. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CASE, EXHIBIT, fillLaterTables, PLAN, run, TOOL } from '../../fixtures/ledgers/synthetic.ts'
import { appendCustody, readCustody } from '../../src/ledger/custody/custody.ts'
import { createLedger, resumeLedger } from '../../src/ledger/write/session.ts'
import { seized, temporaryFolder } from './seized.ts'

/** The same content on each, under another name of the exhibit. */
function ledgerOf(about: Partial<typeof CASE>): string {
  const path = join(temporaryFolder(), 'case.sqlite')
  const session = createLedger({
    path,
    case: { ...CASE, ...about },
    exhibit: EXHIBIT,
    plan: PLAN,
    tool: TOOL,
    account: 'tester',
  })
  run(session, 50)
  session.close()
  fillLaterTables(path)
  resumeLedger(path).seal()
  const ledgerSha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
  appendCustody(path, { event: 'sealed', operator: null, account: 'tester', detail: { ledgerSha256 } })
  return path
}

const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('several exhibits of a case', () => {
  const [first, second] = [() => ledgerOf({ exhibitId: 'A-1' }), () => ledgerOf({ exhibitId: 'A-2' })]

  it('are summed up one after the other, and together', () => {
    const ledgers = [first(), second()]
    const alone = seized(['summary', ledgers[0]!, '--json'])
    const { status, stdout } = seized(['summary', ...ledgers, '--json'])
    expect(status).toBe(alone.status)
    const [one, two, all] = lines(stdout)
    expect([one.exhibit, two.exhibit, all.event]).toEqual(['A-1', 'A-2', 'case'])
    // Each content of the one is on the other too; one of them is the empty file.
    expect([one.contents - 1, one.contents]).toContain(all.shared)
    expect(all.listed).toBeGreaterThan(0)
    expect(all.listedOnSeveral).toBe(all.listed)
    expect(all.exhibits.map(({ exhibit }: { exhibit: string }) => exhibit)).toEqual(['A-1', 'A-2'])
    expect(seized(['summary', ...ledgers]).stdout).toMatch(/CASE .*: 2 exhibits\nexhibit +record/)
  })

  it('are reported as one, which stands in the custody log of each', () => {
    const ledgers = [first(), second()]
    const out = join(temporaryFolder(), 'case.html')
    expect(seized(['report', ...ledgers, '--format', 'html', '--out', out]).status).toBe(0)
    expect(readFileSync(out, 'utf8')).toContain('exhibits A-1, A-2')
    for (const ledger of ledgers) {
      const { event, detail } = readCustody(ledger).at(-1)!
      expect([event, detail.exhibits, detail.sha256]).toEqual([
        'reported',
        'A-1, A-2',
        createHash('sha256').update(readFileSync(out)).digest('hex'),
      ])
    }
    const rows = lines(seized(['report', ...ledgers, '--format', 'jsonl']).stdout)
    expect(new Set(rows.map(({ exhibit }) => exhibit))).toEqual(new Set(['A-1', 'A-2']))
  })

  it('are searched and told in order of time together', () => {
    const ledgers = [first(), second()]
    const found = seized(['search', ledgers[0]!, 'name:one.jpg', '--also', ledgers[1]!, '--format', 'jsonl'])
    expect(found.status).toBe(0)
    const exhibits: string[] = lines(found.stdout).map(({ exhibit }) => exhibit)
    expect(exhibits.length).toBeGreaterThan(0)
    expect(exhibits).toEqual([...exhibits].sort())
    expect(new Set(exhibits)).toEqual(new Set(['A-1', 'A-2']))
    for (const ledger of ledgers) expect(readCustody(ledger).at(-1)!.event).toBe('searched')
    const told = lines(seized(['timeline', ...ledgers, '--format', 'jsonl']).stdout)
    const times = told.flatMap(({ datetime }) => (datetime === null ? [] : [datetime]))
    expect(times).toEqual([...times].sort())
    expect(new Set(told.map(({ exhibit }) => exhibit))).toEqual(new Set(['A-1', 'A-2']))
    expect(seized(['timeline', ...ledgers, '--format', 'html']).stdout).toContain('A-1, A-2')
  })

  it('are refused where they are not of one case, of one exhibit, or of a format for one', () => {
    const [a, b] = [first(), second()]
    const refusal = (...args: string[]) => {
      const { status, stderr } = seized(args)
      expect(status).toBe(2)
      return stderr
    }
    const stranger = ledgerOf({ caseId: 'another', exhibitId: 'A-3' })
    expect(refusal('summary', a, stranger)).toContain('only ledgers of one case are taken together')
    expect(refusal('summary', a, first())).toContain('both of exhibit A-1')
    expect(refusal('report', a, b, '--format', 'csv')).toContain('--format csv is of one exhibit')
    expect(refusal('report', a, b, '--format', 'html', '--edition', 'working')).toContain('of one exhibit')
  })
})

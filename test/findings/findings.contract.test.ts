import { describe, expect, it } from 'vitest'
import { contentOf } from '../../fixtures/ledgers/synthetic.ts'
import { bareEntry } from '../../src/base/bare-entry.ts'
import { filePath } from '../../src/base/evidence-path.ts'
import { exitCodeOf } from '../../src/cli/services/exit-code-of.ts'
import { FINDING_LISTS, type Finding } from '../../src/contracts/finding.ts'
import type { Seal } from '../../src/contracts/ledger.ts'
import type { LedgerReader } from '../../src/contracts/ledger-reader.ts'
import { COUNTED } from '../../src/contracts/view.ts'
import { differencesOf } from '../../src/diff/diff.ts'
import { BY_KIND, FINDINGS, listOf } from '../../src/findings/index.ts'
import { openForReading } from '../../src/ledger/format/open-readonly.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { verifyLedger } from '../../src/ledger/verify/verify.ts'
import { csv } from '../../src/report/exchange/csv.ts'
import { jsonl } from '../../src/report/exchange/jsonl.ts'
import { htmlReport } from '../../src/report/html/html.ts'
import { ENGLISH } from '../../src/report/texts/index.ts'
import { parseQuery } from '../../src/search/query.ts'
import { search } from '../../src/search/search.ts'
import { newLedger, temporaryFolder } from '../ledger/temporary.ts'
import { exported } from '../report/collect.ts'
import { sealedWithFindings } from './ledger-with-findings.ts'
import { LISTED_BEGINNING, SAMPLES } from './samples.ts'

const DONE = { result: 'done' } as const

function sealedWith(findings: readonly Finding[]): { readonly path: string; readonly seal: Seal } {
  const session = newLedger(undefined, temporaryFolder())
  const entry = bareEntry({ path: filePath(Buffer.from('a.jpg')), kind: 'file', sizeBytes: 1n, band: 1 })
  session.recordEntries([{ entry, read: null }])
  session.recordInventoryDone(null)
  const [file] = session.pendingReads(null, 1)
  session.recordReads([
    {
      entryId: file!.entryId,
      outcome: { result: DONE, content: contentOf('a', 'image/jpeg'), bytesRead: 1n },
      match: { result: DONE, hits: [], conflicts: [], suppressedBy: null, warnings: [] },
    },
  ])
  const [waiting] = session.pendingContents('looked-at', null, 1)
  const { contentId } = waiting!
  session.recordExaminations([
    { contentId, examination: { stage: 'looked-at', result: DONE, findings, preview: null } },
  ])
  const seal = session.seal()
  return { path: session.path, seal }
}

/** The same finding, and one that says less: of known material, or below the threshold. */
function weaker(one: Finding): readonly Finding[] {
  if ('meaning' in one) return [one, { ...one, meaning: 'known' }]
  return one.kind === 'score' ? [one, { ...one, scorePer10k: 1 }, { ...one, thresholdPer10k: null }] : [one]
}

it('what decides the exit code is what the rows say', () => {
  expect([...COUNTED]).toEqual(FINDINGS.flatMap(({ counted }) => counted ?? []))
})

describe.each(FINDINGS)('the finding $kind', (kind) => {
  const { finding, word } = SAMPLES[kind.kind]

  it('has a value for each column, and comes back as it was recorded', () => {
    expect(kind.toRow(finding)).toHaveLength(kind.columns.length)
    const { path } = sealedWith([finding])
    // Nobody wrote a custody log beside it.
    expect(verifyLedger(path).problems.filter((one) => !one.includes('custody log'))).toEqual([])
    const ledger = openLedger(path)
    expect([...ledger.entries()].flatMap((view) => listOf(view, kind))).toEqual([finding])
    ledger.close()
  })

  it('enters the analysis digest', () => {
    expect(sealedWith([finding]).seal.analysisDigest).not.toBe(sealedWith([]).seal.analysisDigest)
  })

  it('is counted, and shown among the findings, where it is one', () => {
    const { path, seal } = sealedWith([finding])
    const found = kind.counted !== null
    if (kind.counted) expect(seal.summary[kind.counted]).toBe(1)
    expect(exitCodeOf({ ...seal.summary, complete: true })).toBe(found ? 10 : 0)
    const ledger = openLedger(path)
    if (found || kind.kind === 'signal') expect([...ledger.findings()]).toHaveLength(1)
    ledger.close()
  })

  it('is shown by itself exactly where SQL says so', () => {
    const others = kind.kind === 'attribute' ? [LISTED_BEGINNING] : []
    for (const one of [finding, ...others].flatMap(weaker)) {
      const ledger = openLedger(sealedWith([one]).path)
      const rows = openForReading(ledger.path).db.prepare(
        `SELECT count(*) FROM ${kind.table} WHERE ${kind.shown ?? 'false'}`,
      )
      expect([kind.isShown(one), one]).toEqual([rows.pluck().get() === 1, one])
      ledger.close()
    }
  })

  it('is compared by seized diff, or its row says why not', () => {
    const file = { name: Buffer.from('a.jpg') }
    const samples = kind.kind === 'attribute' ? [finding, LISTED_BEGINNING] : [finding]
    for (const one of samples) {
      const [old, made] = [[], [one]].map((findings) =>
        openLedger(sealedWithFindings([{ ...file, findings }])),
      ) as [LedgerReader, LedgerReader]
      const found = differencesOf(old, made).filter(({ section }) => section !== 'totals')
      const totals = differencesOf(old, made).filter(
        ({ what, said }) => what !== 'means' && said.params.gained === 1,
      )
      if ('leftOut' in kind.compared) {
        expect(kind.compared.leftOut).toMatch(/^[A-Z].{20,}\.$/)
        expect(found).toEqual([])
      } else {
        const compared = kind.compared.key(one) !== null
        expect(found.map(({ section }) => section)).toEqual(compared ? [kind.compared.section] : [])
        expect(totals).toHaveLength(compared ? 1 : 0)
        // What makes exit code 10 is compared, and so is what makes a content one that reports show.
        expect(compared || !kind.isShown(one)).toBe(true)
      }
      old.close()
      made.close()
    }
  })

  it('has words in one line, and stands in every export', async () => {
    const { path } = sealedWith([finding])
    const ledger = openLedger(path)
    const words = ENGLISH.finding(finding)
    expect(words).not.toMatch(/\n|undefined|null|\[object/)
    expect(words.split(' ').length).toBeGreaterThan(1)
    const [line] = (await exported(jsonl, ledger)).toString('utf8').split('\n')
    const record = JSON.parse(line!)
    if (kind.record) expect(record[FINDING_LISTS[kind.kind]]).toEqual([kind.record(finding)])
    if (kind.searchText) expect((await exported(csv, ledger)).toString('utf8')).toContain(words)
    if (kind.counted) {
      const html = (await exported(htmlReport, ledger)).toString('utf8')
      expect(html).toMatch(kind.kind === 'score' ? /explicit 0\.60/ : /national/)
      if (kind.kind === 'reference') expect(html).toContain(words)
    }
    ledger.close()
  })

  it('is found by a search, where a search looks at it', () => {
    const { path } = sealedWith([finding])
    const ledger = openLedger(path)
    const { results } = search({ ledger }, null, parseQuery(word), { from: 0, count: 10 })
    expect([...results()]).toHaveLength(kind.searchText ? 1 : 0)
    ledger.close()
  })
})

it('a reference to a list of illegal material asks for review, and is no hit', () => {
  const { path, seal } = sealedWith([SAMPLES.reference.finding])
  expect(seal.summary).toMatchObject({ hits: 0, references: 1 })
  const ledger = openLedger(path)
  const [view] = [...ledger.findings()]
  expect(view!.ranked.priority).toBe(2)
  expect(view!.ranked.reasons.map((reason) => ENGLISH.review(reason))).toEqual([
    'A record in it names 1 content of the list national (edition 2026-1), category 1 “label”, declared a list of illegal material; 0 of them were found on this exhibit.',
  ])
  ledger.close()
})

it('every kind has a table of its own', () => {
  expect(new Set(FINDINGS.map(({ table }) => table)).size).toBe(Object.keys(BY_KIND).length)
})

import { describe, expect, it } from 'vitest'
import { contentOf } from '../../fixtures/ledgers/synthetic.ts'
import { bareEntry } from '../../src/base/bare-entry.ts'
import { filePath } from '../../src/base/evidence-path.ts'
import { exitCodeOf } from '../../src/cli/exit-code-of.ts'
import { attribute } from '../../src/contracts/attribute.ts'
import { FINDING_LISTS, type Finding, type FindingOf } from '../../src/contracts/finding.ts'
import type { Seal } from '../../src/contracts/ledger.ts'
import { BY_KIND, FINDINGS, listOf } from '../../src/findings/index.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { verifyLedger } from '../../src/ledger/verify/verify.ts'
import { csv } from '../../src/report/csv.ts'
import { htmlReport } from '../../src/report/html.ts'
import { jsonl } from '../../src/report/jsonl.ts'
import { ENGLISH } from '../../src/report/texts/index.ts'
import { parseQuery } from '../../src/search/query.ts'
import { search } from '../../src/search/search.ts'
import { newLedger, temporaryFolder } from '../ledger/temporary.ts'
import { exported } from '../report/collect.ts'

const LIST = {
  hashSet: 'national',
  hashSetSha256: '11'.repeat(32),
  edition: '2026-1',
  category: '1',
  scale: 'vics-us',
  categoryLabel: 'label',
  meaning: 'illegal',
} as const

/** One of each kind, and a word by which a search finds it. A kind that is missing does not compile. */
const SAMPLES: {
  readonly [K in Finding['kind']]: { readonly finding: FindingOf<K>; readonly word: string }
} = {
  hit: { finding: { kind: 'hit', ...LIST, algorithms: ['md5', 'sha1'], weak: false }, word: 'hit:national' },
  conflict: {
    finding: { kind: 'conflict', ...LIST, agreeing: ['md5'], differing: ['sha1'] },
    word: 'hit:national',
  },
  near: {
    finding: {
      kind: 'near',
      ...LIST,
      algorithm: 'pdq',
      distanceBits: 9,
      quality: 90,
      band: 'near-exact',
      orientation: 'original',
      details: { ours: 8100, theirs: 250 },
    },
    word: 'hit:national',
  },
  reference: {
    finding: {
      kind: 'reference',
      ...LIST,
      record: { code: 'catalogue-row', params: { index: 3 } },
      direction: 'shared',
      times: 7,
      when: { ns: 1_700_000_000_000_000_001n, source: 'document', resolution: 'ns', zone: 'utc' },
      algorithm: 'sha1',
      digest: 'ab'.repeat(20),
      found: false,
      whenKind: 'modified',
      moreTimes: [
        {
          kind: 'last-shared',
          when: { ns: 1_700_000_100_000_000_000n, source: 'document', resolution: 's', zone: 'utc' },
        },
        {
          kind: 'created',
          when: { ns: -1n, source: 'document', resolution: 'ns', zone: 'local-unknown' },
        },
      ],
      digests: { sha1: 'ab'.repeat(20), ed2k: 'cd'.repeat(16) },
    },
    word: 'catalogue',
  },
  score: {
    finding: {
      kind: 'score',
      classifier: 'explicitness',
      modelSha256: '22'.repeat(32),
      label: 'explicit',
      scorePer10k: 6000,
      thresholdPer10k: 2500,
    },
    word: 'lead:explicit',
  },
  signal: {
    finding: {
      kind: 'signal',
      classifier: 'grooming',
      rule: 'asks-age',
      stage: 'risk',
      quote: 'how old',
      start: 1,
      end: 8,
      messageIndex: 2,
      details: { page: 1 },
    },
    word: 'signal:asks-age',
  },
  attribute: { finding: attribute('camera-model', { text: 'EO-1' }), word: 'attr:EO-1' },
  'perceptual-hash': {
    finding: {
      kind: 'perceptual-hash',
      algorithm: 'pdq',
      hex: 'cd'.repeat(32),
      quality: 90,
      flavour: 'full',
      part: 'original',
    },
    word: 'cdcd',
  },
}

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

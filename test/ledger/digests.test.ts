import { describe, expect, it } from 'vitest'
import { contentOf, PLAN, run, WALKED } from '../../fixtures/ledgers/synthetic.ts'
import { childPath, filePath } from '../../src/base/evidence-path.ts'
import type { ReadOutcome } from '../../src/contracts/content.ts'
import type { Examination, Hit } from '../../src/contracts/finding.ts'
import type { MatchResult, PendingContent, WalkedEntry } from '../../src/contracts/ledger.ts'
import type { ReasonCode } from '../../src/contracts/reason.ts'
import type { Session } from '../../src/contracts/session.ts'
import { notDone, outOfScope } from '../../src/contracts/stage.ts'
import { newLedger } from './temporary.ts'

const DONE = { result: 'done' } as const
const NO_MATCH: MatchResult = { result: DONE, hits: [], conflicts: [], suppressedBy: null, warnings: [] }
const HIT: Hit = {
  kind: 'hit',
  hashSet: 'a.txt',
  hashSetSha256: '11'.repeat(32),
  edition: null,
  algorithms: ['sha256'],
  weak: false,
  category: null,
  scale: null,
  categoryLabel: null,
  meaning: 'illegal',
}
const OTHER_HIT: Hit = {
  ...HIT,
  hashSet: 'b.txt',
  hashSetSha256: '22'.repeat(32),
  algorithms: ['md5', 'sha1'],
}

const FILE = WALKED.find(({ entry }) => entry.path.bytes.equals(Buffer.from('DCIM/IMG_1.jpg')))!

/** A ledger of one file: only what a test varies. */
function digestsOf(given: {
  readonly walked?: WalkedEntry
  readonly outcome?: ReadOutcome
  readonly match?: MatchResult
  readonly looked?: Partial<Examination>
}) {
  const session = newLedger()
  session.recordEntries([given.walked ?? FILE])
  session.recordInventoryDone(null)
  const [pending] = session.pendingReads(null, 1)
  if (pending) {
    const outcome = given.outcome ?? read('content', 'image/jpeg')
    session.recordReads([
      { entryId: pending.entryId, outcome, match: outcome.content && (given.match ?? NO_MATCH) },
    ])
  }
  for (const { contentId } of session.pendingContents('looked-at', null, 1))
    session.recordExaminations([
      {
        contentId,
        examination: { stage: 'looked-at', result: DONE, findings: [], preview: null, ...given.looked },
      },
    ])
  return session.seal()
}

function read(text: string, type: string): ReadOutcome {
  const content = contentOf(text, type)
  return { result: DONE, content, bytesRead: content.sizeBytes }
}

describe('the evidence digest', () => {
  const plain = () => digestsOf({}).evidenceDigest

  it('does not depend on how work was divided into transactions', () => {
    const seals = [1000, 3].map((batch) => {
      const session = newLedger()
      run(session, batch)
      return session.seal()
    })
    expect(seals[0]!.evidenceDigest).toBe(seals[1]!.evidenceDigest)
    expect(seals[0]!.analysisDigest).toBe(seals[1]!.analysisDigest)
  })

  it('does not depend on the order in which entries were found, lists were given, or the lists’ names', () => {
    const session = newLedger()
    session.recordEntries([...WALKED].reverse())
    run(session, 100)
    const straight = newLedger()
    run(straight, 100)
    expect(session.seal().evidenceDigest).toBe(straight.seal().evidenceDigest)
    const both = digestsOf({ match: { ...NO_MATCH, hits: [HIT, OTHER_HIT] } })
    const turned = digestsOf({
      match: { ...NO_MATCH, hits: [OTHER_HIT, { ...HIT, hashSet: 'renamed.txt' }] },
    })
    expect(turned.evidenceDigest).toBe(both.evidenceDigest)
  })

  it('does not depend on times that reading or mounting changes, nor on where the mount is', () => {
    const { entry } = FILE
    const times = { ...entry.times, accessed: null, changed: null, born: entry.times.modified }
    const walked = { ...FILE, entry: { ...entry, times, device: 7n, inode: 8n, uid: 0, allocatedBytes: 0n } }
    expect(digestsOf({ walked }).evidenceDigest).toBe(plain())
  })

  it('changes with a name, a size, a time of modification, a content, a hit and a result', () => {
    const { entry } = FILE
    const variants = [
      { walked: { ...FILE, entry: { ...entry, path: filePath(Buffer.from('DCIM/IMG_1.jpf')) } } },
      { walked: { ...FILE, entry: { ...entry, sizeBytes: 101n } } },
      {
        walked: {
          ...FILE,
          entry: { ...entry, times: { ...entry.times, modified: { ...entry.times.modified!, ns: 1n } } },
        },
      },
      { outcome: read('contenT', 'image/jpeg') },
      { match: { ...NO_MATCH, hits: [HIT] } },
      { match: { ...NO_MATCH, hits: [{ ...HIT, algorithms: ['md5'] }] } },
      { match: { ...NO_MATCH, result: notDone('no-hash-sets') } },
      { walked: { ...FILE, read: outOfScope('scope-date') } },
      { walked: { ...FILE, read: notDone('sparse') } },
    ]
    const digests = variants.map((variant) => digestsOf(variant).evidenceDigest)
    expect(new Set([plain(), ...digests]).size).toBe(variants.length + 1)
  })

  it('is the same for all results that load or the device decided, and counts them beside', () => {
    const failed = (reason: ReasonCode, detail: string) =>
      digestsOf({
        outcome: {
          result: notDone(reason, { code: 'library', params: { text: detail } }),
          content: null,
          bytesRead: 1n,
        },
      })
    const seals = [failed('io-error', 'EIO at 4096'), failed('read-stalled', '30 s'), failed('vanished', '')]
    expect(new Set(seals.map((seal) => seal.evidenceDigest)).size).toBe(1)
    expect(seals[0]!.summary.complete).toBe(false)
  })

  it('does not depend on scores, the analysis digest does', () => {
    const score = (scorePer10k: number) =>
      digestsOf({
        looked: {
          findings: [
            {
              kind: 'score',
              classifier: 'm',
              modelSha256: '00',
              label: 'l',
              scorePer10k,
              thresholdPer10k: 5000,
            },
          ],
        },
      })
    const [low, high] = [score(4999), score(5000)]
    expect(low.evidenceDigest).toBe(high.evidenceDigest)
    expect(low.analysisDigest).not.toBe(high.analysisDigest)
    expect([low.summary.leads, high.summary.leads]).toEqual([0, 1])
  })

  it('leaves decoders that ran out of time out of the analysis digest', () => {
    const late = (reason: ReasonCode) => digestsOf({ looked: { result: notDone(reason) } })
    expect(late('over-time-limit').analysisDigest).toBe(late('decoder-crashed').analysisDigest)
    expect(late('over-time-limit').analysisDigest).not.toBe(late('decode-failed').analysisDigest)
  })
})

describe('derived entries in the digests', () => {
  /** Two copies of one archive in two outer files; which copy was opened is up to `pick`. */
  function opened(pick: number, result: Examination['result'], member = 'member'): Session {
    const session = newLedger(PLAN)
    const walked = ['a.zip', 'b.zip'].map((name) => ({
      entry: { ...FILE.entry, path: filePath(Buffer.from(name)) },
      read: null,
    }))
    session.recordEntries(walked)
    session.recordInventoryDone(null)
    session.recordReads(
      session.pendingReads(null, 10).map(({ entryId }) => ({
        entryId,
        outcome: read('same archive', 'application/zip'),
        match: NO_MATCH,
      })),
    )
    const [waiting] = session.pendingContents('opened', null, 10) as [PendingContent]
    const parent = { ...waiting, path: walked[pick]!.entry.path }
    const derived = ['one', 'two'].map((name) => ({
      entry: { ...FILE.entry, path: childPath(parent.path, 'member', Buffer.from(`${member} ${name}`)) },
      outcome: read(name, 'image/jpeg'),
      match: NO_MATCH,
    }))
    session.recordOpened(parent, derived, { stage: 'opened', result, findings: [], preview: null })
    return session
  }

  it('hang on their content: it does not matter which copy was opened', () => {
    const [a, b] = [opened(0, DONE).seal(), opened(1, DONE).seal()]
    expect(a.evidenceDigest).toBe(b.evidenceDigest)
    expect(a.analysisDigest).toBe(b.analysisDigest)
    expect(opened(0, DONE, 'other').seal().evidenceDigest).not.toBe(a.evidenceDigest)
  })

  it('stay out when time or memory decided how far the opening came', () => {
    const late = { result: 'done-with-warnings', reason: 'decoder-crashed', detail: null } as const
    expect(opened(0, late).seal().evidenceDigest).toBe(opened(0, late, 'other').seal().evidenceDigest)
  })
})

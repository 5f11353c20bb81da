/** The record at the end of a court's edition: parts that were not examined, lists, digests, signatures. */
import { printText } from '../../base/evidence-path.ts'
import type { CustodyEvent, SignatureFact, StatementFact, TimeStampFact } from '../../contracts/custody.ts'
import type { ByteClass, ByteCount } from '../../contracts/image-exhibit.ts'
import type { EntryViews, ExaminationFacts } from '../../contracts/ledger-reader.ts'
import { isLeftInPart, isUnjudged, isWordsLimit } from '../../contracts/reason.ts'
import { eventsWith } from '../../sign/check-custody.ts'
import { editionWords } from './content-row.ts'
import { type CourtExhibit, labelled, saidOnce } from './exhibits.ts'
import type { Row } from './row.ts'
import type { CourtTexts } from './texts.ts'
import { coded } from './words.ts'

/**
 * Stage, reason, entries. A content that was not read is counted once, in the reading stage, and not again in every
 * later stage.
 */
export function notExaminedRows(exhibits: readonly CourtExhibit[], texts: CourtTexts): readonly Row[] {
  return exhibits.flatMap(({ ledger, label }) =>
    ledger
      .reasons()
      .filter(
        ({ result, reason }) =>
          result === 'not-done' ||
          result === 'out-of-scope' ||
          isLeftInPart(reason) ||
          isUnjudged(reason) ||
          isWordsLimit(reason),
      )
      .filter(({ reason }) => reason !== 'unread')
      .map(({ stage, reason, entries }) => [
        labelled(label, coded(texts, 'stage', stage)),
        coded(texts, 'reason', reason),
        texts.custom.count(entries),
      ]),
  )
}

const SEEN: ReadonlySet<ByteClass> = new Set([
  'allocated',
  'metadata',
  'partition-tables',
  'encryption-metadata',
])

/** Number of bytes that are in no live file and in no parsed structure of a file system. */
export function unseenBytes(bytes: readonly ByteCount[]): number {
  return bytes.reduce((sum, one) => (SEEN.has(one.class) ? sum : sum + one.bytes), 0)
}

export function listRows(exhibits: readonly CourtExhibit[], texts: CourtTexts): readonly Row[] {
  const rows = exhibits.flatMap(({ ledger }) =>
    ledger.plan.hashSets.map(({ name, edition, sha256, recordsKept }) => [
      editionWords(name, edition, texts),
      texts.custom.count(recordsKept),
      sha256,
    ]),
  )
  return [...new Map(rows.map((row) => [row.join('\0'), row])).values()]
}

/** @param ofCase log of the case; null for a report of no case */
export function digestRows(
  exhibits: readonly CourtExhibit[],
  ofCase: CaseLog | null,
  texts: CourtTexts,
): readonly Row[] {
  const rows = exhibits.flatMap(({ ledger, sha256, label }) =>
    [
      ...(sha256 === null ? [] : [[texts.say('ledger-file'), sha256] as const]),
      ...(ledger.seal
        ? [
            [texts.say('evidence-digest'), ledger.seal.evidenceDigest] as const,
            [texts.say('analysis-digest'), ledger.seal.analysisDigest] as const,
          ]
        : []),
      [texts.say('inventory-digest'), ledger.inventoryDigest()] as const,
      ...trustListRow(ledger, texts),
      [texts.say('chain-head'), ledger.chainHead] as const,
      [texts.say('newest-head'), ledger.newestHead()] as const,
    ].map(([name, digest]) => [labelled(label, name), digest]),
  )
  return ofCase === null ? rows : [[texts.say('case-log-head'), ofCase.head], ...rows]
}

/** The agency's trust list, with the number of contents whose signer stands in it; empty: none was given. */
function trustListRow(
  ledger: ExaminationFacts & EntryViews,
  texts: CourtTexts,
): readonly (readonly [string, string])[] {
  const { trustList } = ledger.plan.options
  if (trustList === undefined) return []
  const signers = new Map<string, unknown>()
  for (const { content, attributes } of ledger.entries())
    for (const { code, params } of attributes)
      if (content && code === 'content-credentials' && 'trust' in params)
        signers.set(content.digests.sha256, params.trust)
  const listed = [...signers.values()].filter((trust) => trust === 'listed').length
  const counts = { certificates: trustList.certificates.length, listed, others: signers.size - listed }
  return [[texts.say('trust-list', counts), trustList.sha256]]
}

/** The log of the case that a report covers as a whole. */
export interface CaseLog {
  readonly caseNumber: string
  readonly events: readonly CustodyEvent[]
  /** Newest head. */
  readonly head: string
}

/** Vouchers in the custody logs. `seized verify` and OpenSSL tell whether they are valid. */
export function signatureLines(
  exhibits: readonly CourtExhibit[],
  ofCase: CaseLog | null,
  texts: CourtTexts,
): readonly string[] {
  const ofLog = ofCase === null ? [] : signaturesIn(ofCase.events, texts)
  return [
    ...ofLog.map((line) => labelled(texts.say('case-log'), line)),
    ...saidOnce(exhibits, ({ ledger }) => {
      const lines = signaturesIn(ledger.custody(), texts)
      return lines.length === 0 ? [texts.say('no-signatures')] : lines
    }),
  ]
}

/** Empty without a statement. */
function signaturesIn(events: readonly CustodyEvent[], texts: CourtTexts): readonly string[] {
  const signed = eventsWith<SignatureFact>(events, 'signature').map(
    ({ utc, fact }) => `${texts.custom.when(utc)}: ${printText(fact.signer)}`,
  )
  const stamped = eventsWith<TimeStampFact>(events, 'time-stamp').map(
    ({ detail }) => `RFC 3161: ${printText(texts.custom.when(detail.at ?? ''))}`,
  )
  const isStated = eventsWith<StatementFact>(events, 'statement').length > 0
  return isStated ? [...signed, ...stamped] : []
}

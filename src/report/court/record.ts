/** The record behind a court's edition: what was not examined, lists, custody log, digests, signatures. */
import { printText } from '../../base/evidence-path.ts'
import type { SignatureFact, StatementFact, TimeStampFact } from '../../contracts/custody.ts'
import type { ByteClass, ByteCount } from '../../contracts/image-exhibit.ts'
import { isLeftInPart } from '../../contracts/reason.ts'
import { eventsWith } from '../../sign/check-custody.ts'
import { ledgerState } from '../model/values.ts'
import { custodyDetail } from '../texts/custody-detail.ts'
import { formatBytes, formatCount } from '../texts/format.ts'
import { ENGLISH } from '../texts/index.ts'
import { type CourtExhibit, labelled } from './exhibits.ts'
import type { Row } from './row.ts'
import type { CourtTexts } from './texts.ts'

/** Stage, reason in English words (they are codes of the record), entries. */
export function notExaminedRows(exhibits: readonly CourtExhibit[]): readonly Row[] {
  return exhibits.flatMap(({ ledger, label }) =>
    ledger
      .reasons()
      .filter(
        ({ result, reason }) => result === 'not-done' || result === 'out-of-scope' || isLeftInPart(reason),
      )
      .map(({ stage, reason, entries }) => [
        labelled(label, ENGLISH.word('stage', stage)),
        ENGLISH.reason(reason),
        formatCount(entries),
      ]),
  )
}

/** What was examined of each exhibit, in one table; none for one exhibit, of which page one says it. */
export function exhibitRows(exhibits: readonly CourtExhibit[], texts: CourtTexts): readonly Row[] {
  if (exhibits.length === 1) return []
  return exhibits.map(({ ledger }) => {
    const { stages } = ledger.summary()
    const bytes = ledger.byteClasses()
    return [
      ledger.case.exhibitId,
      texts.say(`record-${ledgerState(ledger)}`),
      formatCount(stages.read.done + stages.read['done-with-warnings']),
      formatCount(stages.read['not-done'] + stages.read['out-of-scope']),
      bytes.length === 0
        ? '–'
        : `${formatBytes(unseenBytes(bytes))} / ${formatBytes(ledger.exhibit.image?.sizeBytes ?? 0)}`,
    ]
  })
}

const SEEN: ReadonlySet<ByteClass> = new Set(['allocated', 'metadata', 'partition-tables'])

/** In no live file and in no structure of a file system that was read. */
export function unseenBytes(bytes: readonly ByteCount[]): number {
  return bytes.reduce((sum, one) => (SEEN.has(one.class) ? sum : sum + one.bytes), 0)
}

export function listRows(exhibits: readonly CourtExhibit[], texts: CourtTexts): readonly Row[] {
  const rows = exhibits.flatMap(({ ledger }) =>
    ledger.plan.hashSets.map(({ name, edition, sha256, recordsKept }) => [
      `${name}, ${edition ?? texts.say('no-edition')}`,
      formatCount(recordsKept),
      sha256,
    ]),
  )
  return [...new Map(rows.map((row) => [row.join('\0'), row])).values()]
}

/** Of a statement or request only that it was made: its text is long, and stands in the log. */
const MOST_DETAIL = 200

export function custodyRows(exhibits: readonly CourtExhibit[], language: string): readonly Row[] {
  const detailOf = custodyDetail(language)
  return exhibits.flatMap(({ ledger, label }) =>
    ledger.custody().map((made) => {
      const { utc, event, operator, account } = made
      const said = Object.entries(detailOf(made))
        .filter(([name, value]) => value !== '' && name !== 'text' && name !== 'request')
        .map(([name, value]) => `${name}: ${value}`)
        .join('; ')
      const shown = said.length > MOST_DETAIL ? `${said.slice(0, MOST_DETAIL)}…` : said
      return [
        utc.slice(0, 19).replace('T', ' '),
        event,
        operator ?? account,
        labelled(label, printText(shown)),
      ]
    }),
  )
}

export function digestRows(exhibits: readonly CourtExhibit[], texts: CourtTexts): readonly Row[] {
  return exhibits.flatMap(({ ledger, sha256, label }) =>
    [
      ...(sha256 === null ? [] : [[texts.say('ledger-file'), sha256] as const]),
      ...(ledger.seal
        ? [
            [texts.say('evidence-digest'), ledger.seal.evidenceDigest] as const,
            [texts.say('analysis-digest'), ledger.seal.analysisDigest] as const,
          ]
        : []),
      [texts.say('inventory-digest'), ledger.inventoryDigest()] as const,
      [texts.say('chain-head'), ledger.chainHead] as const,
      [texts.say('newest-head'), ledger.newestHead()] as const,
    ].map(([name, digest]) => [labelled(label, name), digest]),
  )
}

/** What the logs have; whether it holds is said by `seized verify` and by OpenSSL. */
export function signatureLines(exhibits: readonly CourtExhibit[], texts: CourtTexts): readonly string[] {
  return exhibits.flatMap(({ ledger, label }) => {
    const events = ledger.custody()
    const signed = eventsWith<SignatureFact>(events, 'signature').map(
      ({ utc, fact }) => `${utc.slice(0, 16).replace('T', ' ')} UTC: ${printText(fact.signer)}`,
    )
    const stamped = eventsWith<TimeStampFact>(events, 'time-stamp').map(
      ({ detail }) => `RFC 3161: ${printText(detail.at ?? '')}`,
    )
    const isStated = eventsWith<StatementFact>(events, 'statement').length > 0
    const lines =
      isStated && signed.length + stamped.length > 0 ? [...signed, ...stamped] : [texts.say('no-signatures')]
    return lines.map((line) => labelled(label, line))
  })
}

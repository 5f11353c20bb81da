/** The record behind a court's edition: what was not examined, lists, custody log, digests, signatures. */
import { printText } from '../../base/evidence-path.ts'
import type { SignatureFact, StatementFact, TimeStampFact } from '../../contracts/custody.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import { eventsWith } from '../../sign/check-custody.ts'
import { formatCount } from '../format.ts'
import { ENGLISH } from '../texts/index.ts'
import type { Row } from './row.ts'
import type { CourtTexts } from './texts.ts'

/** Stage, reason in English words (they are codes of the record), entries. */
export function notExaminedRows(ledger: LedgerReader): readonly Row[] {
  return ledger
    .reasons()
    .filter(({ result }) => result === 'not-done' || result === 'out-of-scope')
    .map(({ stage, reason, entries }) => [
      ENGLISH.word('stage', stage),
      ENGLISH.reason(reason),
      formatCount(entries),
    ])
}

export function listRows({ plan }: LedgerReader, texts: CourtTexts): readonly Row[] {
  return plan.hashSets.map(({ name, edition, sha256, recordsKept }) => [
    `${name}, ${edition ?? texts.say('no-edition')}`,
    formatCount(recordsKept),
    sha256,
  ])
}

/** Of a statement or request only that it was made: its text is long, and stands in the log. */
const MOST_DETAIL = 200

export function custodyRows(ledger: LedgerReader): readonly Row[] {
  return ledger.custody().map(({ utc, event, operator, account, detail }) => {
    const said = Object.entries(detail)
      .filter(([name, value]) => value !== '' && name !== 'text' && name !== 'request')
      .map(([name, value]) => `${name}: ${value}`)
      .join('; ')
    const shown = said.length > MOST_DETAIL ? `${said.slice(0, MOST_DETAIL)}…` : said
    return [utc.slice(0, 19).replace('T', ' '), event, operator ?? account, printText(shown)]
  })
}

export function digestRows(
  ledger: LedgerReader,
  texts: CourtTexts,
  ledgerSha256: string | null,
): readonly Row[] {
  return [
    ...(ledgerSha256 === null ? [] : [[texts.say('ledger-file'), ledgerSha256]]),
    ...(ledger.seal
      ? [
          [texts.say('evidence-digest'), ledger.seal.evidenceDigest],
          [texts.say('analysis-digest'), ledger.seal.analysisDigest],
        ]
      : []),
    [texts.say('inventory-digest'), ledger.inventoryDigest()],
    [texts.say('chain-head'), ledger.chainHead],
    [texts.say('newest-head'), ledger.newestHead()],
  ]
}

/** What the log has; whether it holds is said by `seized verify` and by OpenSSL. */
export function signatureLines(ledger: LedgerReader, texts: CourtTexts): readonly string[] {
  const events = ledger.custody()
  const signed = eventsWith<SignatureFact>(events, 'signature').map(
    ({ utc, fact }) => `${utc.slice(0, 16).replace('T', ' ')} UTC: ${printText(fact.signer)}`,
  )
  const stamped = eventsWith<TimeStampFact>(events, 'time-stamp').map(
    ({ detail }) => `RFC 3161: ${printText(detail.at ?? '')}`,
  )
  const isStated = eventsWith<StatementFact>(events, 'statement').length > 0
  return isStated && signed.length + stamped.length > 0
    ? [...signed, ...stamped]
    : [texts.say('no-signatures')]
}

/**
 * `seized classify --rows`: scores rows of JSON Lines without a ledger, one line of answer per row.
 *
 * | a row has | classifiers |
 * |---|---|
 * | `messages[]{sender, text}` | grooming |
 * | `text` | grooming and job-offer; job-offer stays low when the text does not read as an offer |
 * | job-offer fields (offer-fields.ts) | job-offer |
 *
 * Every score is written, above its threshold or not. A line that cannot be read becomes `{id, line, error}`.
 */
import type { Message } from './conversation.ts'
import { type GroomingClassifier, openGrooming } from './grooming.ts'
import { type JobOfferClassifier, openJobOffer } from './job-offer.ts'
import { type JobOffer, offerOf } from './offer-fields.ts'
import type { RuleMatch } from './phrase-rules.ts'
import { readsAsOffer } from './reads-as-offer.ts'

export interface RowScore {
  readonly classifier: 'grooming' | 'job-offer'
  readonly score: number
  readonly threshold: number
  readonly aboveThreshold: boolean
}

export interface RowSignal {
  readonly classifier: RowScore['classifier']
  readonly rule: string
  readonly stage: string
  /** The quoted words, at most 200 characters. */
  readonly span: string
  readonly messageIndex: number | null
  /** The job-offer field, for a row with fields. */
  readonly field?: string
  /** Offsets into the message, the text or the field. */
  readonly start: number
  readonly end: number
}

export interface ScoredRow {
  readonly id: unknown
  readonly scores: readonly RowScore[]
  readonly signals: readonly RowSignal[]
}

export interface RowError {
  readonly id: unknown
  readonly line: number
  readonly error: string
}

export interface TextClassifiers {
  readonly grooming: GroomingClassifier
  readonly jobOffer: JobOfferClassifier
}

const QUOTE_CHARS = 200
/** A text that does not read as an offer keeps this share of its score. */
const NOT_AN_OFFER = 0.2

export async function* classifyRows(lines: AsyncIterable<string>): AsyncIterable<string> {
  const classifiers = { grooming: await openGrooming(), jobOffer: await openJobOffer() }
  let line = 0
  for await (const text of lines) {
    line += 1
    if (text.trim() !== '') yield JSON.stringify(await classifyLine(text, line, classifiers))
  }
}

async function classifyLine(
  text: string,
  line: number,
  classifiers: TextClassifiers,
): Promise<ScoredRow | RowError> {
  let row: Record<string, unknown>
  try {
    row = JSON.parse(text)
  } catch {
    // The reason would quote the line, and a line is evidence.
    return { id: null, line, error: 'the line is not JSON' }
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    return { id: null, line, error: 'the line is not an object' }
  const id = row.id ?? null
  if (row.messages !== undefined && !isMessages(row.messages))
    return { id, line, error: 'messages is not a list of objects with a text' }
  if (row.text !== undefined && typeof row.text !== 'string')
    return { id, line, error: 'text is not a string' }
  const scored = await classifyRow(row, classifiers)
  return scored.scores.length === 0
    ? { id, line, error: 'the row has neither text, messages nor job-offer fields' }
    : { id, ...scored }
}

async function classifyRow(row: Readonly<Record<string, unknown>>, { grooming, jobOffer }: TextClassifiers) {
  const scores: RowScore[] = []
  const signals: RowSignal[] = []
  const add = (classifier: RowScore['classifier'], score: number, threshold: number) => {
    const shown = Math.round(score * 10_000) / 10_000
    scores.push({ classifier, score: shown, threshold, aboveThreshold: shown >= threshold })
  }
  if (row.messages !== undefined) {
    const messages = messagesOf(row.messages as readonly RawMessage[])
    const result = await grooming.classify(messages)
    add('grooming', result.score, result.threshold)
    signals.push(
      ...result.signs.map((sign) =>
        signalOf('grooming', sign, messages[sign.messageIndex]!.text, sign.messageIndex),
      ),
    )
  } else if (typeof row.text === 'string') {
    const text = row.text
    const result = await grooming.classifyText(text)
    add('grooming', result.score, result.threshold)
    signals.push(...result.signs.map((sign) => signalOf('grooming', sign, text, null)))
  }
  const offer =
    offerOf(row) ??
    (typeof row.text === 'string' && row.messages === undefined ? { description: row.text } : null)
  if (offer) {
    const result = await scoreOffer(offer, jobOffer)
    add('job-offer', result.score, result.threshold)
    signals.push(
      ...result.signs.map((sign) => ({
        ...signalOf('job-offer', sign, offer[sign.field]!, null),
        ...(row.text === undefined ? { field: sign.field } : {}),
      })),
    )
  }
  return { scores, signals }
}

/** Texts that do not read as an offer keep a small share of the score, and show no signs. */
export async function scoreOffer(offer: JobOffer, jobOffer: JobOfferClassifier) {
  const { score, threshold, evidence } = await jobOffer.classify(offer)
  const isOffer = offer.title !== undefined || evidence.weight > 0 || readsAsOffer(offer.description ?? '')
  return { score: isOffer ? score : score * NOT_AN_OFFER, threshold, signs: isOffer ? evidence.signs : [] }
}

interface RawMessage {
  readonly sender?: unknown
  readonly text: string
}

function isMessages(value: unknown): value is readonly RawMessage[] {
  return (
    Array.isArray(value) &&
    value.every(
      (item) => typeof item === 'object' && item !== null && typeof (item as RawMessage).text === 'string',
    )
  )
}

function messagesOf(raw: readonly RawMessage[]): Message[] {
  return raw.map(({ sender, text }) => ({ sender: String(sender ?? ''), text }))
}

function signalOf(
  classifier: RowScore['classifier'],
  sign: RuleMatch,
  text: string,
  messageIndex: number | null,
): RowSignal {
  return {
    classifier,
    rule: sign.rule.id,
    stage: sign.rule.sign.stage,
    span: text.slice(sign.start, Math.min(sign.end, sign.start + QUOTE_CHARS)),
    messageIndex,
    start: sign.start,
    end: sign.end,
  }
}

/**
 * Text of any length before classifiers that were measured on conversations and paragraphs: it is scored window by window,
 * and the strongest window speaks for the whole. Signals come from windows at or above the threshold only: every sign alone
 * is said by half the world.
 */
import type { ModelUse, Score, Signal } from '../contracts.ts'
import type { Message } from './conversation.ts'
import { openGrooming } from './grooming.ts'
import { openJobOffer } from './job-offer.ts'
import { classifyLine, type ScoredRow, type TextClassifiers } from './rows.ts'
import { per10k } from './uses.ts'

/** Longest text that the classifiers read at once. */
const WINDOW_CHARS = 20_000
/**
 * A year of messages between two adults holds every sign somewhere. Windows overlap by half, so that what lies within half a
 * window is always seen together.
 */
const WINDOW_MESSAGES = 400
const STEP_MESSAGES = 200
/** Most that a ledger keeps of one content; the strongest windows come first. */
const MAX_SIGNALS = 100
const QUOTE_CHARS = 199

export type ClassifyText = (
  text: string,
  messages: readonly Message[],
) => Promise<readonly (Signal | Score)[]>

export async function openTextClassifiers(
  models: readonly ModelUse[],
  modelsDir: string,
): Promise<ClassifyText> {
  const classifiers: TextClassifiers = {
    grooming: await openGrooming(modelsDir),
    jobOffer: await openJobOffer(modelsDir),
  }
  return async (text, messages) => {
    const windows = messages.length > 0 ? messageWindows(messages) : textWindows(text)
    const scored: Scored[] = []
    for (const window of windows) scored.push({ window, row: await scoredRow(window, classifiers) })
    return [...models.flatMap((model) => scoreOf(model, scored)), ...signalsOf(scored)]
  }
}

interface Window {
  readonly row: { readonly text: string } | { readonly messages: readonly Message[] }
  /** Added to offsets of signals in a text, or to their message's number. */
  readonly offset: number
}

interface Scored {
  readonly window: Window
  readonly row: ScoredRow
}

function* textWindows(text: string): IterableIterator<Window> {
  for (let offset = 0; offset < text.length; offset += WINDOW_CHARS)
    yield { row: { text: text.slice(offset, offset + WINDOW_CHARS) }, offset }
}

function* messageWindows(messages: readonly Message[]): IterableIterator<Window> {
  for (let offset = 0; offset === 0 || offset + STEP_MESSAGES < messages.length; offset += STEP_MESSAGES)
    yield { row: { messages: messages.slice(offset, offset + WINDOW_MESSAGES) }, offset }
}

async function scoredRow({ row }: Window, classifiers: TextClassifiers): Promise<ScoredRow> {
  const scored = await classifyLine(JSON.stringify(row), 1, classifiers)
  if ('error' in scored) throw new Error(`a window of text could not be scored: ${scored.error}`)
  return scored
}

function scoreOf({ id, sha256, thresholds }: ModelUse, scored: readonly Scored[]): Score[] {
  const scores = scored.flatMap(({ row }) =>
    row.scores.filter(({ classifier }) => classifier === id).map(({ score }) => score),
  )
  if (scores.length === 0) return []
  return [
    {
      kind: 'score',
      classifier: id,
      modelSha256: sha256,
      label: id,
      scorePer10k: per10k(Math.max(...scores)),
      thresholdPer10k: thresholds[id] ?? null,
    },
  ]
}

function signalsOf(scored: readonly Scored[]): Signal[] {
  const strongest = scored
    .filter(({ row }) => row.scores.some(({ aboveThreshold }) => aboveThreshold))
    .sort((a, b) => top(b.row) - top(a.row) || a.window.offset - b.window.offset)
  const signals = strongest.flatMap(({ window, row }) =>
    row.signals.map((signal) => signalOf(signal, window, row)),
  )
  // Overlapping windows find the same sign twice.
  return [
    ...new Map(
      signals.map((signal) => [`${signal.rule} ${signal.messageIndex} ${signal.start}`, signal]),
    ).values(),
  ].slice(0, MAX_SIGNALS)
}

function top({ scores }: ScoredRow): number {
  return Math.max(0, ...scores.map(({ score }) => score))
}

function signalOf(signal: ScoredRow['signals'][number], window: Window, row: ScoredRow): Signal {
  const { rule, stage, span, messageIndex, start, end } = signal
  const inText = messageIndex === null ? window.offset : 0
  return {
    kind: 'signal',
    classifier:
      'classifier' in signal && typeof signal.classifier === 'string' ? signal.classifier : classifierOf(row),
    rule,
    stage,
    quote: span.slice(0, QUOTE_CHARS),
    start: start + inText,
    end: end + inText,
    messageIndex: messageIndex === null ? null : messageIndex + window.offset,
  }
}

/** Rows name no classifier with a signal: a row with messages has only grooming's, others name both. */
function classifierOf({ scores }: ScoredRow): string {
  return scores.find(({ aboveThreshold }) => aboveThreshold)?.classifier ?? 'grooming'
}

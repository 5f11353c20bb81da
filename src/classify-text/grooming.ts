/**
 * Grooming signs: finds the signs of every language's rules and of the stage model in a conversation, and computes one
 * score to sort by.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONCERNING, type Message, type MessageSign, weighSenders } from './conversation.ts'
import { foldText } from './fold-text.ts'
import { type ModelHead, modelSigns } from './model-signs.ts'
import { isNarrated, isToldAt } from './narrated.ts'
import { readPhraseSets } from './phrase-files.ts'
import { type PhraseSet, ruleMatcher, type Sign } from './phrase-rules.ts'
import { MODEL_STAGES, openStageModel, type StageScorer } from './stage-model.ts'
import { WITHOUT_TURNS } from './steady.ts'
import { modelsFolder, readTextModel, type TextModelCard } from './text-model.ts'
import { piecesOf } from './text-pieces.ts'

export interface GroomingResult {
  /** 0–1, of the strongest window; an order and a mark, not a probability. */
  readonly score: number
  readonly threshold: number
  /** The sender whose messages carry the score; null when no message does. */
  readonly sender: string | null
  /** In a text without turns every sign has message 0 and offsets into the whole text. */
  readonly signs: readonly MessageSign[]
  readonly windows: readonly WindowScore[]
}

export interface WindowScore {
  /** First message (of a text without turns: first letter) and the one after the last. */
  readonly from: number
  readonly to: number
  readonly score: number
  readonly sender: string | null
  /** Signs that made the score. */
  readonly carriedBy: readonly MessageSign[]
}

/** A window with the indices of its signs among all signs of the text. */
interface Window extends Omit<WindowScore, 'carriedBy'> {
  readonly carriedBy: readonly number[]
}

export interface GroomingClassifier {
  readonly phraseSets: readonly PhraseSet[]
  classify(messages: readonly Message[]): Promise<GroomingResult>
  /** Text without known senders. */
  classifyText(text: string): Promise<GroomingResult>
}

export interface GroomingCard extends TextModelCard {
  readonly heads: readonly ModelHead[]
}

export const GROOMING_THRESHOLD = 0.5

/** Common signs, shown only beside a sign that asks for something or shuts others out. */
const BACKGROUND: readonly string[] = ['minor-sign', 'minor-named', 'adult-sign', 'family']

/** Less certain signs of the stage model are shown only where they carry a score at or above the threshold. */
const SHOWN_DEGREE = 2

/** Characters; longer messages are read in parts. */
const MESSAGE_CHARS = 20_000
/**
 * A year of messages between two adults contains every sign somewhere, and so does a long document. So text is scored
 * in windows.
 * Windows overlap by half, so that signs within half a window are always scored together.
 */
const WINDOW = { messages: 60, pieces: 8 } as const

export async function openGrooming(folder: string = modelsFolder()): Promise<GroomingClassifier> {
  const { card, bytes } = readTextModel<GroomingCard>('grooming', folder)
  const stages = card.heads.map(({ stage }) => stage)
  if (stages.join() !== MODEL_STAGES.join())
    throw new Error(
      `The grooming model has heads for ${stages.join(', ')}; ${MODEL_STAGES.join(', ')} are read.`,
    )
  const scorer = await openStageModel(
    bytes,
    card.heads.map(({ bias }) => bias),
  )
  return groomingWith(folder, scorer, card.heads)
}

/** @param scorer null: rules alone, without the model */
export function groomingWith(
  folder: string,
  scorer: StageScorer | null,
  heads: readonly ModelHead[],
): GroomingClassifier {
  const { signs: catalogue } = JSON.parse(readFileSync(join(folder, 'grooming', 'signs.json'), 'utf8')) as {
    readonly signs: readonly Sign[]
  }
  const phraseSets = readPhraseSets(join(folder, 'grooming', 'phrases'), catalogue)
  // Every language's rules run on every message: no language detector knows romanised Greek or Bengali.
  const rules = ruleMatcher(phraseSets.flatMap((set) => set.rules))
  const read = async (messages: readonly Message[]): Promise<MessageSign[]> => {
    const parts = messages.flatMap(partsOf)
    const folded = parts.map(({ text }) => foldText(text))
    const found = folded.map((text, messageIndex) =>
      rules.match(text).map((match): MessageSign => ({ ...match, messageIndex })),
    )
    const ofModel = scorer === null ? null : await modelSigns(folded, found, scorer, heads)
    return found.flatMap((signs, i) => {
      const { messageIndex, start } = parts[i]!
      const all = [...signs, ...(ofModel?.[i] ?? [])]
      return all.map((sign) => ({ ...sign, messageIndex, start: sign.start + start, end: sign.end + start }))
    })
  }
  return {
    phraseSets,
    async classify(messages) {
      const signs = await read(messages)
      return resultOf(signs, windowScores(messages, signs, WINDOW.messages))
    },
    async classifyText(text) {
      const pieces = piecesOf(text)
      const messages = pieces.map((piece) => ({ sender: WITHOUT_TURNS, text: piece.text }))
      const signs = await read(messages)
      const ends = [...pieces.map(({ start }) => start), text.length]
      return resultOf(
        signs.map((sign) => inWhole(sign, pieces[sign.messageIndex]!.start)),
        windowScores(messages, signs, WINDOW.pieces, withoutTold).map((window) => ({
          ...window,
          from: ends[window.from]!,
          to: ends[window.to]!,
        })),
      )
    },
  }
}

/** A message, or the parts of one that is too long; a phrase across a cut is not found. */
function partsOf({ text }: Message, messageIndex: number) {
  if (text.length <= MESSAGE_CHARS) return [{ messageIndex, start: 0, text }]
  const count = Math.ceil(text.length / MESSAGE_CHARS)
  return Array.from({ length: count }, (_, i) => {
    const start = i * MESSAGE_CHARS
    return { messageIndex, start, text: text.slice(start, start + MESSAGE_CHARS) }
  })
}

function inWhole(sign: MessageSign, offset: number): MessageSign {
  return { ...sign, messageIndex: 0, start: sign.start + offset, end: sign.end + offset }
}

/**
 * In a passage that tells a story, speech of its persons and statements about them are no signs. A chat pasted into it
 * stays a chat.
 */
function withoutTold(messages: readonly Message[], signs: readonly MessageSign[]): readonly MessageSign[] {
  const texts = messages.map(({ text }) => text)
  const whole = texts.join('')
  if (!isNarrated(whole)) return signs
  const starts = texts.map((_, i) => texts.slice(0, i).reduce((sum, { length }) => sum + length, 0))
  return signs.filter(({ messageIndex, start }) => !isToldAt(whole, starts[messageIndex]! + start))
}

function windowScores(
  messages: readonly Message[],
  signs: readonly MessageSign[],
  size: number,
  counted: typeof withoutTold = (_, all) => all,
): Window[] {
  const windows: Window[] = []
  const step = size / 2
  for (let from = 0; from === 0 || from + step < messages.length; from += step) {
    const to = Math.min(from + size, messages.length)
    const inside = signs.flatMap((sign, at) =>
      sign.messageIndex >= from && sign.messageIndex < to
        ? [{ at, sign: { ...sign, messageIndex: sign.messageIndex - from } }]
        : [],
    )
    if (inside.length === 0 && to > from) {
      windows.push({ from, to, score: WITHOUT_SIGNS, sender: null, carriedBy: [] })
      continue
    }
    const part = messages.slice(from, to)
    const strongest = weighSenders(
      part,
      counted(
        part,
        inside.map(({ sign }) => sign),
      ),
    )[0]
    windows.push({
      from,
      to,
      score: strongest ? scoreOf(strongest.logit) : 0,
      sender: strongest && strongest.stages.length > 0 ? strongest.sender : null,
      carriedBy: inside.filter(({ sign }) => strongest?.carriedBy.includes(sign)).map(({ at }) => at),
    })
  }
  return windows
}

function scoreOf(logit: number): number {
  return 1 / (1 + Math.exp(-logit))
}

/** Score of a window without signs, which most windows have. */
const WITHOUT_SIGNS = scoreOf(weighSenders([{ sender: '', text: '' }], [])[0]!.logit)

function resultOf(signs: readonly MessageSign[], windows: readonly Window[]): GroomingResult {
  const strongest = windows.reduce((best, window) => (window.score > best.score ? window : best))
  const carrying = new Set(
    windows.filter(({ score }) => score >= GROOMING_THRESHOLD).flatMap(({ carriedBy }) => carriedBy),
  )
  const shown = signs.filter(
    ({ degree }, at) => degree === undefined || degree >= SHOWN_DEGREE || carrying.has(at),
  )
  return {
    score: strongest.score,
    threshold: GROOMING_THRESHOLD,
    sender: strongest.sender,
    signs: shown.some(isConcerning)
      ? shown
      : shown.filter(({ rule }) => !BACKGROUND.includes(rule.sign.stage)),
    windows: windows.map((window) => ({ ...window, carriedBy: window.carriedBy.map((at) => signs[at]!) })),
  }
}

function isConcerning({ rule, strength }: MessageSign): boolean {
  return strength !== 'weak' && (CONCERNING as readonly string[]).includes(rule.sign.stage)
}

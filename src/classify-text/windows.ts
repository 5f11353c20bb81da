/**
 * Scores text of any length window by window; the strongest window gives the score of the whole.
 * Signals come only from windows at or above the threshold, because each sign alone is common.
 */
import { type Attribute, attribute } from '../contracts/attribute.ts'
import type { ModelUse } from '../contracts/case.ts'
import type { Score, Signal } from '../contracts/finding.ts'
import type { Message } from './conversation.ts'
import { type GroomingResult, openGrooming, type WindowScore } from './grooming.ts'
import { type JobOfferClassifier, openJobOffer } from './job-offer.ts'
import { strongestOfferInChat } from './offers-in-chat.ts'
import type { RuleMatch } from './phrase-rules.ts'
import { scoreOffer } from './rows.ts'
import { per10k, type TextClassifier } from './uses.ts'

/** Longest text that is read as one offer of work. */
const OFFER_CHARS = 20_000
/** Most signals of one content in a ledger; the strongest windows come first. */
const MAX_SIGNALS = 100
const QUOTE_CHARS = 199

export type ClassifyText = (
  text: string,
  messages: readonly Message[],
) => Promise<readonly (Signal | Score | Attribute)[]>

export async function openTextClassifiers(
  models: readonly ModelUse[],
  modelsDir: string,
): Promise<ClassifyText> {
  const grooming = await openGrooming(modelsDir)
  const jobOffer = await openJobOffer(modelsDir)
  return async (text, messages) => {
    const chat = messages.length > 0
    const groomed = chat ? await grooming.classify(messages) : await grooming.classifyText(text)
    const offered = chat ? await offerInChat(messages, jobOffer) : await strongestOffer(text, jobOffer)
    const scores: Partial<Record<TextClassifier, number>> = {
      grooming: groomed.score,
      ...(offered ? { 'job-offer': offered.score } : {}),
    }
    const signals = [...groomingSignals(groomed, text, messages), ...(offered?.signals ?? [])]
    return [
      ...models.flatMap((model) => scoreOf(model, scores)),
      ...signals.slice(0, MAX_SIGNALS),
      ...leftOut(signals.length - MAX_SIGNALS),
    ]
  }
}

function leftOut(signs: number): Attribute[] {
  if (signs <= 0) return []
  return [attribute('signs-left-out', { signs })]
}

function scoreOf({ id, sha256, thresholds }: ModelUse, scores: Partial<Record<string, number>>): Score[] {
  const score = scores[id]
  if (score === undefined) return []
  return [
    {
      kind: 'score',
      classifier: id,
      modelSha256: sha256,
      label: id,
      scorePer10k: per10k(score),
      thresholdPer10k: thresholds[id] ?? null,
    },
  ]
}

function groomingSignals(
  { signs, windows, threshold }: GroomingResult,
  text: string,
  messages: readonly Message[],
): Signal[] {
  const chat = messages.length > 0
  const inside = ({ from, to }: WindowScore) =>
    signs.filter((sign) => {
      const at = chat ? sign.messageIndex : sign.start
      return at >= from && at < to
    })
  const strongest = windows
    .filter(({ score }) => per10k(score) >= per10k(threshold))
    .sort((a, b) => b.score - a.score || a.from - b.from)
  // Overlapping windows contain the same signs.
  return [...new Set(strongest.flatMap(inside))].map((sign) =>
    signalOf(
      'grooming',
      sign,
      chat ? messages[sign.messageIndex]!.text : text,
      0,
      chat ? sign.messageIndex : null,
    ),
  )
}

async function offerInChat(messages: readonly Message[], jobOffer: JobOfferClassifier) {
  const best = await strongestOfferInChat(messages, jobOffer)
  if (best === null) return null
  const signs = per10k(best.score) >= per10k(best.threshold) ? best.signs : []
  return {
    score: best.score,
    signals: signs.map((sign) =>
      signalOf('job-offer', sign, messages[sign.messageIndex]!.text, 0, sign.messageIndex),
    ),
  }
}

async function strongestOffer(text: string, jobOffer: JobOfferClassifier) {
  const windows = []
  for (let offset = 0; offset === 0 || offset < text.length; offset += OFFER_CHARS) {
    const part = text.slice(offset, offset + OFFER_CHARS)
    windows.push({ offset, part, ...(await scoreOffer({ description: part }, jobOffer)) })
  }
  windows.sort((a, b) => b.score - a.score || a.offset - b.offset)
  return {
    score: windows[0]!.score,
    signals: windows
      .filter(({ score, threshold }) => per10k(score) >= per10k(threshold))
      .flatMap(({ signs, part, offset }) =>
        signs.map((sign) => signalOf('job-offer', sign, part, offset, null)),
      ),
  }
}

/** @param offset of `text` in the whole, for texts that were cut */
function signalOf(
  classifier: TextClassifier,
  { rule, start, end }: RuleMatch,
  text: string,
  offset: number,
  messageIndex: number | null,
): Signal {
  return {
    kind: 'signal',
    classifier,
    rule: rule.id,
    stage: rule.sign.stage,
    quote: text.slice(start, Math.min(end, start + QUOTE_CHARS)),
    start: start + offset,
    end: end + offset,
    messageIndex,
  }
}

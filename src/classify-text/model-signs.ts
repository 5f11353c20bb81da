/** Signs of the stage model in messages, added to those of the rules. */
import type { MessageSign } from './conversation.ts'
import { type FoldedText, originalSpan } from './fold-text.ts'
import { type PhraseRule, STRENGTHS } from './phrase-rules.ts'
import { sentencesOf, stageFeatures } from './stage-features.ts'
import { MODEL_STAGES, type ModelStage, type StageScorer } from './stage-model.ts'

/** A head as in the model's card: log-odds of each strength, set by the rate at which benign messages reach them. */
export interface ModelHead {
  readonly stage: ModelStage
  readonly bias: number
  /**
   * Below this there is no sign: faint similarity is noise in a window of sixty messages, with no sentence to quote.
   */
  readonly weak: number
  readonly medium: number
  readonly strong: number
}

/** Weak. */
const LEAST_DEGREE = 1

const RULES: readonly PhraseRule[] = MODEL_STAGES.map((stage) => ({
  id: `model/${stage}`,
  sign: { id: `model-${stage}`, stage, strength: 'medium', says: `reads like ${stage} (stage model)` },
  patterns: [],
  unless: [],
  beside: [],
}))

/**
 * At most one sign per stage and message: its strongest sentence. Where a rule has a sign of the stage, the model adds
 * none: a rule quotes better, and knows innocent reasons.
 * @returns one list per message
 */
export async function modelSigns(
  messages: readonly FoldedText[],
  found: readonly (readonly MessageSign[])[],
  scorer: StageScorer,
  heads: readonly ModelHead[],
): Promise<MessageSign[][]> {
  const sentences = messages.map(sentencesOf)
  const logits = await scorer(sentences.flat().map(({ text }) => stageFeatures(text)))
  let row = 0
  return sentences.map((ofMessage, messageIndex) => {
    const first = row
    row += ofMessage.length
    if (ofMessage.length === 0) return []
    const byRules = found[messageIndex]!
    const signs: HeadSign[] = []
    for (let h = 0; h < heads.length; h += 1) {
      const head = heads[h]!
      let best = 0
      const logitOf = (s: number) => logits[(first + s) * heads.length + h]!
      for (let s = 1; s < ofMessage.length; s += 1) if (logitOf(s) > logitOf(best)) best = s
      const degree = degreeOf(head, logitOf(best))
      if (degree < LEAST_DEGREE || byRules.some(({ rule }) => rule.sign.stage === head.stage)) continue
      const { start, text } = ofMessage[best]!
      const span = originalSpan(messages[messageIndex]!, start, start + text.length)
      signs.push(signOf(h, degree, { ...span, messageIndex }))
    }
    return signs.flatMap((sign) => {
      const ruled = isRuled(sign, byRules)
      // A parent named in a request does not make who asks a child.
      if (ruled && sign.rule.sign.stage === 'minor-sign') return []
      if (!ruled && !isOutdone(sign, signs)) return [sign]
      return sign.degree / 2 < LEAST_DEGREE ? [] : [signOf(sign.head, sign.degree / 2, sign)]
    })
  })
}

type HeadSign = ReturnType<typeof signOf>
type Place = Pick<MessageSign, 'start' | 'end' | 'messageIndex'>

function signOf(head: number, degree: number, { start, end, messageIndex }: Place) {
  const strength = STRENGTHS[Math.floor(degree) - 1]!
  return { head, rule: RULES[head]!, strength, degree, start, end, messageIndex }
}

/** A rule has a sign in the same sentence. */
function isRuled(sign: Place, byRules: readonly MessageSign[]): boolean {
  return byRules.some(({ start, end }) => start < sign.end && end > sign.start)
}

/** One sentence seldom has two meanings: the weaker stage counts half. */
function isOutdone(sign: HeadSign, signs: readonly HeadSign[]): boolean {
  return signs.some(
    ({ start, degree, head }) =>
      start === sign.start && (degree > sign.degree || (degree === sign.degree && head < sign.head)),
  )
}

/** @returns 0 (no sign), or from 1 (weak) to 3 (strong or more) */
function degreeOf({ weak, medium, strong }: ModelHead, logit: number): number {
  if (logit < weak) return 0
  const steps = [weak, medium, strong]
  const above = steps.findIndex((step) => logit < step)
  return above === -1
    ? steps.length
    : above + (logit - steps[above - 1]!) / (steps[above]! - steps[above - 1]!)
}

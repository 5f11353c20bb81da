/**
 * Weighs how steadily a sender asks: the share of all messages of one sender that carry a sign which asks for something
 * or shuts others out.
 *
 * A block of thirty ordinary messages holds about one such message. A person who works on a child seldom writes a
 * message without one.
 * Sentinel (Roblox) uses the skewness of a sender's scores instead. That was measured and points the other way here. It
 * is 3.5 and more in blocks of ordinary messages, because most scores are zero, and under 1 in conversations with
 * signs.
 */
import type { RuleMatch } from './phrase-rules.ts'

/** Sender of the pieces of a text without turns: paragraphs are no messages. */
export const WITHOUT_TURNS = ''

export interface Steadiness {
  /** Log-odds. */
  readonly adds: number
  /** Least addition of the stage model, in log-odds: no run of ordinary messages is like that. */
  readonly modelAdds: number
}

export const NOT_STEADY: Steadiness = { adds: 0, modelAdds: 0 }

/** At least three such messages, which are at least half of the sender's. */
const STEADY = { messages: 3, share: 0.5, adds: 2, modelAdds: 2.5 } as const
/** At least two such messages of two stages, which are at least two in five of the sender's. */
const OFTEN = { messages: 2, stages: 2, share: 0.4, adds: 1, modelAdds: 0 } as const

type Signed = Pick<RuleMatch, 'rule'> & { readonly messageIndex: number; readonly degree?: number }

/**
 * @param signed concerning signs of one sender; `degree` where the stage model alone gives it
 * @param own number of messages of this sender
 */
export function steadinessOf(signed: readonly Signed[], own: number): Steadiness {
  // The stage model speaks beside a rule, never alone.
  if (signed.every(({ degree }) => degree !== undefined)) return NOT_STEADY
  const messages = new Set(signed.map(({ messageIndex }) => messageIndex)).size
  const stages = new Set(signed.map(({ rule }) => rule.sign.stage)).size
  const share = messages / own
  if (messages >= STEADY.messages && share >= STEADY.share) return STEADY
  return messages >= OFTEN.messages && stages >= OFTEN.stages && share >= OFTEN.share ? OFTEN : NOT_STEADY
}

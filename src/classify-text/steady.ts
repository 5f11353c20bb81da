/**
 * How steadily a sender asks: which share of all messages of one sender carries a sign that asks for something or shuts
 * others out.
 *
 * A block of ordinary messages holds one such message among thirty; who works on a child seldom writes one without. The
 * skewness of a sender's scores, which Roblox's Sentinel takes for this, was measured too and points the other way here:
 * in blocks of ordinary messages it is 3.5 and more, because most are zero; in conversations with signs it is under 1.
 */
import type { RuleMatch } from './phrase-rules.ts'

/** Sender of the pieces of a text without turns: paragraphs are no messages. */
export const WITHOUT_TURNS = ''

export interface Steadiness {
  /** Log-odds. */
  readonly adds: number
  /** What the stage model may add at least: no run of ordinary messages is like that. */
  readonly modelAdds: number
}

export const NOT_STEADY: Steadiness = { adds: 0, modelAdds: 0 }

/** Three messages of two or more. */
const STEADY = { messages: 3, share: 0.5, adds: 2, modelAdds: 2.5 } as const
/** Two messages of two stages. */
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

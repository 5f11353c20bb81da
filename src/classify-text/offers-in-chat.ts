/**
 * Offers of work in a chat: what one person writes without a break is read as one text. A message of everyday talk about work is
 * none; it is taken for an offer only where it is long enough and shows a sign.
 */
import type { Message } from './conversation.ts'
import type { JobOfferClassifier } from './job-offer.ts'
import type { RuleMatch } from './phrase-rules.ts'
import { scoreOffer } from './rows.ts'

/** Shorter turns are talk. */
const LEAST_CHARS = 80
/** A longer turn is read in pieces. */
const MOST_CHARS = 20_000

/** Where a sign stands: in which message, and where in it. */
interface OfferSignInChat extends RuleMatch {
  readonly messageIndex: number
}

/** The turn with the highest score; null: no turn reads as an offer. */
export async function strongestOfferInChat(
  messages: readonly Message[],
  jobOffer: JobOfferClassifier,
): Promise<{
  readonly score: number
  readonly threshold: number
  readonly signs: readonly OfferSignInChat[]
} | null> {
  let best: { score: number; threshold: number; signs: readonly OfferSignInChat[] } | null = null
  for (const turn of turnsOf(messages)) {
    if (turn.text.length < LEAST_CHARS) continue
    const { score, threshold, signs } = await scoreOffer({ description: turn.text }, jobOffer)
    if (signs.length === 0 || score <= (best?.score ?? 0)) continue
    best = { score, threshold, signs: signs.map((sign) => inMessage(sign, turn)) }
  }
  return best
}

interface Turn {
  readonly text: string
  /** Message, the place in the text where it begins, and how much of the message stands in an earlier turn. */
  readonly starts: readonly (readonly [index: number, at: number, before: number])[]
}

function turnsOf(messages: readonly Message[]): Turn[] {
  const turns: { sender: string; text: string; starts: [number, number, number][] }[] = []
  for (const [index, { sender, text }] of messages.entries())
    for (let from = 0; from === 0 || from < text.length; from += MOST_CHARS) {
      const last = turns.at(-1)
      const piece = text.slice(from, from + MOST_CHARS)
      if (last && last.sender === sender && last.text.length + piece.length < MOST_CHARS) {
        last.starts.push([index, last.text.length + 1, from])
        last.text += `\n${piece}`
      } else turns.push({ sender, text: piece, starts: [[index, 0, from]] })
    }
  return turns
}

/** A sign that goes on in the next message ends with its own. */
function inMessage(sign: RuleMatch, { starts, text }: Turn): OfferSignInChat {
  const at = starts.findLastIndex(([, from]) => from <= sign.start)
  const [messageIndex, from, before] = starts[at]!
  const end = Math.min(sign.end, (starts[at + 1]?.[1] ?? text.length + 1) - 1)
  return { ...sign, messageIndex, start: sign.start - from + before, end: end - from + before }
}

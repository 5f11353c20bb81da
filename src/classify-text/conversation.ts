/**
 * What the signs in a conversation come to when they are read as a sequence with turns and senders.
 *
 * One sign alone says little: dating adults ask for pictures, parents ask who is at home, pupils keep secrets. What is
 * rare is several stages from one side, in a conversation with someone young. So each sender is scored for what that
 * sender says, and the conversation takes the higher score. Nothing lowers a score: a friendly word is no proof.
 */
import type { RuleMatch, Strength } from './phrase-rules.ts'

export interface Message {
  readonly sender: string
  readonly text: string
}

/** A rule's match in one message. */
export interface MessageSign extends RuleMatch {
  readonly messageIndex: number
}

/** Stages that ask for something or shut others out; the rest (friendship, age, school) only give them weight. */
export const CONCERNING = [
  'secrecy',
  'risk-assessment',
  'exclusivity',
  'image-request',
  'meeting',
  'platform-move',
  'gifts',
  'threats',
  'compliance',
  'sexual-topic',
] as const

/** Log-odds that the strongest sign of a stage adds. */
const ADDS: Readonly<Record<string, Readonly<Record<Strength, number>>>> = {
  secrecy: { weak: 0.6, medium: 1.4, strong: 2.4 },
  'risk-assessment': { weak: 0.5, medium: 1.2, strong: 2.2 },
  exclusivity: { weak: 0.4, medium: 1.2, strong: 2.2 },
  'image-request': { weak: 0.5, medium: 1.1, strong: 2.2 },
  meeting: { weak: 0.4, medium: 1, strong: 2.2 },
  'platform-move': { weak: 0.4, medium: 0.9, strong: 2 },
  gifts: { weak: 0.4, medium: 1.1, strong: 1.8 },
  threats: { weak: 0.8, medium: 1.6, strong: 2.6 },
  compliance: { weak: 0.5, medium: 1.2, strong: 2.2 },
  'sexual-topic': { weak: 0.3, medium: 0.8, strong: 1.2 },
  friendship: { weak: 0.4, medium: 0.9, strong: 1.2 },
  relationship: { weak: 0.3, medium: 0.5, strong: 0.8 },
  'minor-sign': { weak: 0.5, medium: 0.9, strong: 1.3 },
  'adult-sign': { weak: 0.2, medium: 0.5, strong: 0.8 },
}

/** With nothing said. */
const NOTHING = -5

export interface SenderEvidence {
  readonly sender: string
  readonly logit: number
  readonly stages: readonly string[]
}

/** Evidence a sender, strongest first; senders in the order of their first message when equal. */
export function weighSenders(messages: readonly Message[], signs: readonly MessageSign[]): SenderEvidence[] {
  const senders = [...new Set(messages.map(({ sender }) => sender))]
  return senders.map((sender) => weighSender(sender, messages, signs)).sort((a, b) => b.logit - a.logit)
}

function weighSender(
  sender: string,
  messages: readonly Message[],
  signs: readonly MessageSign[],
): SenderEvidence {
  const by = (sign: MessageSign) => messages[sign.messageIndex]!.sender === sender
  const own = signs.filter(by)
  const strongest = new Map<string, number>()
  for (const { rule } of own) {
    if (rule.stage === 'minor-sign' || rule.stage === 'minor-named') continue
    const adds = ADDS[rule.stage]?.[rule.strength] ?? 0
    strongest.set(rule.stage, Math.max(strongest.get(rule.stage) ?? 0, adds))
  }
  const young = youngest(signs, by, new Set(messages.map((message) => message.sender)).size === 1)
  const concerning = CONCERNING.filter((stage) => (strongest.get(stage) ?? 0) >= 0.8)
  let logit = NOTHING + young
  for (const adds of strongest.values()) logit += adds
  if (concerning.length >= 2) logit += 0.6
  if (concerning.length >= 3) logit += 0.8
  if (concerning.length >= 4) logit += 0.7
  if (young > 0.5 && concerning.length >= 1) logit += 0.8
  if (isOneSided(own, signs, by)) logit += 0.5
  if (endsStrongerThanItBegan(own)) logit += 0.4
  return {
    sender,
    logit: concerning.length === 0 ? Math.min(logit, -3) : logit,
    stages: [...strongest.keys()].sort(),
  }
}

/** Three signs or more, and at least three of four from this side. */
function isOneSided(
  own: readonly MessageSign[],
  all: readonly MessageSign[],
  by: (sign: MessageSign) => boolean,
): boolean {
  const isConcerning = (sign: MessageSign) => (CONCERNING as readonly string[]).includes(sign.rule.stage)
  const mine = own.filter(isConcerning).length
  const theirs = all.filter((sign) => isConcerning(sign) && !by(sign)).length
  return mine >= 3 && mine >= 3 * theirs
}

const LATE = ['secrecy', 'image-request', 'meeting', 'threats', 'sexual-topic', 'platform-move']
const EARLY = ['friendship', 'relationship', 'exclusivity', 'gifts', 'risk-assessment']

/** A late stage follows an early one. Stages repeat and skip, so that no more than this is asked of the order. */
function endsStrongerThanItBegan(own: readonly MessageSign[]): boolean {
  const firstEarly = own.find((sign) => EARLY.includes(sign.rule.stage))
  return (
    firstEarly !== undefined &&
    own.some((sign) => LATE.includes(sign.rule.stage) && sign.messageIndex > firstEarly.messageIndex)
  )
}

/** Who is young is said by either side: "I'm 13" by the other, "you're only 13" by this one; unknown senders say both. */
function youngest(
  signs: readonly MessageSign[],
  by: (sign: MessageSign) => boolean,
  sendersUnknown: boolean,
): number {
  const saying = signs.filter(
    (sign) =>
      (sign.rule.stage === 'minor-sign' && (sendersUnknown || !by(sign))) ||
      (sign.rule.stage === 'minor-named' && by(sign)),
  )
  return Math.max(0, ...saying.map(({ rule }) => ADDS['minor-sign']![rule.strength]))
}

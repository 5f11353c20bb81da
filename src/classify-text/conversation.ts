/**
 * Scores the signs in a conversation, read as a sequence with turns and senders.
 *
 * One sign alone proves little: adults who date ask for pictures, parents ask who is at home, pupils keep secrets.
 * Several stages from one side towards someone young are rare.
 * So each sender is scored for their own messages, and the conversation takes the higher score. No sign lowers a score:
 * a friendly word is no proof.
 */
import type { RuleMatch, Strength } from './phrase-rules.ts'
import { NOT_STEADY, steadinessOf, WITHOUT_TURNS } from './steady.ts'

export interface Message {
  readonly sender: string
  readonly text: string
}

/** A rule's match in one message. */
export interface MessageSign extends RuleMatch {
  readonly messageIndex: number
  /** Certainty of the stage model, for its signs only: 1 weak, 2 medium, 3 strong, and values between. */
  readonly degree?: number
}

/** Stages that ask for something or shut others out; the others (friendship, age, school) only add weight to these. */
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
  secrecy: { weak: 0.4, medium: 1.4, strong: 2.4 },
  'risk-assessment': { weak: 0.5, medium: 1.2, strong: 2.2 },
  exclusivity: { weak: 0.4, medium: 1.2, strong: 2.2 },
  'image-request': { weak: 0.2, medium: 1.1, strong: 2.2 },
  meeting: { weak: 0.4, medium: 1, strong: 2.2 },
  'platform-move': { weak: 0.4, medium: 0.9, strong: 2 },
  gifts: { weak: 0.4, medium: 1.1, strong: 1.8 },
  threats: { weak: 0.8, medium: 1.8, strong: 3 },
  compliance: { weak: 0.5, medium: 1.2, strong: 2.2 },
  'sexual-topic': { weak: 0.3, medium: 0.8, strong: 1.2 },
  friendship: { weak: 0.4, medium: 0.9, strong: 1.2 },
  relationship: { weak: 0.3, medium: 0.5, strong: 0.8 },
  'minor-sign': { weak: 0.5, medium: 0.9, strong: 1.3 },
  'adult-sign': { weak: 0.2, medium: 0.5, strong: 0.8 },
}

/** Factor on the stage model's signs: a similar sentence proves less than a phrase of a written rule. */
const BY_MODEL = 0.65

/** Log-odds of a conversation without signs. */
const NOTHING = -4.4
/** Upper limit of the log-odds without a stage that asks for something. */
const NOTHING_ASKED = -2.5
/**
 * Most log-odds that the stage model may add to those of the rules: it counts beside a rule, never alone. Alone it marked
 * 11 to 29 % of ordinary blocks of 60, and rules marked none (docs/evidence/models.md).
 */
const MODEL_ADDS = 1.5
/** The same where no sign indicates a young person. */
const MODEL_ADDS_TO_ADULTS = 1
/** Log-odds from which a stage counts as one of several. */
const COUNTS_FROM = 0.8
/** Addition for 0, 1, 2 … concerning stages from one side: each alone has an innocent reading, several seldom do. */
const TOGETHER = [0, 0, 0.6, 1.4, 2.1] as const
const TO_A_CHILD = 0.8
const ONE_SIDED = 0.5
const RISING = 0.4

export interface SenderEvidence {
  readonly sender: string
  readonly logit: number
  readonly stages: readonly string[]
  /** The signs that made the log-odds. */
  readonly carriedBy: readonly MessageSign[]
}

/** Evidence per sender, strongest first; equal senders in the order of their first message. */
export function weighSenders(messages: readonly Message[], signs: readonly MessageSign[]): SenderEvidence[] {
  const senders = [...new Set(messages.map(({ sender }) => sender))]
  return senders.map((sender) => weighSender(sender, messages, signs)).sort((a, b) => b.logit - a.logit)
}

function weighSender(
  sender: string,
  messages: readonly Message[],
  signs: readonly MessageSign[],
): SenderEvidence {
  const ruled = weighSigns(sender, messages, signs.filter(isRuled))
  const all = signs.every(isRuled) ? ruled : weighSigns(sender, messages, signs)
  const signed = signs.filter((sign) => messages[sign.messageIndex]!.sender === sender && isConcerning(sign))
  const own = messages.filter((one) => one.sender === sender)
  const steadily = sender === WITHOUT_TURNS ? NOT_STEADY : steadinessOf(signed, own.length)
  const adds = Math.max(ruled.young ? MODEL_ADDS : MODEL_ADDS_TO_ADULTS, steadily.modelAdds)
  const logit = Math.max(ruled.logit, Math.min(all.logit, ruled.logit + adds)) + steadily.adds
  return { stages: all.stages, carriedBy: all.carriedBy, sender, logit }
}

function isConcerning({ rule }: MessageSign): boolean {
  return (CONCERNING as readonly string[]).includes(rule.sign.stage)
}

/** Found by a rule, not by the stage model. */
function isRuled({ degree }: MessageSign): boolean {
  return degree === undefined
}

function weighSigns(sender: string, messages: readonly Message[], signs: readonly MessageSign[]) {
  const by = (sign: MessageSign) => messages[sign.messageIndex]!.sender === sender
  const own = signs.filter(by)
  const carried = carriedByStage(own, isRelative(signs, by))
  const stages = new Map(
    [...carried].map(([stage, [first, second]]) => [stage, first!.adds + (second?.adds ?? 0) / 2]),
  )
  const age = youngest(signs, by, new Set(messages.map((message) => message.sender)).size === 1)
  const young = age === undefined ? 0 : ADDS['minor-sign']![age.strength]
  const concerning = CONCERNING.filter((stage) => (stages.get(stage) ?? 0) >= COUNTS_FROM)
  let logit = NOTHING + young
  for (const adds of stages.values()) logit += adds
  logit += TOGETHER[Math.min(together(concerning, young > 0), TOGETHER.length - 1)]!
  if (young === 0 && concerning.every((stage) => COURTSHIP.includes(stage))) logit -= COURTING
  if (young >= COUNTS_FROM && concerning.length > 0) logit += TO_A_CHILD
  if (isOneSided(own, signs, by)) logit += ONE_SIDED
  if (endsStrongerThanItBegan(own)) logit += RISING
  return {
    logit: concerning.length === 0 ? Math.min(logit, NOTHING_ASKED) : logit,
    young: young > 0,
    stages: [...stages.keys()].sort(),
    carriedBy: [...[...carried.values()].flat().map(({ sign }) => sign), ...(age === undefined ? [] : [age])],
  }
}

/** Ordinary courtship between adults: without a sign of someone young these stages count as one. */
const COURTSHIP = ['exclusivity', 'image-request', 'meeting', 'platform-move', 'gifts']

/**
 * Subtracted from the log-odds without a sign of someone young, of secrecy, pressure or supervision: two adults write
 * the same.
 */
const COURTING = 2

function together(concerning: readonly string[], young: boolean): number {
  const courtship = concerning.filter((stage) => COURTSHIP.includes(stage)).length
  return young ? concerning.length : concerning.length - courtship + Math.min(1, courtship)
}

interface CarryingSign {
  readonly sign: MessageSign
  readonly adds: number
}

/** The strongest sign of each stage, and the next one from another rule or message, which counts half. */
function carriedByStage(
  own: readonly MessageSign[],
  relative: boolean,
): ReadonlyMap<string, readonly CarryingSign[]> {
  const found = new Map<string, Map<string, CarryingSign>>()
  for (const sign of own) {
    const { rule, strength, messageIndex, degree } = sign
    const table = ADDS[rule.sign.stage]
    if (table === undefined || rule.sign.stage.startsWith('minor')) continue
    const everyday =
      relative && (strength !== 'strong' || degree !== undefined) && EVERYDAY.includes(rule.sign.stage)
    const adds = everyday
      ? table.weak
      : degree === undefined
        ? table[strength]
        : BY_MODEL * between(table, degree)
    const stage = found.get(rule.sign.stage) ?? new Map<string, CarryingSign>()
    found.set(rule.sign.stage, stage)
    // Rules of two languages that read the same words are one sign.
    const key = `${rule.sign.id} ${messageIndex}`
    if (adds > (stage.get(key)?.adds ?? 0)) stage.set(key, { sign, adds })
  }
  return new Map(
    [...found].map(([stage, signs]) => [
      stage,
      [...signs.values()].sort((first, second) => second.adds - first.adds).slice(0, 2),
    ]),
  )
}

function between({ weak, medium, strong }: Readonly<Record<Strength, number>>, degree: number): number {
  const steps = [0, weak, medium, strong]
  const below = Math.min(2, Math.floor(degree))
  return steps[below]! + (degree - below) * (steps[below + 1]! - steps[below]!)
}

/**
 * Everyday questions of parents: who is at home, who fetches whom, a picture of it. Between relatives they prove
 * little.
 */
const EVERYDAY = ['meeting', 'risk-assessment', 'image-request', 'gifts']

function isRelative(signs: readonly MessageSign[], by: (sign: MessageSign) => boolean): boolean {
  return signs.some((sign) => sign.rule.sign.stage === 'family' && !by(sign))
}

/** Three signs or more, and at least three of four from this side. */
function isOneSided(
  own: readonly MessageSign[],
  all: readonly MessageSign[],
  by: (sign: MessageSign) => boolean,
): boolean {
  const mine = own.filter(isConcerning).length
  const theirs = all.filter((sign) => isConcerning(sign) && !by(sign)).length
  return mine >= 3 && mine >= 3 * theirs
}

const LATE = ['secrecy', 'image-request', 'meeting', 'threats', 'sexual-topic', 'platform-move']
const EARLY = ['friendship', 'relationship', 'exclusivity', 'gifts', 'risk-assessment']

/**
 * True where a late stage follows an early one. Stages repeat and skip, so the order must satisfy no more than this.
 */
function endsStrongerThanItBegan(own: readonly MessageSign[]): boolean {
  const firstEarly = own.find((sign) => EARLY.includes(sign.rule.sign.stage))
  return (
    firstEarly !== undefined &&
    own.some((sign) => LATE.includes(sign.rule.sign.stage) && sign.messageIndex > firstEarly.messageIndex)
  )
}

/**
 * The age of a young person may come from either side: "I'm 13" from the other, "you're only 13" from this one. With
 * unknown senders both count.
 * @returns the strongest such sign
 */
function youngest(
  signs: readonly MessageSign[],
  by: (sign: MessageSign) => boolean,
  sendersUnknown: boolean,
): MessageSign | undefined {
  const saying = signs.filter(
    (sign) =>
      (sign.rule.sign.stage === 'minor-sign' && (sendersUnknown || !by(sign))) ||
      (sign.rule.sign.stage === 'minor-named' && by(sign)),
  )
  const adds = ({ strength }: MessageSign) => ADDS['minor-sign']![strength]
  return saying.sort((first, second) => adds(second) - adds(first))[0]
}

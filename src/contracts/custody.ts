/** The custody log: what happened to a ledger after it was written, what persons decided and saw, and what vouches for its head. */

export const PASSES = ['first', 'second', 'peer', 'adjudicate'] as const

export type Pass = (typeof PASSES)[number]

/** One content decided on by one person: of each (content, scale, operator) the last one stands. */
export interface DecisionFact {
  readonly kind: 'decision'
  /** Lower-case hex. */
  readonly sha256: string
  /** Scale that the category belongs to. */
  readonly scale: string
  /** `adjudicated`: where two persons differ, by somebody who may settle it. */
  readonly act: 'decided' | 'withdrawn' | 'adjudicated'
  /** Null when withdrawn. */
  readonly category: string | null
  readonly note: string
  readonly pass: Pass | null
  /** Of the review that it was made in. */
  readonly session: string | null
}

/**
 * What the program had shown a person of a content when that person decided on it.
 *
 * `list`: nothing of it, and a list of illegal material or of interest holds it; `unseen`: nothing of it; `preview`: at most 16 × 16
 * grey cells; `imported`: graded in another tool; `revealed`: a view of the content, in this review or an earlier one.
 */
export const SIGHTS = ['list', 'unseen', 'preview', 'imported', 'revealed'] as const

export type Sight = (typeof SIGHTS)[number]

export interface SessionFact {
  readonly kind: 'session'
  readonly session: string
  readonly act: 'opened' | 'closed'
  readonly pass: Pass | null
  readonly scale: string | null
}

/** Why a person looks at original pixels. With `other` the person says why in words of their own, which stand in the event's detail. */
export const REVEAL_REASONS = ['unclear', 'report', 'second-grading', 'adjudication', 'other'] as const
export type RevealReason = (typeof REVEAL_REASONS)[number]

/** A view of original pixels: `asked` is logged before they are decoded, `shown` or `refused` after. */
export interface RevealFact {
  readonly kind: 'reveal'
  readonly sha256: string
  readonly act: 'asked' | 'refused' | 'shown'
  /** One of {@link REVEAL_REASONS}; a sentence in older logs. */
  readonly reason: string
  /** How it was shown: `grey`, `small`, … */
  readonly treatment: string | null
  /** Which frame or page; null: all. */
  readonly part: string | null
  /** Number of the event that asked; null when this is it. */
  readonly asked: number | null
  readonly shownMs: number | null
  readonly session: string | null
}

/** What people sign: says head, digests and the file's SHA-256. */
export interface StatementFact {
  readonly kind: 'statement'
  readonly text: string
}

export interface SignatureFact {
  readonly kind: 'signature'
  /** Number of the event that holds the statement. */
  readonly statement: number
  readonly algorithm: string
  readonly signer: string
  /** DER; null for a bare key. */
  readonly certificate: Buffer | null
  readonly value: Buffer
}

/** RFC 3161, DER. */
export interface TimeStampFact {
  readonly kind: 'time-stamp'
  readonly statement: number
  readonly request: Buffer | null
  readonly response: Buffer
}

export type CustodyFact =
  | DecisionFact
  | SessionFact
  | RevealFact
  | StatementFact
  | SignatureFact
  | TimeStampFact

export interface CustodyEvent {
  /** Counted from 1. */
  readonly number: number
  readonly utc: string
  /** Operating-system account. */
  readonly account: string
  /** The person, as declared; null when nobody was named. */
  readonly operator: string | null
  readonly event: string
  readonly detail: Readonly<Record<string, string>>
  /** Null for events that are said by their detail alone. */
  readonly fact: CustodyFact | null
  readonly head: string
}

/** Every event that this version writes. What is read may be of another version, and holds any name. */
export const CUSTODY_EVENTS = [
  'sealed',
  'text-index-made',
  'verified',
  'verification-failed',
  'reported',
  'report-signed',
  'searched',
  'compared',
  'rematched',
  'decided',
  'withdrawn',
  'adjudicated',
  'decisions-imported',
  'released',
  'seal-stated',
  'signed',
  'time-stamp-requested',
  'time-stamped',
  'packed',
  'pack-failed',
  'output-broken-off',
  'review-opened',
  'review-closed',
  'review-second-client',
  'review-request-refused',
  'needs-eyes',
  'reveal-asked',
  'reveal-refused',
  'reveal-shown',
] as const

export type CustodyEventName = (typeof CUSTODY_EVENTS)[number]

/**
 * The custody log: events of a ledger after it was written, decisions and views of persons, and signatures over its
 * head.
 */

export const PASSES = ['first', 'second', 'peer', 'adjudicate'] as const

export type Pass = (typeof PASSES)[number]

/** One decision of one person on one content. The last decision of each (content, scale, operator) is valid. */
export interface DecisionFact {
  readonly kind: 'decision'
  /** Lower-case hex. */
  readonly sha256: string
  /** Scale that the category belongs to. */
  readonly scale: string
  /** `adjudicated`: two persons differ, and a person with the authority to settle it decided. */
  readonly act: 'decided' | 'withdrawn' | 'adjudicated'
  /** Null when withdrawn. */
  readonly category: string | null
  readonly note: string
  readonly pass: Pass | null
  /** Review session in which the person decided. */
  readonly session: string | null
}

/**
 * How much of a content the program had shown to a person before the person decided on it.
 *
 * `list`: nothing, and a list of illegal material or of interest contains the content. `unseen`: nothing. `preview`: at
 * most 16 × 16 grey cells. `blurred`, `grey`, `colour`: the highest level that was shown (contracts/sight.ts).
 * `revealed`: a view whose level the log does not say (older logs). `imported`: graded in another tool.
 */
export type Sight = 'list' | 'unseen' | 'preview' | 'blurred' | 'grey' | 'colour' | 'imported' | 'revealed'

export interface SessionFact {
  readonly kind: 'session'
  readonly session: string
  readonly act: 'opened' | 'closed'
  readonly pass: Pass | null
  readonly scale: string | null
}

/** Why a person views original pixels. With `other` the person enters a reason, which the event's detail stores. */
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
  /** Frame or page that was shown; null: all. */
  readonly part: string | null
  /** Number of the `asked` event; null in the `asked` event itself. */
  readonly asked: number | null
  readonly shownMs: number | null
  readonly session: string | null
}

/** The statement that people sign. It contains the head, the digests and the SHA-256 of the file. */
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
  /** The person, as declared; null if no person was named. */
  readonly operator: string | null
  readonly event: string
  readonly detail: Readonly<Record<string, string>>
  /** Null for events that `detail` describes completely. */
  readonly fact: CustodyFact | null
  readonly head: string
}

/** Every event that this version writes. A log of another version may contain other names. */
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
  'screen-asked',
  'screen-shown',
  'words-shown',
  'tagged',
  'untagged',
  'noted',
  'rescue-put',
  'rescue-taken',
  'previews-kept',
  'similarity-kept',
  'view-saved',
  'view-removed',
  'export-begun',
  'export-ended',
  'case-opened',
  'exhibit-added',
  'exhibit-moved',
  'person-named',
  'policy-set',
  'decisions-exported',
  'case-served',
  'case-serving-ended',
  'work-leased',
  'work-returned',
  'work-reassigned',
  'work-assigned',
] as const

export type CustodyEventName = (typeof CUSTODY_EVENTS)[number]

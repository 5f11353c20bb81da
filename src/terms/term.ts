/** A term of an agency's list. Reports show the id; the words stay in the encrypted store. */

/**
 * `word`: begins and ends where words do. `anywhere`: also inside a word. `whole`: is all there is between two separators
 * of a path, or the whole text.
 */
export const MATCH_MODES = ['word', 'anywhere', 'whole'] as const
export type MatchMode = (typeof MATCH_MODES)[number]

export interface Term {
  readonly id: string
  readonly term: string
  readonly language: string | null
  readonly category: string | null
  readonly source: string | null
  /** ISO-8601 date after which the term is not used any more. */
  readonly expires: string | null
  readonly match: MatchMode
}

/** What may leave the store without being asked for. */
export interface TermHit {
  readonly termId: string
  readonly category: string | null
  readonly language: string | null
  /** Path component that it was found in, null in text. */
  readonly component: number | null
  /** Offsets into the text or path. */
  readonly start: number
  readonly end: number
}

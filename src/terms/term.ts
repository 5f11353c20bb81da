/** A term of an agency's list. Reports show the id; the words stay in the encrypted store. */

/**
 * `word`: begins and ends at word edges. `anywhere`: also inside a word. `whole`: the whole text between two separators
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
  /** ISO-8601 date after which the term is no longer used. */
  readonly expires: string | null
  readonly match: MatchMode
}

/** Data that may leave the store without a request. */
export interface TermHit {
  readonly termId: string
  readonly category: string | null
  readonly language: string | null
  /** Path component of the match; null in text. */
  readonly component: number | null
  /** Offsets into the text or path. */
  readonly start: number
  readonly end: number
}

/** Kinds of the times in a record: a closed list. Texts: report/texts. */
import type { FileTime } from './entry.ts'

export const RECORD_TIMES = [
  'modified',
  'created',
  'written',
  'accessed',
  'opened',
  'added',
  'begun',
  'completed',
  'last-shared',
  'last-seen-complete',
  'last-received',
  'last-active',
  'visited',
  'trashed',
] as const

export type RecordTimeKind = (typeof RECORD_TIMES)[number]

export interface RecordTime {
  readonly kind: RecordTimeKind
  readonly when: FileTime
}

/** Times and digests of a record. A reference and a sign both store them. */
export interface RecordFacts {
  /** Kind of `when`; null if the record has only one time, which its code defines. */
  readonly whenKind: RecordTimeKind | null
  /** The other times of the record. */
  readonly moreTimes: readonly RecordTime[]
  /** All digests that the record names, by algorithm; lower-case hex. */
  readonly digests: Readonly<Record<string, string>>
}

/** Names for digests of parts of a content. Lists never contain them; they extend RECORD_DIGESTS. */
export const OF_PIECES = 'sha1-of-pieces'
export const OF_TREE = 'sha256-of-tree'

export const NO_RECORD_FACTS: RecordFacts = { whenKind: null, moreTimes: [], digests: {} }

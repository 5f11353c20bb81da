/** The times that one record keeps: which of them each is. A closed list; words stand in the texts of reports. */
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

/** What a record says of itself beside its words: kept with a reference and with a sign. */
export interface RecordFacts {
  /** Which time `when` is; null where the record keeps one alone, and its code says which. */
  readonly whenKind: RecordTimeKind | null
  /** The others that it keeps. */
  readonly moreTimes: readonly RecordTime[]
  /** All that the record names, by algorithm; lower-case hex. */
  readonly digests: Readonly<Record<string, string>>
}

/** Names of digests of stretches of a content, which no list holds, beside those of RECORD_DIGESTS. */
export const OF_PIECES = 'sha1-of-pieces'
export const OF_TREE = 'sha256-of-tree'

export const NO_RECORD_FACTS: RecordFacts = { whenKind: null, moreTimes: [], digests: {} }

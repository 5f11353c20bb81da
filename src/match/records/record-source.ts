/** Records of a list as the matcher sees them, wherever they lie. */
import type { AlgorithmPlace } from './algorithms.ts'

/** A record of which some digest equals a wanted one. */
export interface Found {
  readonly record: number
  readonly present: number
  /** Bits of the wanted digests that the record has equal; those it has and that are not here differ. */
  agreed: number
  /** NaN: the record has no size. */
  readonly size: number
  readonly category: string | null
}

/** A whole record. */
export interface Candidate {
  readonly record: number
  readonly present: number
  /** A wide record (algorithms.ts) in words of four bytes. */
  readonly words: Uint32Array
  readonly size: number
  readonly category: string | null
}

/** What the matcher asks of a list. `wanted` is a wide record in words; `wantedBits` says which digests are in it. */
export interface RecordSource {
  /** Bits of the algorithms that any record has. */
  readonly present: number
  /** False: certainly no record has one of these digests. Looks at the first two words of each only. */
  mayHold(wanted: Uint32Array, wantedBits: number): boolean
  /** Adds every record of which some digest equals a wanted one. */
  find(wanted: Uint32Array, wantedBits: number, found: Found[]): void
  /** Bits of the wanted digests that a record has equal. */
  agreement(record: number, wanted: Uint32Array, wantedBits: number): number
  /** Every record once, always in the same order. */
  candidates(): Iterable<Candidate>
  /** How many records have this algorithm. */
  counted(place: AlgorithmPlace): number
  /**
   * Every record that has the algorithm, in the order of {@link candidates}, without an object a record.
   * @param use gets a wide record in words, of which that algorithm's alone are filled; overwritten by the next
   */
  each(place: AlgorithmPlace, use: (wide: Uint32Array, category: string | null) => void): void
  close(): void
}

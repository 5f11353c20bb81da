/** Records of a list as the matcher sees them, in memory or in an index. */
import type { AlgorithmPlace } from './algorithms.ts'

/** A record with a digest that equals a wanted one. */
export interface Found {
  readonly record: number
  readonly present: number
  /** Bits of the record's digests that equal the wanted ones; its other digests differ. */
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

/** Queries of the matcher to a list. `wanted` is a wide record in words; `wantedBits` names its present digests. */
export interface RecordSource {
  /** Bits of the algorithms that any record has. */
  readonly present: number
  /** False: certainly no record has one of these digests. It reads only the first two words of each. */
  mayHold(wanted: Uint32Array, wantedBits: number): boolean
  /** Adds every record with a digest that equals a wanted one. */
  find(wanted: Uint32Array, wantedBits: number, found: Found[]): void
  /** Bits of the wanted digests that equal the record's. */
  agreement(record: number, wanted: Uint32Array, wantedBits: number): number
  /** Every record once, always in the same order. */
  candidates(): Iterable<Candidate>
  /** Number of records with this algorithm. */
  counted(place: AlgorithmPlace): number
  /**
   * Every record with the algorithm, in the order of {@link candidates}, without an object per record.
   * @param use gets a wide record in words that contains only this algorithm's digest; the next call overwrites it
   */
  each(place: AlgorithmPlace, use: (wide: Uint32Array, category: string | null) => void): void
  /** Alternative hashes (packed) from where a wide record's last two words say. */
  alternatives(low: number, high: number): Buffer
  close(): void
}

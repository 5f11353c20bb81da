/** One algorithm of a compiled index: the position of its digests, its filter, and the entries that point to rows. */
import type { AlgorithmPlace } from '../records/algorithms.ts'
import { blockHolds, bloomWord } from './bloom.ts'
import type { Section } from './index-layout.ts'
import { BLOCK_MASK, type Directory, type ResidentWords } from './resident.ts'

export interface AlgorithmReader {
  readonly place: AlgorithmPlace
  readonly bit: number
  /** In a wide record and in a row, in words. */
  readonly at: number
  readonly rowAt: number
  readonly words: number
  /** Some record has it as its first: rows are sorted by it. */
  readonly isPrimary: boolean
  /** True where it is the first algorithm of every record. */
  readonly isSorted: boolean
  readonly bloomBlocks: number
  readonly bloom: ResidentWords
  readonly entries: Section | null
  readonly entryDirectory: Directory | null
}

export function algorithmMayHold(algorithm: AlgorithmReader, wanted: Uint32Array): boolean {
  // A filter's block of eight words never spans two blocks of the file.
  const at = bloomWord(algorithm.bloomBlocks, wanted[algorithm.at]!)
  return blockHolds(algorithm.bloom.block(at), at & BLOCK_MASK, wanted[algorithm.at + 1]!)
}

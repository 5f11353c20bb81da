/**
 * Draws blocks at random without replacement, compares them with listed blocks, and computes the bound of the draw.
 *
 * A stranger can repeat the draw: number i is 48 bits (big-endian, six bytes at 6 × (i mod 5)) of SHA-256(seed ‖ ':' ‖
 * ⌊i / 5⌋ in decimal). It is dropped when it is at or above the largest multiple of N below 2^48, or when its remainder
 * by N was drawn before. Blocks are read in the order of their offsets.
 */
import { createHash } from 'node:crypto'
import { listedBlocksNotExcluded } from '../../../base/sample-bound.ts'
import type { ByteRange, Medium } from '../../../contracts/image.ts'
import { piecesOfRange } from './range-pieces.ts'

export interface SampleStatement {
  readonly seed: string
  readonly blockBytes: number
  /** Blocks that could be drawn (N) and that were (n). */
  readonly blocks: number
  readonly drawn: number
  /** Of the drawn blocks: compared with the list; filled with one repeated byte, which no list contains; unreadable. */
  readonly compared: number
  readonly constant: number
  readonly damaged: number
  /** Bytes of the ranges outside whole blocks, which are never drawn. */
  readonly excludedBytes: number
  readonly hits: readonly { readonly offset: number }[]
  /**
   * With neither a hit nor a damaged block: the greatest number of listed blocks among the N that this draw would miss
   * with a probability of more than 1 − confidence. Null otherwise: then the draw bounds nothing.
   * It does not cover content whose blocks are not in the list, or are unaligned, encrypted or compressed.
   */
  readonly notExcluded: { readonly confidence: number; readonly blocks: number } | null
}

/** The bytes are valid until the next block. */
export interface DrawnBlock {
  readonly offset: number
  readonly bytes: Buffer
}

const NUMBERS_PER_DIGEST = 5
const NUMBER_BYTES = 6
const CONFIDENCE = 0.99

/**
 * @param ranges called twice: to count, then to read
 * @param matches true where a list contains a block; not called for damaged blocks and those of one repeated byte
 */
export function sampled(
  medium: Medium,
  ranges: () => Iterable<ByteRange>,
  { seed, blockBytes, draws }: { readonly seed: string; readonly blockBytes: number; readonly draws: number },
  matches: (block: DrawnBlock) => boolean,
): SampleStatement {
  let blocks = 0
  let excludedBytes = 0
  for (const { length } of ranges()) {
    blocks += Math.floor(length / blockBytes)
    excludedBytes += length % blockBytes
  }
  const numbers = drawn(seed, blocks, Math.min(draws, blocks))
  const hits: { offset: number }[] = []
  let constant = 0
  let damaged = 0
  for (const block of blocksNumbered(medium, ranges(), blockBytes, numbers)) {
    if (medium.damageIn(block.offset, blockBytes).length > 0) damaged++
    else if (block.bytes.subarray(1).equals(block.bytes.subarray(0, -1))) constant++
    else if (matches(block)) hits.push({ offset: block.offset })
  }
  const isBound = hits.length === 0 && damaged === 0
  return {
    seed,
    blockBytes,
    blocks,
    drawn: numbers.length,
    compared: numbers.length - constant - damaged,
    constant,
    damaged,
    excludedBytes,
    hits,
    notExcluded: isBound
      ? { confidence: CONFIDENCE, blocks: listedBlocksNotExcluded(blocks, numbers.length, CONFIDENCE) }
      : null,
  }
}

/** `count` different numbers below `end`, in order. */
export function drawn(seed: string, end: number, count: number): number[] {
  if (count >= end) return Array.from({ length: end }, (_, n) => n)
  const limit = Math.floor(2 ** 48 / end) * end
  const numbers = new Set<number>()
  for (let index = 0; numbers.size < count; index++) {
    const digest = createHash('sha256').update(`${seed}:${index}`).digest()
    for (let n = 0; n < NUMBERS_PER_DIGEST && numbers.size < count; n++) {
      const number = digest.readUIntBE(n * NUMBER_BYTES, NUMBER_BYTES)
      if (number < limit) numbers.add(number % end)
    }
  }
  return [...numbers].sort((a, b) => a - b)
}

function* blocksNumbered(
  medium: Medium,
  ranges: Iterable<ByteRange>,
  blockBytes: number,
  numbers: readonly number[],
): Iterable<DrawnBlock> {
  let next = 0
  let before = 0
  for (const range of ranges) {
    const here = Math.floor(range.length / blockBytes)
    for (; next < numbers.length && (numbers[next] ?? 0) < before + here; next++) {
      const offset = range.offset + ((numbers[next] ?? 0) - before) * blockBytes
      yield* piecesOfRange(medium, { offset, length: blockBytes }, blockBytes, blockBytes)
    }
    before += here
  }
}

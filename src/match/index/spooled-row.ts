/**
 * Rows before they are written into an index.
 *
 * A record's row begins with present bits, flag and category number in one word. Then come the present digests in
 * order, so that the first digest's first word is always the second word. The size in two words and the position of its
 * extras, if any, follow.
 * An entry: the first two words of a digest, and the number of its row.
 */
import { ALGORITHMS, ALTERNATIVE, algorithmsIn } from '../records/algorithms.ts'
import { ENTRY_WORDS } from './index-layout.ts'
import type { RowKind } from './sort-rows.ts'

/** Bit in a row's first word. */
export const HAS_EXTRA = 0x100
/** Bits of the first word that go into the index and are compared. */
export const HEAD_MASK = 0xffff_00ff

export const ROWS: RowKind = {
  wordsAt: (words: Uint32Array, at: number) =>
    spooledWords(words[at]! & 0xff, (words[at]! & HAS_EXTRA) !== 0),
  keyAt: 1,
  compare: compareSpooled,
}

export const ENTRIES: RowKind = {
  wordsAt: () => ENTRY_WORDS,
  keyAt: 0,
  compare: (words: Uint32Array, x: number, y: number) =>
    words[x]! - words[y]! || words[x + 1]! - words[y + 1]! || words[x + 2]! - words[y + 2]!,
}

const DIGEST_WORDS = Uint8Array.from({ length: 1 << ALGORITHMS.length }, (_, present) =>
  algorithmsIn(present).reduce((words, place) => words + (place.bytes >>> 2), 0),
)

export function spooledWords(present: number, hasExtra: boolean): number {
  return 1 + DIGEST_WORDS[present]! + 2 + (hasExtra ? 2 : 0)
}

/** By first digest, then everything else that matching looks at; 0: duplicates. */
export function compareSpooled(words: Uint32Array, x: number, y: number): number {
  if (words[x + 1] !== words[y + 1]) return words[x + 1]! - words[y + 1]!
  const [headX, headY] = [(words[x]! & HEAD_MASK) >>> 0, (words[y]! & HEAD_MASK) >>> 0]
  const [presentX, presentY] = [headX & 0xff, headY & 0xff]
  const length = Math.min(DIGEST_WORDS[presentX]!, DIGEST_WORDS[presentY]!)
  const hasPlace = ((presentX | presentY) & ALTERNATIVE.bit) !== 0
  // The place of alternative hashes is the last field, and makes no two records differ.
  if (hasPlace && presentX !== presentY) return presentX - presentY
  const compared = hasPlace ? length - 2 : length
  for (let w = 2; w <= compared; w++) {
    if (words[x + w] !== words[y + w]) return words[x + w]! - words[y + w]!
  }
  if (headX !== headY) return headX - headY
  const low = words[x + length + 1]! - words[y + length + 1]!
  return low !== 0 ? low : words[x + length + 2]! - words[y + length + 2]!
}

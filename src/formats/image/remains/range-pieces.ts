/** The beginnings of the steps of a range, read in larger pieces. */
import type { ByteRange, Medium } from '../../../contracts/image.ts'

const PIECE_BYTES = 1 << 20

/** @returns `length` bytes at each step of `grid`, while the range has that many; the buffer is valid until the next */
export function* piecesOfRange(
  medium: Medium,
  range: ByteRange,
  grid: number,
  length: number,
): Generator<{ readonly offset: number; readonly bytes: Buffer }> {
  const end = Math.min(range.offset + range.length, medium.sizeBytes)
  const piece = Buffer.alloc(Math.max(PIECE_BYTES, length))
  let from = 0
  let held = 0
  for (let at = range.offset; at + length <= end; at += grid) {
    if (at < from || at + length > from + held) {
      from = at
      held = medium.readInto(piece.subarray(0, Math.min(piece.length, end - at)), at)
      if (held < length) return
    }
    yield { offset: at, bytes: piece.subarray(at - from, at - from + length) }
  }
}

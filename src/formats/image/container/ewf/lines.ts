/**
 * Reads lines of UTF-16LE text on a medium one by one. The file list of a logical image grows with the number of
 * files, so it is not read at once.
 */
import type { ByteRange, Medium } from '../../../../contracts/image.ts'
import { readAt } from '../../content/read-at.ts'

const PIECE_BYTES = 1 << 16
/** A name has at most 32,767 characters, and an entry lists its extents. A longer line is damage and is cut. */
const LINE_BYTES_AT_MOST = 1 << 20

/** @returns each line as UTF-16LE bytes, without the line feed; lone surrogates stay unchanged */
export function* linesOf(medium: Medium, range: ByteRange): IterableIterator<Buffer> {
  let held: Buffer[] = []
  let heldBytes = 0
  const take = (bytes: Buffer): void => {
    const room = LINE_BYTES_AT_MOST - heldBytes
    if (room > 0 && bytes.length > 0) held.push(bytes.subarray(0, room))
    heldBytes += bytes.length
  }
  for (let at = 0; at < range.length; at += PIECE_BYTES) {
    const piece = readAt(medium, range.offset + at, Math.min(PIECE_BYTES, range.length - at))
    let from = 0
    for (let unit = 0; unit + 1 < piece.length; unit += 2) {
      if (piece[unit] !== 0x0a || piece[unit + 1] !== 0) continue
      take(piece.subarray(from, unit))
      yield Buffer.concat(held)
      held = []
      heldBytes = 0
      from = unit + 2
    }
    take(piece.subarray(from))
  }
  if (heldBytes > 0) yield Buffer.concat(held)
}

/** Values between tabs. */
export function cellsOf(line: Buffer): Buffer[] {
  const cells: Buffer[] = []
  let from = 0
  for (let unit = 0; unit + 1 < line.length; unit += 2) {
    if (line[unit] !== 0x09 || line[unit + 1] !== 0) continue
    cells.push(line.subarray(from, unit))
    from = unit + 2
  }
  cells.push(line.subarray(from))
  return cells
}

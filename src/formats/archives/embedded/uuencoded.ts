/**
 * Decodes the lines of a uuencoded file, as old mail programs and Usenet carry attachments. A line has one letter for its
 * count of bytes, then four letters for each three bytes. @see IEEE Std 1003.1, uuencode, "Historical algorithm"
 */
import type { ByteSource } from '../../bytes/byte-source.ts'
import type { Run } from './letters.ts'

const LONGEST_NAME = 4096
const WINDOW_BYTES = 1 << 16
/** Count, 63 bytes in letters, a checksum that some programs add, and the line end. */
const LONGEST_LINE = 90
const LF = 0x0a

/** @param from behind the mode in the line `begin 644 name` @param most limit for the decoded bytes, passed by one line */
export function uuRun(source: ByteSource, from: number, most: number): Run {
  const name = source.read(from, LONGEST_NAME).indexOf(LF)
  const parts: Buffer[] = []
  let length = 0
  let at = name === -1 ? source.sizeBytes : from + name + 1
  let held = source.read(at, WINDOW_BYTES)
  let heldAt = at
  while (length <= most) {
    if (at + LONGEST_LINE > heldAt + held.length && heldAt + held.length < source.sizeBytes) {
      held = source.read(at, WINDOW_BYTES)
      heldAt = at
    }
    const window = held.subarray(at - heldAt, at - heldAt + LONGEST_LINE)
    const end = window.indexOf(LF)
    const bytes = lineOf(window.subarray(0, end === -1 ? window.length : end))
    // An empty line of data comes before the line `end`.
    if (bytes === null || bytes.length === 0) break
    parts.push(bytes)
    length += bytes.length
    at += end === -1 ? window.length : end + 1
  }
  return { bytes: Buffer.concat(parts), end: at }
}

/** Null when the line is none of a uuencoded file. Spaces at the end of a line, which stand for zeros, may be cut off. */
function lineOf(line: Buffer): Buffer | null {
  const letters = line.at(-1) === 0x0d ? line.subarray(0, -1) : line
  if (letters.length === 0 || letters.some((letter) => letter < 0x20 || letter > 0x60)) return null
  const count = sixBits(letters[0]!)
  const most = 1 + Math.ceil(count / 3) * 4
  if (letters.length > most + 2) return null
  const bytes = Buffer.alloc(Math.ceil(count / 3) * 3)
  for (let i = 0; i * 4 + 1 < most; i++) {
    const [a, b, c, d] = [1, 2, 3, 4].map((n) => sixBits(letters[i * 4 + n] ?? 0x20)) as [
      number,
      number,
      number,
      number,
    ]
    bytes.writeUIntBE((a << 18) | (b << 12) | (c << 6) | d, i * 3, 3)
  }
  return bytes.subarray(0, count)
}

const sixBits = (letter: number) => (letter - 0x20) & 0x3f

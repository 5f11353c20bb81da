/** LZ77 with Huffman codes of MS-XCA 2.1, as WOF stores files in chunks of 4, 8 or 16 KiB. */
import { Bits, Code } from './bits.ts'

const SYMBOLS = 512
const TABLE_BYTES = SYMBOLS / 2
const MIN_MATCH = 3

const code = new Code(SYMBOLS)
const lengths = new Uint8Array(SYMBOLS)

/** @returns bytes decoded into `target`; all of it unless `stored` is damaged */
export function decodeXpress(stored: Buffer, target: Buffer): number {
  return decodeChunk(stored, 0, target, 0, target.length).at
}

/** Bytes of output for which one code is valid, in longer streams. */
const CHUNK_BYTES = 64 * 1024

/** One stream with a new code every 64 KiB, as in prefetch files; matches may refer to all earlier output. */
export function decodeXpressStream(stored: Buffer, target: Buffer): number {
  let [from, at] = [0, 0]
  while (at < target.length) {
    // The last match of a chunk may exceed the chunk, and the next chunk begins behind it.
    const end = Math.min(target.length, at + CHUNK_BYTES)
    const done = decodeChunk(stored, from, target, at, end)
    if (done.at < end) return done.at
    at = done.at
    from = done.next
  }
  return at
}

/** @param end end of the chunk, except for its last match. @returns end offset, and the beginning of the next chunk */
function decodeChunk(
  stored: Buffer,
  from: number,
  target: Buffer,
  begin: number,
  end: number,
): { readonly at: number; readonly next: number } {
  let at = begin
  if (stored.length < from + TABLE_BYTES) return { at, next: from }
  for (let index = 0; index < TABLE_BYTES; index++) {
    const byte = stored[from + index] as number
    lengths[index * 2] = byte & 15
    lengths[index * 2 + 1] = byte >> 4
  }
  if (!code.build(lengths)) return { at, next: from }
  const bits = new Bits(stored, from + TABLE_BYTES)
  while (at < end) {
    const symbol = code.next(bits)
    if (symbol < 0 || bits.beyond > 2) break
    if (symbol < 256) {
      target[at++] = symbol
      continue
    }
    const distanceBits = (symbol >> 4) & 15
    bits.ensure(16)
    const distance = (1 << distanceBits) + bits.take(distanceBits)
    let length = symbol & 15
    if (length === 15) {
      length += bits.byte()
      if (length === 15 + 255) length = bits.byte() | (bits.byte() << 8)
    }
    const stop = at + length + MIN_MATCH
    if (distance > at || stop > target.length) break
    for (; at < stop; at++) target[at] = target[at - distance] as number
  }
  return { at, next: bits.readAhead() }
}

/** LZ77 with Huffman codes of MS-XCA 2.1, as WOF stores files in chunks of 4, 8 or 16 KiB. */
import { Bits, Code } from './bits.ts'

const SYMBOLS = 512
const TABLE_BYTES = SYMBOLS / 2
const MIN_MATCH = 3

const code = new Code(SYMBOLS)
const lengths = new Uint8Array(SYMBOLS)

/** @returns bytes decoded into `target`; all of it unless `stored` is damaged */
export function decodeXpress(stored: Buffer, target: Buffer): number {
  if (stored.length < TABLE_BYTES) return 0
  for (let index = 0; index < TABLE_BYTES; index++) {
    const byte = stored[index] as number
    lengths[index * 2] = byte & 15
    lengths[index * 2 + 1] = byte >> 4
  }
  if (!code.build(lengths)) return 0
  const bits = new Bits(stored, TABLE_BYTES)
  let at = 0
  while (at < target.length) {
    const symbol = code.next(bits)
    if (symbol < 0 || bits.beyond > 2) return at
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
    if (distance > at || stop > target.length) return at
    for (; at < stop; at++) target[at] = target[at - distance] as number
  }
  return at
}

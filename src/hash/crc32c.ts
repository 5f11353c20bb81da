/**
 * CRC-32C (Castagnoli, reflected polynomial 82F63B78) without the final inversion, as ext4 and jbd2 chain it from part
 * to part.
 */
const POLYNOMIAL = 0x82f63b78

/** Tables for four bytes at a time: TABLES[k * 256 + b] is byte b followed by k zero bytes. */
const TABLES = tables()

function tables(): Int32Array {
  const table = new Int32Array(4 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
    table[byte] = value
  }
  for (let index = 256; index < table.length; index++) {
    const before = table[index - 256] ?? 0
    table[index] = (before >>> 8) ^ (table[before & 0xff] ?? 0)
  }
  return table
}

/**
 * @param seed CRC of the preceding bytes (0xFFFFFFFF at the start); the result of one part is the seed of the next
 * @returns unsigned 32 bits; the usual CRC-32C is its complement
 */
export function crc32c(seed: number, bytes: Uint8Array): number {
  const table = TABLES
  let value = seed | 0
  let at = 0
  for (const end = bytes.length - 3; at < end; at += 4) {
    value ^=
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    value =
      (table[768 + (value & 0xff)] as number) ^
      (table[512 + ((value >>> 8) & 0xff)] as number) ^
      (table[256 + ((value >>> 16) & 0xff)] as number) ^
      (table[value >>> 24] as number)
  }
  for (; at < bytes.length; at++) {
    value = (table[(value ^ (bytes[at] as number)) & 0xff] as number) ^ (value >>> 8)
  }
  return value >>> 0
}

/** The same over one little-endian 32-bit word. */
export function crc32cWord(seed: number, word: number): number {
  WORD.writeUInt32LE(word >>> 0)
  return crc32c(seed, WORD)
}
const WORD = Buffer.alloc(4)

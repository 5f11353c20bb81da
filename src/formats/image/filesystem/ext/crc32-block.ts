/**
 * CRC-32 of the first kind of transaction checksums: most significant bit first (kernel: crc32_be), without inversions.
 */
const POLYNOMIAL = 0x04c11db7
const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ POLYNOMIAL : value << 1
  return value
})

/** @param seed CRC of the preceding bytes; 0xFFFFFFFF at the start of a transaction */
export function crc32Block(seed: number, bytes: Uint8Array): number {
  let value = seed | 0
  for (const byte of bytes) value = (value << 8) ^ (TABLE[((value >>> 24) ^ byte) & 0xff] ?? 0)
  return value >>> 0
}

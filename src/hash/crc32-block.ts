/**
 * CRC-32 with the most significant bit first, without inversions: of blocks of bzip2, and of transactions in the first kind of
 * checksums of ext (kernel: crc32_be). `node:zlib` has only the reflected form.
 */
const POLYNOMIAL = 0x04c11db7
const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ POLYNOMIAL : value << 1
  return value
})

/** @param seed the result for the bytes before; 0xFFFFFFFF at the beginning */
export function crc32Block(seed: number, bytes: Uint8Array): number {
  let value = seed | 0
  for (let at = 0; at < bytes.length; at++)
    value = (value << 8) ^ (TABLE[((value >>> 24) ^ (bytes[at] as number)) & 0xff] as number)
  return value >>> 0
}

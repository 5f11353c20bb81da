/**
 * CRC-32C (Castagnoli), the checksum of VHDX structures.
 *
 * @see RFC 3720, appendix B.4
 */
const POLYNOMIAL = 0x82f63b78
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
  return value >>> 0
})

/** @param zeroed offset of four bytes that count as zeros: the checksum itself */
export function crc32c(bytes: Uint8Array, zeroed: number): number {
  let value = 0xffffffff
  for (const [index, byte] of bytes.entries()) {
    const counted = index >= zeroed && index < zeroed + 4 ? 0 : byte
    value = TABLE[(value ^ counted) & 0xff]! ^ (value >>> 8)
  }
  return ~value >>> 0
}

/** CRC-16 (reflected polynomial A001), the checksum of group descriptors before metadata checksums. */
const POLYNOMIAL = 0xa001
const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
  return value
})

/** @param seed CRC of the preceding bytes; 0xFFFF at the start */
export function crc16(seed: number, bytes: Uint8Array): number {
  let value = seed
  for (const byte of bytes) value = (value >>> 8) ^ (TABLE[(value ^ byte) & 0xff] ?? 0)
  return value
}

/**
 * Checksum of a VHDX structure: CRC-32C, in which the checksum's own four bytes count as zeros.
 *
 * @see MS-VHDX, section 2.2.2; RFC 3720, appendix B.4
 */
import { crc32c as crc32cOf } from '../../../../hash/crc32c.ts'

const CHECKSUM_BYTES = 4
const ZEROS = Buffer.alloc(CHECKSUM_BYTES)

/** @param zeroed offset of the checksum */
export function crc32c(bytes: Uint8Array, zeroed: number): number {
  const before = crc32cOf(0xffffffff, bytes.subarray(0, zeroed))
  const rest = bytes.subarray(zeroed + CHECKSUM_BYTES)
  const own = Math.min(CHECKSUM_BYTES, Math.max(0, bytes.length - zeroed))
  return ~crc32cOf(crc32cOf(before, ZEROS.subarray(0, own)), rest) >>> 0
}

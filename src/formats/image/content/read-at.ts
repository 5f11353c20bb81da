/** Reads bytes of a medium as a buffer, and bounded numbers from a buffer. */
import type { Medium } from '../../../contracts/image.ts'

/**
 * @returns the bytes of [offset, offset + length) that the medium has: fewer at its end, none behind it or before its
 *   beginning
 */
export function readAt(medium: Medium, offset: number, length: number): Buffer {
  if (!(offset >= 0)) return Buffer.alloc(0)
  // A medium really fills the number of bytes that it returns, so no other memory becomes visible.
  const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, medium.sizeBytes - offset)))
  return buffer.subarray(0, buffer.length === 0 ? 0 : medium.readInto(buffer, offset))
}

/** Little-endian 64 bits; larger than 2^53 − 1 reads as Infinity, which every bound refuses. */
export function u64(buffer: Buffer, at: number): number {
  const value = buffer.readUInt32LE(at + 4) * 2 ** 32 + buffer.readUInt32LE(at)
  return Number.isSafeInteger(value) ? value : Number.POSITIVE_INFINITY
}

/** Big-endian 64 bits; larger than 2^53 − 1 reads as Infinity, which every bound refuses. */
export function u64be(buffer: Buffer, at: number): number {
  const value = buffer.readUInt32BE(at) * 2 ** 32 + buffer.readUInt32BE(at + 4)
  return Number.isSafeInteger(value) ? value : Number.POSITIVE_INFINITY
}

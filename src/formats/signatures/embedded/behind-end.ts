/** Decides whether data follows the end of a content. Zeros, line ends and fill bytes do not count. */
import { hasMark } from './marks.ts'
import type { Walk } from './walk.ts'

/**
 * Shorter data without a known signature does not count: some phones append a few hundred bytes of maker notes to
 * every picture.
 */
export const LEAST_UNKNOWN_BYTES = 1024

/** @param end offset where the content ends by its own structure */
export function* isFollowed(end: number, sizeBytes: number): Walk<boolean> {
  for (let at = end; at < sizeBytes; ) {
    const bytes = yield { at, least: 2 }
    const padding = paddingBytes(bytes)
    at += padding
    if (padding === bytes.length) continue
    const left = sizeBytes - at
    return left >= LEAST_UNKNOWN_BYTES || hasMark((yield { at, least: left }).subarray(0, left))
  }
  return false
}

/** @returns count of padding bytes at the start */
export function paddingBytes(bytes: Buffer): number {
  let at = 0
  while (at < bytes.length && isPadding(bytes, at)) at++
  return at
}

function isPadding(bytes: Buffer, at: number): boolean {
  const byte = bytes[at]!
  // FF D8 may start a picture.
  if (byte === 0xff) return bytes[at + 1] !== 0xd8
  return byte === 0 || byte === 0x0a || byte === 0x0d || byte === 0x20
}

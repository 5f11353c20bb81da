/** Whether something lies behind the end of a content: zeros, line ends and fill are nothing. */
import { hasMark } from './marks.ts'
import type { Walk } from './walk.ts'

/** What is less and begins like nothing that is known is nothing: makers' notes of some hundred bytes stand behind every picture of some phones. */
export const LEAST_UNKNOWN_BYTES = 1024

/** @param end where the content ends by its own structure */
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

/** @returns how many of the first bytes are padding */
export function paddingBytes(bytes: Buffer): number {
  let at = 0
  while (at < bytes.length && isPadding(bytes, at)) at++
  return at
}

function isPadding(bytes: Buffer, at: number): boolean {
  const byte = bytes[at]!
  // A picture may begin with it.
  if (byte === 0xff) return bytes[at + 1] !== 0xd8
  return byte === 0 || byte === 0x0a || byte === 0x0d || byte === 0x20
}

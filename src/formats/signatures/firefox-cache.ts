/**
 * An entry of Firefox's cache says at its end where what is known of the body begins: it is told by that, before what the body
 * itself begins with is asked. No digest of a list is that of a body with all this behind it.
 *
 * All numbers are big-endian. @see Firefox netwerk/cache2/CacheFileMetadata.h
 */

/** Of the body each has a digest of 16 bits. */
const PIECE_BYTES = 256 * 1024
const HEADER_BYTES = 28
const MOST_VERSION = 4

export interface FirefoxMetadata {
  readonly bodyBytes: number
  readonly modifiedSeconds: number
  /** In the bytes that were given. */
  readonly keyAt: number
  readonly elementsAt: number
}

/** @param tail the last bytes */
export function firefoxMetadata(tail: Buffer, sizeBytes: number): FirefoxMetadata | null {
  if (tail.length < HEADER_BYTES + 12) return null
  const bodyBytes = tail.readUInt32BE(tail.length - 4)
  if (bodyBytes >= sizeBytes) return null
  const pieces = Math.ceil(bodyBytes / PIECE_BYTES)
  const at = bodyBytes - (sizeBytes - tail.length) + 4 + pieces * 2
  if (at < 4 || at + HEADER_BYTES + 8 > tail.length) return null
  const version = tail.readUInt32BE(at)
  if (version === 0 || version > MOST_VERSION) return null
  const keyAt = at + HEADER_BYTES + (version === 1 ? 0 : 4)
  const elementsAt = keyAt + tail.readUInt32BE(at + 24) + 1
  if (elementsAt > tail.length - 4 || elementsAt < keyAt + 3) return null
  // The key ends with zero and holds an address.
  if (tail[elementsAt - 1] !== 0 || !tail.subarray(keyAt, elementsAt).includes(0x3a)) return null
  if (tail.subarray(keyAt, elementsAt - 1).includes(0)) return null
  return { bodyBytes, modifiedSeconds: tail.readUInt32BE(at + 12), keyAt, elementsAt }
}

/**
 * Recognises an entry of the Firefox cache. The end of the entry states the offset of the metadata behind the body.
 * This check runs before the signatures of the body, because the digest of the whole entry is in no list of bodies.
 *
 * All numbers are big-endian. @see Firefox netwerk/cache2/CacheFileMetadata.h
 */

/** Each piece of the body of this size has a digest of 16 bits. */
const PIECE_BYTES = 256 * 1024
const HEADER_BYTES = 28
const MOST_VERSION = 4

export interface FirefoxMetadata {
  readonly bodyBytes: number
  readonly modifiedSeconds: number
  /** Offset in `tail`. */
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
  // The key ends with zero and contains a URL.
  if (tail[elementsAt - 1] !== 0 || !tail.subarray(keyAt, elementsAt).includes(0x3a)) return null
  if (tail.subarray(keyAt, elementsAt - 1).includes(0)) return null
  return { bodyBytes, modifiedSeconds: tail.readUInt32BE(at + 12), keyAt, elementsAt }
}

/**
 * Computes the length of a zstd frame. Containers pad frames, and a decoder would take the padding for a second
 * frame.
 *
 * @see RFC 8878, section 3.1.1
 */
const MAGIC = 0xfd2fb528
const DICTIONARY_BYTES = [0, 1, 2, 4]
const CONTENT_SIZE_BYTES = [0, 2, 4, 8]

/** @returns length of the first frame, or of all bytes when they are not one complete frame */
export function zstdFrameBytes(bytes: Buffer): number {
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== MAGIC) return bytes.length
  const descriptor = bytes[4]!
  const single = (descriptor & 0x20) !== 0
  const sizeFlag = descriptor >> 6
  const sizeBytes = sizeFlag === 0 && single ? 1 : CONTENT_SIZE_BYTES[sizeFlag]!
  let at = 5 + (single ? 0 : 1) + DICTIONARY_BYTES[descriptor & 3]! + sizeBytes
  while (at + 3 <= bytes.length) {
    const header = bytes.readUIntLE(at, 3)
    const runLength = ((header >> 1) & 3) === 1
    at += 3 + (runLength ? 1 : header >> 3)
    if (header & 1) return Math.min(bytes.length, at + (descriptor & 4 ? 4 : 0))
  }
  return bytes.length
}

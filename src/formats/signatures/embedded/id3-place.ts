/** Finds the ID3 tag in sounds that store it in a chunk or behind a pointer. */
import type { Walk } from './walk.ts'

/** Reads a number from four bytes of seven bits each. */
export function syncSafe(bytes: Buffer, at: number): number {
  return (bytes[at]! << 21) | (bytes[at + 1]! << 14) | (bytes[at + 2]! << 7) | bytes[at + 3]!
}

export interface Id3Place {
  /** Null: the file has no tag. */
  readonly at: number | null
  /** Offset behind the last chunk; null when unknown. */
  readonly end: number | null
}

const NOWHERE: Id3Place = { at: null, end: null }

/** Chunks with name and length, in RIFF or IFF (`isBig`), up to the end of the content. */
function* id3Chunk(isBig: boolean, sizeBytes: number): Walk<Id3Place> {
  const sizeIn = (bytes: Buffer) => (isBig ? bytes.readUInt32BE(4) : bytes.readUInt32LE(4))
  const head = yield { at: 0, least: 12 }
  const end = head.length < 12 ? 8 : 8 + sizeIn(head)
  // A file written to a pipe states no size.
  if (end === 8 || end > 0xfffffff0) return NOWHERE
  for (let at = 12; at + 8 <= Math.min(end, sizeBytes); ) {
    const chunk = yield { at, least: 8 }
    if (chunk.length < 8) break
    if (/^id3 $/i.test(chunk.toString('latin1', 0, 4))) return { at: at + 8, end: end + (end & 1) }
    const size = sizeIn(chunk)
    at += 8 + size + (size & 1)
  }
  return { at: null, end: end + (end & 1) }
}

/** The pointer is at byte 20. @see Sony, "DSF file format specification" */
function* dsfPointer(): Walk<Id3Place> {
  const head = yield { at: 0, least: 28 }
  const at = head.length < 28 ? 0 : Number(head.readBigUInt64LE(20))
  return at > 0 ? { at, end: null } : NOWHERE
}

/** @returns null for formats with the tag at the start, or with no tag */
export function id3Place(mediaType: string, sizeBytes: number): Walk<Id3Place> | null {
  if (mediaType === 'audio/wav') return id3Chunk(false, sizeBytes)
  if (mediaType === 'audio/aiff') return id3Chunk(true, sizeBytes)
  return mediaType === 'audio/x-dsf' ? dsfPointer() : null
}

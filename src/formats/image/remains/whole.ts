/** Whether bytes are one whole picture to their last byte: every code of it decodes, or every checksum of it agrees. */
import type { DecodedRows } from './common/carver.ts'
import { JpegStream } from './jpeg/stream.ts'
import { PngWalk } from './png-walk.ts'

/** @returns how it was seen; null: it is not whole, or of a format that says nothing of its data */
export function isWholeByDecoding(bytes: Buffer): 'decoding' | 'checksums' | null {
  if (bytes.length < 16) return null
  if (bytes.readUInt16BE(0) === 0xffd8) return endsWhole(new JpegStream(), bytes) ? 'decoding' : null
  if (bytes.readUInt32BE(0) === 0x89504e47) return endsWhole(new PngWalk(), bytes) ? 'checksums' : null
  return null
}

function endsWhole(walk: JpegStream | PngWalk, bytes: Buffer): boolean {
  return walk.walk(bytes, bytes.length) === 'whole' && walk.at === bytes.length
}

/** @returns null: a JPEG that is whole (other data may follow its end), one of a kind that is not decoded, or no JPEG */
export function decodesInPart(bytes: Buffer): DecodedRows | null {
  if (bytes.length < 16 || bytes.readUInt16BE(0) !== 0xffd8) return null
  const walk = new JpegStream()
  const result = walk.walk(bytes, bytes.length)
  if (result === 'whole' || result === 'unchecked' || walk.frame === null) return null
  return { rows: walk.rows, ofRows: walk.frame.height, scan: Math.max(1, walk.scans) }
}

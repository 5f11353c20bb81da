/**
 * Checks whether a file ends before its own structure. Some decoders fill missing parts without a report (GIF, AVIF,
 * QOI, APNG with a complete first frame). The score of half a picture must be marked as such.
 */

import type { Detail } from '../../../contracts/detail.ts'
import { mediaTypeRow } from '../../../media-types/applies.ts'
import type { MediaType } from '../../../media-types/table.ts'

/** @returns null when the structure is complete, or the format has no check */
export function truncationOf(bytes: Buffer, mediaType: string): Detail | null {
  const whole = CHECKS[mediaTypeRow(mediaType).end ?? 'none'](bytes)
  return whole ? null : { code: 'ends-before-structure', params: {} }
}

const CHECKS: Readonly<Record<NonNullable<MediaType['end']> | 'none', (bytes: Buffer) => boolean>> = {
  none: () => true,
  gif,
  png,
  boxes,
  jxl: (bytes) => bytes.readUInt32BE(0) !== 12 || boxes(bytes),
  qoi: (bytes) => bytes.subarray(-8).equals(Buffer.from([0, 0, 0, 0, 0, 0, 0, 1])),
  riff: (bytes) => bytes.length >= 12 && bytes.readUInt32LE(4) + 8 <= bytes.length + 1,
}

/** Blocks up to the trailer (GIF89a specification, sections 17–27). */
function gif(bytes: Buffer): boolean {
  if (bytes.length < 13) return false
  let at = 13 + colourTableBytes(bytes[10] as number)
  while (at < bytes.length) {
    const kind = bytes[at]
    if (kind === 0x3b) return true
    if (kind === 0x2c) at += 10 + colourTableBytes(bytes[at + 9] ?? 0) + 1
    else if (kind === 0x21) at += 2
    // Bytes between blocks are skipped, as decoders do.
    else {
      at++
      continue
    }
    for (let length = bytes[at]; length; length = bytes[at]) at += length + 1
    at++
  }
  return false
}

function colourTableBytes(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0
}

/** Chunks up to IEND. */
function png(bytes: Buffer): boolean {
  for (let at = 8; at + 12 <= bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'IEND') return true
  }
  return false
}

/** Top-level boxes of ISO/IEC 14496-12; the last one may extend "to the end". */
function boxes(bytes: Buffer): boolean {
  let at = 0
  while (at + 8 <= bytes.length) {
    const short = bytes.readUInt32BE(at)
    if (short === 0) return true
    const large = short === 1 && at + 16 <= bytes.length
    const size = large ? Number(bytes.readBigUInt64BE(at + 8)) : short
    if (size < 8) return false
    at += size
  }
  // A few extra bytes at the end do not mean truncation.
  return at <= bytes.length
}

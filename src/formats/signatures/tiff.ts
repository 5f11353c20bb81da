/**
 * Determines TIFF and the raw camera formats based on TIFF. Only the first directory is read, and only inside the
 * head.
 */
import type { Sample } from '../../media-types/sample.ts'

// Tags of the first directory that distinguish the formats: TIFF 6.0, DNG 1.7, TIFF/EP (ISO 12234-2), and Sony's own.
const MAKE = 0x010f
const SUB_DIRECTORIES = 0x014a
const SONY_PRIVATE = 0xc634
const SONY_RAW_TYPE = 0xc4a5
const DNG_VERSION = 0xc612

export function tiffType({ head }: Sample): string {
  const big = head[0] === 0x4d
  const u16 = (at: number) => (big ? head.readUInt16BE(at) : head.readUInt16LE(at))
  const u32 = (at: number) => (big ? head.readUInt32BE(at) : head.readUInt32LE(at))
  if (head.length >= 10 && head[8] === 0x43 && head[9] === 0x52) return 'image/x-canon-cr2'
  const directory = head.length >= 8 ? u32(4) : head.length
  if (directory + 2 > head.length) return 'image/tiff'
  const tags = new Set<number>()
  let make = ''
  for (let i = 0; i < u16(directory); i++) {
    const at = directory + 2 + i * 12
    if (at + 12 > head.length) break
    const tag = u16(at)
    tags.add(tag)
    if (tag === MAKE) make = head.toString('latin1', u32(at + 8), u32(at + 8) + 24).toUpperCase()
  }
  if (tags.has(DNG_VERSION)) return 'image/x-adobe-dng'
  // A raw file stores its sensor data in sub-directories. Files of a scanner or editor from the same maker have none.
  const raw = tags.has(SUB_DIRECTORIES)
  if (make.startsWith('SONY') && (tags.has(SONY_PRIVATE) || tags.has(SONY_RAW_TYPE) || raw))
    return 'image/x-sony-arw'
  if (make.startsWith('NIKON') && raw) return 'image/x-nikon-nef'
  if (make.startsWith('PENTAX') && raw) return 'image/x-pentax-pef'
  return 'image/tiff'
}

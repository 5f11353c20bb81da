/**
 * Detects pictures in a HEIF file besides the displayed one: a track of pictures (AVIF and HEIC sequences), and items
 * that are not displayed.
 */
import { boxesIn } from './heif-boxes.ts'
import { heifItems } from './heif-items.ts'

/** Media types of one family: an item index in which some items are thumbnails. */
export const HEIF_TYPES: ReadonlySet<string> = new Set([
  'image/heic',
  'image/heif',
  'image/heic-sequence',
  'image/heif-sequence',
  'image/avif',
])

/** The file contains a video; only its first frame is shown as a picture. @see ISO/IEC 23008-12, 7 */
export function hasTrack(file: Buffer): boolean {
  let files = 0
  for (const { type } of boxesIn(file)) {
    if (type === 'ftyp' && ++files > 1) return false
    if (type === 'moov') return true
  }
  return false
}

/** Coded pictures, and pictures composed of them. */
const PICTURES = new Set(['hvc1', 'av01', 'avc1', 'jpeg', 'j2k1', 'unci', 'grid', 'iden', 'iovl'])
/** References from an item that belongs to another picture: its thumbnail, its mask or depth map, the base of HDR. */
const BELONGING = new Set(['thmb', 'auxl', 'base', 'prem'])

/** Count of independent pictures besides the displayed one, including hidden ones that viewers do not list. */
export function standingBeside(file: Buffer): number {
  const items = heifItems(file)
  if (!items) return 0
  const { all, references, primary } = items
  const belonging = new Set(
    references.flatMap(({ type, from, to }) => (type === 'dimg' ? to : BELONGING.has(type) ? [from] : [])),
  )
  return all.filter(({ id, type }) => id !== primary && PICTURES.has(type) && !belonging.has(id)).length
}

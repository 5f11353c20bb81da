/** What a HEIF file holds beside the picture that it shows: a track of pictures (AVIF and HEIC sequences), and items that nothing shows. */
import { boxesIn } from './heif-boxes.ts'
import { heifItems } from './heif-items.ts'

/** Of one family: an index of items, of which some are thumbnails. */
export const HEIF_TYPES: ReadonlySet<string> = new Set([
  'image/heic',
  'image/heif',
  'image/heic-sequence',
  'image/heif-sequence',
  'image/avif',
])

/** A film of its own, whose first frame alone is shown as a picture. @see ISO/IEC 23008-12, 7 */
export function hasTrack(file: Buffer): boolean {
  let files = 0
  for (const { type } of boxesIn(file)) {
    if (type === 'ftyp' && ++files > 1) return false
    if (type === 'moov') return true
  }
  return false
}

/** Coded pictures, and what is put together of them. */
const PICTURES = new Set(['hvc1', 'av01', 'avc1', 'jpeg', 'j2k1', 'unci', 'grid', 'iden', 'iovl'])
/** From what belongs to another picture: its thumbnail, its mask or depth, the base of HDR. */
const BELONGING = new Set(['thmb', 'auxl', 'base', 'prem'])

/** Pictures that stand by themselves, the one that is shown left out: hidden ones too, which viewers do not list. */
export function standingBeside(file: Buffer): number {
  const items = heifItems(file)
  if (!items) return 0
  const { all, references, primary } = items
  const belonging = new Set(
    references.flatMap(({ type, from, to }) => (type === 'dimg' ? to : BELONGING.has(type) ? [from] : [])),
  )
  return all.filter(({ id, type }) => id !== primary && PICTURES.has(type) && !belonging.has(id)).length
}

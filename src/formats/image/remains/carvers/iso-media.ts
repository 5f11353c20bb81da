/** ISO base media: boxes with their sizes. MP4 and QuickTime videos, HEIC and AVIF pictures. */
import type { CarvedLength, Carver } from '../common/carver.ts'
import { Window } from '../common/window.ts'

/** Boxes at the top level of a file (ISO 14496-12, table 1; QuickTime; additions of phones). */
const TOP_BOXES = new Set(
  'ftyp moov mdat free skip wide uuid meta moof mfra sidx styp pdin udta pnot PICT emsg ssix prft idat mpvd sefd inst beam thum SDLN'.split(
    ' ',
  ),
)
const PICTURE_BRANDS = new Set('heic heix heim heis hevc hevx mif1 msf1 avif avis'.split(' '))
const MOST_BOXES = 1_000_000

export const HEIC: Carver = {
  name: 'heic',
  mediaType: 'image/heic',
  begins: (head) => isFileType(head) && PICTURE_BRANDS.has(head.toString('latin1', 8, 12)),
  lengthOf: (medium, offset, maxBytes) =>
    boxesLength(
      new Window(medium, offset, maxBytes),
      (seen) => seen.has('meta') || (seen.has('moov') && seen.has('mdat')),
    ),
}

export const MP4: Carver = {
  name: 'mp4',
  mediaType: 'video/mp4',
  begins: (head) =>
    isFileType(head) &&
    !PICTURE_BRANDS.has(head.toString('latin1', 8, 12)) &&
    head.toString('latin1', 8, 12) !== 'qt  ',
  lengthOf: (medium, offset, maxBytes) => boxesLength(new Window(medium, offset, maxBytes), isVideo),
}

export const MOV: Carver = {
  name: 'mov',
  mediaType: 'video/quicktime',
  // Old files begin without a type: with the index, or with room for a longer size of the data.
  begins: (head) =>
    (isFileType(head) && head.toString('latin1', 8, 12) === 'qt  ') ||
    (head.toString('latin1', 4, 8) === 'moov' && head.toString('latin1', 12, 16) === 'mvhd') ||
    (head.length >= 16 &&
      head.readUInt32BE(0) === 8 &&
      head.toString('latin1', 4, 8) === 'wide' &&
      head.toString('latin1', 12, 16) === 'mdat'),
  lengthOf: (medium, offset, maxBytes) => boxesLength(new Window(medium, offset, maxBytes), isVideo),
}

function isFileType(head: Buffer): boolean {
  return (
    head.length >= 16 &&
    head.toString('latin1', 4, 8) === 'ftyp' &&
    head.readUInt32BE(0) >= 16 &&
    head.readUInt32BE(0) <= 1024
  )
}

function isVideo(seen: ReadonlySet<string>): boolean {
  return seen.has('moov') && (seen.has('mdat') || seen.has('moof'))
}

function boxesLength(file: Window, isWhole: (seen: ReadonlySet<string>) => boolean): CarvedLength | null {
  const seen = new Set<string>()
  let at = 0
  for (let boxes = 0; boxes < MOST_BOXES; boxes++) {
    const length = boxLength(file, at)
    const type = file.text(at + 4, 4)
    if (length === null || type === null || !TOP_BOXES.has(type)) break
    seen.add(type)
    if (at + length > file.sizeBytes) return { length: file.sizeBytes, complete: false }
    at += length
  }
  return seen.has('moov') || seen.has('mdat') || seen.has('meta')
    ? { length: at, complete: isWhole(seen) }
    : null
}

/** Null for an impossible size. Zero means to the end of the file, which is unknown here: all the room. */
function boxLength(file: Window, at: number): number | null {
  const size = file.u32be(at)
  if (size === null) return null
  if (size === 0) return file.sizeBytes - at + 1
  if (size !== 1) return size >= 8 ? size : null
  const wide = file.bytes(at + 8, 8)?.readBigUInt64BE(0)
  return wide === undefined || wide < 16n || wide > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(wide)
}

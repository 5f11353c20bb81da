/** Extracts pictures from APEv2 tags and from the header of ASF files (WMA, WMV). */
import type { ByteSource } from '../../bytes/byte-source.ts'

const TAIL_BYTES = 64 * 1024
const FOOTER_BYTES = 32
const MOST_TAG_BYTES = 64 << 20
const MOST_ITEMS = 1000

/**
 * Each item has length, flags, name and value. The value of a picture starts with its file name.
 * @see wiki.hydrogenaudio.org, "APE Tags Header", "APE Tag Item"
 */
export function* apePictures(source: ByteSource): Generator<Buffer> {
  const tailAt = Math.max(0, source.sizeBytes - TAIL_BYTES)
  const tail = source.read(tailAt, TAIL_BYTES)
  const footer = tail.lastIndexOf('APETAGEX', undefined, 'latin1')
  if (footer === -1 || footer + FOOTER_BYTES > tail.length) return
  // Size of the items and the footer.
  const size = tail.readUInt32LE(footer + 12)
  const from = tailAt + footer + FOOTER_BYTES - size
  if (size < FOOTER_BYTES || size > MOST_TAG_BYTES || from < 0) return
  const items = source.read(from, size - FOOTER_BYTES)
  for (let at = 0, i = 0; at + 9 < items.length && i < MOST_ITEMS; i++) {
    const named = items.indexOf(0, at + 8)
    if (named === -1) return
    const value = items.subarray(named + 1, named + 1 + items.readUInt32LE(at))
    if (/^cover art \(/i.test(items.toString('latin1', at + 8, named)))
      yield value.subarray(value.indexOf(0) + 1)
    at = named + 1 + value.length
  }
}

const PICTURE = Buffer.from('WM/Picture\0', 'utf16le')
const MOST_HEADER_BYTES = 128 << 20
const MOST_PICTURES = 64

/**
 * Finds attributes by name. Two objects contain them and differ in the fields between name and value.
 * @see Microsoft, "ASF specification", 3.11 and 4.8; Windows Media Format, WM_PICTURE
 */
export function* asfPictures(source: ByteSource): Generator<Buffer> {
  const head = source.read(0, 24)
  if (head.length < 24) return
  const header = source.read(0, Math.min(Number(head.readBigUInt64LE(16)), MOST_HEADER_BYTES))
  let at = header.indexOf(PICTURE)
  for (let i = 0; at !== -1 && i < MOST_PICTURES; i++) {
    const behind = at + PICTURE.length
    // Type and length of the value follow the name, or both precede it.
    const found = pictureAt(header, behind + 4) ?? pictureAt(header, behind)
    if (found) yield found
    at = header.indexOf(PICTURE, behind)
  }
}

/** Picture type, length, media type and description in UTF-16, then the picture. */
function pictureAt(header: Buffer, at: number): Buffer | null {
  if (at + 5 > header.length) return null
  const length = header.readUInt32LE(at + 1)
  const type = wideWord(header, at + 5)
  const from = wideWord(header, type)
  const isNamed = /^(image\/|$)/.test(header.toString('utf16le', at + 5, Math.max(at + 5, type - 2)))
  return isNamed && length > 0 && from + length <= header.length ? header.subarray(from, from + length) : null
}

function wideWord(bytes: Buffer, from: number): number {
  let at = from
  while (at + 1 < bytes.length && (bytes[at] !== 0 || bytes[at + 1] !== 0)) at += 2
  return at + 2
}

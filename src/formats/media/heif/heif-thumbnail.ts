/**
 * Extracts thumbnails that a HEIF file (HEIC, AVIF) stores as items.
 *
 * Such an item is not a file: the item index contains its decoder configuration. The thumbnail is therefore written
 * as a HEIF file of one item, from the item's bytes and properties only. The result is the same on every machine, and
 * the digests are those of this file. A JPEG item is already a file.
 */

import { printable } from '../../../base/printable.ts'
import { type Attribute, attribute } from '../../../contracts/attribute.ts'
import {
  type Embedded,
  type EmbeddedThumbnails,
  itemName,
  type UnreadThumbnail,
} from '../../../wire/thumbnail-entry.ts'
import { bigEndian, box, fullBox } from './heif-boxes.ts'
import { type HeifItem, heifItems } from './heif-items.ts'

const NOTHING: EmbeddedThumbnails = { found: [], notes: [] }
/** Cameras write one or two. */
const MOST = 8
/** A camera preview of 1620 × 1080 takes a tenth of this. */
const THUMBNAIL_BYTES = 8 * 1024 * 1024

/** Brand and media type of the file written for such an item. */
const CODED: Readonly<Record<string, { readonly brand: string; readonly mediaType: Embedded['mediaType'] }>> =
  {
    hvc1: { brand: 'heic', mediaType: 'image/heic' },
    av01: { brand: 'avif', mediaType: 'image/avif' },
  }

export function heifThumbnails(file: Buffer): EmbeddedThumbnails {
  const items = heifItems(file)
  if (!items) return NOTHING
  const found: Embedded[] = []
  const notes: Attribute[] = []
  const byId = new Map(
    items.references.filter(({ type }) => type === 'thmb').map((each) => [each.from, each]),
  )
  for (const { from: id, to } of [...byId.values()].slice(0, MOST)) {
    const cut = cutOut(items.item(id))
    const ofPicture = items.primary !== null && to.includes(items.primary)
    if ('reason' in cut) notes.push(attribute('embedded-thumbnail-unread', { item: id, ...cut }))
    else found.push({ name: itemName(id), ofPicture, ...cut })
  }
  const left = byId.size - MOST
  if (left > 0) notes.push(attribute('embedded-thumbnails-left-out', { thumbnails: left }))
  return { found, notes }
}

interface Unread {
  readonly reason: UnreadThumbnail
  readonly coding?: string
}

function cutOut(item: HeifItem | null): Pick<Embedded, 'bytes' | 'mediaType'> | Unread {
  if (!item) return { reason: 'not-in-file' }
  const { bytes, type } = item
  if (!bytes) return { reason: 'no-bytes' }
  if (bytes.length > THUMBNAIL_BYTES) return { reason: 'too-large' }
  if (type === 'jpeg') return { bytes, mediaType: 'image/jpeg' }
  const coded = CODED[type]
  if (!coded) return { reason: 'other-coding', coding: printable(type) }
  return { bytes: fileOfOneItem(item, bytes, coded.brand), mediaType: coded.mediaType }
}

function fileOfOneItem({ type, properties }: HeifItem, bytes: Buffer, brand: string): Buffer {
  const [one, none] = [bigEndian(2, 1), bigEndian(2, 0)]
  const links = properties.map(({ essential }, i) => bigEndian(2, (essential ? 0x8000 : 0) | (i + 1)))
  const ipma = box(
    'ipma',
    // Version 0, links of two bytes.
    bigEndian(4, 1),
    bigEndian(4, 1),
    one,
    bigEndian(1, links.length),
    ...links,
  )
  const meta = (offset: number) =>
    fullBox(
      'meta',
      0,
      fullBox('hdlr', 0, Buffer.from('\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0', 'latin1')),
      fullBox('pitm', 0, one),
      fullBox('iinf', 0, one, fullBox('infe', 2, one, none, Buffer.from(type, 'latin1'), bigEndian(1, 0))),
      // Offsets and lengths of four bytes; one item of one extent.
      fullBox(
        'iloc',
        0,
        bigEndian(2, 0x4400),
        one,
        one,
        none,
        one,
        bigEndian(4, offset),
        bigEndian(4, bytes.length),
      ),
      box('iprp', box('ipco', ...properties.map(({ box: property }) => property)), ipma),
    )
  const ftyp = box('ftyp', Buffer.from(`${brand}\0\0\0\0mif1${brand}`, 'latin1'))
  return Buffer.concat([ftyp, meta(ftyp.length + meta(0).length + 8), box('mdat', bytes)])
}

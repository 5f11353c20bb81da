/**
 * Reads the stated origin of a picture: camera, serial number, software, capture time. The attributes are neutral;
 * the scan groups pictures by them. The text comes from the file, so each value is limited. Times stay as the camera
 * wrote them: EXIF has no zone, so they are not converted.
 */

import exifr from 'exifr'
import { type Attribute, attribute } from '../../../contracts/attribute.ts'
import { detailOf, inShort } from '../../bytes/coded-error.ts'
import { placeAttributes } from '../../places/place-of.ts'
/** Statements of a file about its origin, as text. */
export type OriginCode =
  | 'camera-make'
  | 'camera-model'
  | 'camera-serial'
  | 'lens-serial'
  | 'software'
  | 'capture-time'
  | 'capture-time-offset'
  | 'image-unique-id'
  | 'document-id'
  | 'byline'
  | 'gps-position'

export interface MetadataOptions {
  /** Where the picture was taken, only on request (plan.options.gps). */
  readonly gps: boolean
}

const VALUE_CHARACTERS = 200
/** Limit for an XMP packet; in practice, tool and document are near its start. */
const XMP_CHARACTERS = 65_536

const EXIFR = {
  tiff: true,
  ifd0: true,
  exif: true,
  interop: false,
  ifd1: false,
  // Kept as text: parsing does not justify a second parser for hostile bytes.
  xmp: { parse: false },
  iptc: true,
  icc: false,
  jfif: false,
  ihdr: false,
  makerNote: false,
  userComment: false,
  mergeOutput: false,
  reviveValues: false,
  translateValues: false,
  sanitize: true,
} as unknown as Parameters<typeof exifr.parse>[1]

type Section = Readonly<Record<string, unknown>>

/** Never throws: unreadable metadata becomes an attribute. */
export async function metadataOf(
  bytes: Buffer,
  mediaType: string,
  { gps }: MetadataOptions,
): Promise<Attribute[]> {
  const source = readable(bytes, mediaType)
  if (source === null) return []
  try {
    const parsed = (await exifr.parse(source, EXIFR)) as Record<string, Section> | undefined
    return parsed ? attributesOf(parsed, gps) : []
  } catch (error) {
    const text = inShort(detailOf(error)).slice(0, VALUE_CHARACTERS)
    return [attribute('metadata-warning', { text })]
  }
}

/** The small JPEG that cameras store with the picture; null when there is none. */
export async function exifThumbnail(bytes: Buffer, mediaType: string): Promise<Buffer | null> {
  const source = readable(bytes, mediaType)
  if (source === null) return null
  try {
    const thumbnail = await exifr.thumbnail(source)
    const found = thumbnail ? Buffer.from(thumbnail) : null
    return found && found.length > 100 && found[0] === 0xff && found[1] === 0xd8 ? found : null
  } catch (error) {
    // metadataOf already reported damaged EXIF.
    if (error instanceof ReferenceError) throw error
    return null
  }
}

const READ_BY_EXIFR = new Set([
  'image/jpeg',
  'image/tiff',
  'image/heic',
  'image/heif',
  'image/avif',
  'image/png',
  'image/apng',
])

/** The bytes that exifr can read: the file itself, or for WebP its EXIF chunk, which is a TIFF. */
function readable(bytes: Buffer, mediaType: string): Buffer | null {
  if (READ_BY_EXIFR.has(mediaType) || mediaType === 'image/x-adobe-dng') return bytes
  if (mediaType !== 'image/webp') return null
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4)
    if (bytes.toString('latin1', at, at + 4) === 'EXIF') {
      const chunk = bytes.subarray(at + 8, at + 8 + length)
      return chunk.toString('latin1', 0, 4) === 'Exif' ? chunk.subarray(6) : chunk
    }
    at += 8 + length + (length & 1)
  }
  return null
}

function attributesOf(parsed: Readonly<Record<string, Section>>, place: boolean): Attribute[] {
  const { ifd0 = {}, exif = {}, gps = {}, iptc = {} } = parsed
  const xmp = typeof parsed.xmp === 'string' ? String(parsed.xmp).slice(0, XMP_CHARACTERS) : ''
  const rows: readonly (readonly [OriginCode, unknown])[] = [
    ['camera-make', ifd0.Make],
    ['camera-model', ifd0.Model],
    ['camera-serial', exif.BodySerialNumber ?? exif.SerialNumber ?? ifd0.CameraSerialNumber],
    ['lens-serial', exif.LensSerialNumber],
    ['software', ifd0.Software ?? fromXmp(xmp, 'xmp:CreatorTool')],
    ['capture-time', exif.DateTimeOriginal ?? exif.CreateDate],
    ['capture-time-offset', exif.OffsetTimeOriginal ?? exif.OffsetTime],
    ['image-unique-id', exif.ImageUniqueID],
    ['document-id', fromXmp(xmp, 'xmpMM:OriginalDocumentID') ?? fromXmp(xmp, 'xmpMM:DocumentID')],
    ['byline', iptc.Byline],
    ['gps-position', place ? position(gps) : null],
  ]
  return rows.flatMap(([code, value]) => {
    const text = textOf(value)
    if (text === '') return []
    return [attribute(code, { text }), ...(code === 'gps-position' ? placeAttributes(text) : [])]
  })
}

/** Reads an attribute or an element of a simple property; four names do not need complete RDF. */
function fromXmp(xmp: string, name: string): string | null {
  const found = new RegExp(`${name}(?:="([^"<]{1,400})"|>([^<]{1,400})<)`).exec(xmp)
  return found?.[1] ?? found?.[2] ?? null
}

function textOf(value: unknown): string {
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join('; ').slice(0, VALUE_CHARACTERS)
  return typeof value === 'string' ? value.replace(/\0+$/, '').trim().slice(0, VALUE_CHARACTERS) : ''
}

function position(gps: Section): string | null {
  const latitude = degrees(gps.GPSLatitude, gps.GPSLatitudeRef, 'S')
  const longitude = degrees(gps.GPSLongitude, gps.GPSLongitudeRef, 'W')
  return latitude === null || longitude === null ? null : `${latitude.toFixed(6)}, ${longitude.toFixed(6)}`
}

function degrees(value: unknown, reference: unknown, negative: string): number | null {
  if (!Array.isArray(value) || value.length !== 3) return null
  const [whole, minutes, seconds] = value.map(Number) as [number, number, number]
  const sum = whole + minutes / 60 + seconds / 3600
  if (!Number.isFinite(sum)) return null
  return reference === negative ? -sum : sum
}

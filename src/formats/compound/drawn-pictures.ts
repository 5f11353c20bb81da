/**
 * Extracts pictures from drawings of the older Office formats. The search finds them by their record headers at any
 * offset of a stream, so a document with damaged tables still gives its pictures.
 * @see MS-ODRAW 2.2.23–2.2.31 (OfficeArtBlip…)
 */
import { inflateSync } from 'node:zlib'

export interface DrawnPicture {
  /** File extension without the dot. */
  readonly extension: string
  /**
   * The picture as a separate file; metafiles are unpacked. @param most maximum of unpacked bytes; @throws RangeError
   */
  readonly content: (most: number) => Buffer
}

interface Blip {
  readonly extension: string
  /** Version and instance of the record: `one` with one digest of the picture, `two` with two. */
  readonly one: readonly number[]
  readonly two: readonly number[]
  readonly metafile: boolean
  readonly looksRight: (data: Buffer) => boolean
}

const jpeg = (data: Buffer) => data[0] === 0xff && data[1] === 0xd8
const any = () => true
const metafile = { metafile: true, looksRight: any }

const BLIPS: ReadonlyMap<number, Blip> = new Map([
  [0xf01a, { extension: 'emf', one: [0x3d4], two: [0x3d5], ...metafile }],
  [0xf01b, { extension: 'wmf', one: [0x216], two: [0x217], ...metafile }],
  [0xf01c, { extension: 'pict', one: [0x542], two: [0x543], ...metafile }],
  [0xf01d, { extension: 'jpg', one: [0x46a, 0x6e2], two: [0x46b, 0x6e3], metafile: false, looksRight: jpeg }],
  [0xf02a, { extension: 'jpg', one: [0x46a, 0x6e2], two: [0x46b, 0x6e3], metafile: false, looksRight: jpeg }],
  [
    0xf01e,
    {
      extension: 'png',
      one: [0x6e0],
      two: [0x6e1],
      metafile: false,
      looksRight: (data) => data.toString('latin1', 1, 4) === 'PNG',
    },
  ],
  [
    0xf01f,
    {
      extension: 'bmp',
      one: [0x7a8],
      two: [0x7a9],
      metafile: false,
      looksRight: (data) => data.length >= 40 && bitmapFile(data) !== null,
    },
  ],
  [
    0xf029,
    {
      extension: 'tif',
      one: [0x6e4],
      two: [0x6e5],
      metafile: false,
      looksRight: (data) => /^(II\*\0|MM\0\*)/.test(data.toString('latin1', 0, 4)),
    },
  ],
])

const HEADER = 8
const DIGEST = 16

export function* drawnPictures(bytes: Buffer): Generator<DrawnPicture> {
  for (let at = 0; at + HEADER <= bytes.length; ) {
    // Record types are 0xf01a–0xf02a: their second byte is always 0xf0.
    const high = bytes.indexOf(0xf0, at + 3)
    if (high === -1) return
    at = high - 3
    const picture = pictureAt(bytes, at)
    if (picture) {
      yield picture.picture
      at += HEADER + picture.length
    } else at++
  }
}

function pictureAt(bytes: Buffer, at: number): { picture: DrawnPicture; length: number } | null {
  if (at < 0 || at + HEADER > bytes.length) return null
  const blip = BLIPS.get(bytes.readUInt16LE(at + 2))
  if (!blip) return null
  const instance = bytes.readUInt16LE(at) >> 4
  const digests = blip.one.includes(instance) ? 1 : blip.two.includes(instance) ? 2 : 0
  const length = bytes.readUInt32LE(at + 4)
  if (digests === 0 || length > bytes.length - at - HEADER) return null
  const record = bytes.subarray(at + HEADER, at + HEADER + length)
  const data = record.subarray(digests * DIGEST + (blip.metafile ? METAFILE : 1))
  if (data.length === 0 || !blip.looksRight(data)) return null
  const content = (most: number) =>
    blip.metafile
      ? metafileContent(record, digests * DIGEST, data, most)
      : blip.extension === 'bmp'
        ? bitmapFile(data)!
        : data
  return { picture: { extension: blip.extension, content }, length }
}

/** OfficeArtMetafileHeader: size, bounds, size in units, saved size at 28, compression at 32 (0 is deflate). */
const METAFILE = 34

function metafileContent(record: Buffer, header: number, data: Buffer, most: number): Buffer {
  if (record[header + 32] !== 0) return data
  return inflateSync(data.subarray(0, record.readUInt32LE(header + 28)), {
    maxOutputLength: Math.max(1, most),
  })
}

// BITMAPFILEHEADER is 14 bytes; a bitmap in memory lacks it.
const FILE_HEADER = 14
/** With compression BI_BITFIELDS, three masks follow the header of 40 bytes. */
const BITFIELDS = 3

/** Converts a bitmap without file header to a file; null when it is not a bitmap. @see MS-WMF 2.2.2.9 */
function bitmapFile(dib: Buffer): Buffer | null {
  if (dib.length < 16) return null
  const header = dib.readUInt32LE(0)
  if (![12, 40, 52, 56, 64, 108, 124].includes(header) || dib.length < header) return null
  const [bits, perColour] = header === 12 ? [dib.readUInt16LE(10), 3] : [dib.readUInt16LE(14), 4]
  if (![1, 4, 8, 16, 24, 32].includes(bits)) return null
  const used = header >= 40 ? dib.readUInt32LE(32) : 0
  const colours = used > 0 && used <= 256 ? used : bits <= 8 ? 1 << bits : 0
  const masks = header === 40 && dib.readUInt32LE(16) === BITFIELDS ? 12 : 0
  const start = FILE_HEADER + header + masks + colours * perColour
  const file = Buffer.alloc(FILE_HEADER)
  file.write('BM', 'latin1')
  file.writeUInt32LE(FILE_HEADER + dib.length, 2)
  file.writeUInt32LE(start, 10)
  return Buffer.concat([file, dib])
}

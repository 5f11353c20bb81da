/**
 * Extracts pictures of a Flash video (SWF): JPEG, PNG and GIF unchanged, bitmaps converted to BMP. Videos, 15-bit
 * bitmaps and files compressed with LZMA are not decoded; the result reports them as not unpacked.
 * @see Adobe, "SWF File Format Specification 19": the SWF header, tags, bitmaps
 */
import { inflateSync } from 'node:zlib'
import { detailOf } from '../bytes/coded-error.ts'
import { identify } from '../signatures/index.ts'
import { ContainerDamaged, ContainerNotBuilt, type Extractor, wholeOf } from './common/container.ts'
import { embeddedBytes, endingOf } from './embedded/embedded.ts'
import { bmpOf, fits } from './raw-bitmap.ts'

const HEADER_BYTES = 8
const MOST_BYTES = 256 << 20
const TAG = {
  bits: 6,
  tables: 8,
  lossless: 20,
  jpeg2: 21,
  jpeg3: 35,
  lossless2: 36,
  video: 60,
  binary: 87,
  jpeg4: 90,
}

export const flash: Extractor = {
  id: 'flash',
  mediaTypes: ['application/x-shockwave-flash'],
  inMemory: true,
  async *members(source, budget) {
    let tables = NOTHING
    let isLeft = false
    for (const { code, data } of tagsOf(unpacked(wholeOf(source)))) {
      if (code === TAG.tables) tables = data
      if (code === TAG.video) isLeft = true
      const held = heldIn(code, data, tables)
      if (held === null) isLeft = true
      if (held === null || held.length === 0) continue
      budget.entry()
      const { mediaType } = identify(held, held.length)
      yield embeddedBytes(`object-${data.readUInt16LE(0)}.${endingOf(mediaType)}`, held, budget)
    }
    if (isLeft) throw new ContainerNotBuilt({ code: 'not-unpacked', params: {} })
  },
}

const NOTHING: Buffer = Buffer.alloc(0)

/** Unpacked bytes behind the header. */
function unpacked(whole: Buffer): Buffer {
  const packing = whole.toString('latin1', 0, 1)
  const body = whole.subarray(HEADER_BYTES)
  if (packing === 'F') return body
  if (packing !== 'C') throw new ContainerNotBuilt({ code: 'not-unpacked', params: {} })
  try {
    return inflateSync(body, { maxOutputLength: MOST_BYTES })
  } catch (error) {
    throw new ContainerDamaged(detailOf(error))
  }
}

interface Tag {
  readonly code: number
  readonly data: Buffer
}

function* tagsOf(body: Buffer): Generator<Tag> {
  // The frame rectangle: four sides with the stated number of bits each. Frame rate and frame count follow.
  let at = Math.ceil((5 + 4 * ((body[0] ?? 0) >> 3)) / 8) + 4
  while (at + 2 <= body.length) {
    const head = body.readUInt16LE(at)
    const isLong = (head & 0x3f) === 0x3f
    if (isLong && at + 6 > body.length) return
    const length = isLong ? body.readUInt32LE(at + 2) : head & 0x3f
    const from = at + (isLong ? 6 : 2)
    yield { code: head >> 6, data: body.subarray(from, from + length) }
    at = from + length
  }
}

/** The picture behind the object number. Empty: the tag is no picture; null: the picture cannot be decoded. */
function heldIn(code: number, data: Buffer, tables: Buffer): Buffer | null {
  if (data.length < 8) return NOTHING
  if (code === TAG.bits) return joined(tables, data.subarray(2))
  if (code === TAG.jpeg2) return plain(data.subarray(2))
  if (code === TAG.jpeg3) return plain(data.subarray(6, 6 + data.readUInt32LE(2)))
  if (code === TAG.jpeg4) return plain(data.subarray(8, 8 + data.readUInt32LE(2)))
  if (code === TAG.binary) return data.subarray(6)
  return code === TAG.lossless || code === TAG.lossless2 ? bitmapOf(data, code === TAG.lossless2) : NOTHING
}

const [BEGINS, ENDS] = [Buffer.from('ffd8', 'hex'), Buffer.from('ffd9', 'hex')]

/** Older programs wrote an end marker and a start marker before the picture. */
function plain(jpeg: Buffer): Buffer {
  return jpeg.subarray(0, 4).equals(Buffer.concat([ENDS, BEGINS])) ? jpeg.subarray(4) : jpeg
}

/** A separate tag contains the JPEG tables that these pictures share. */
function joined(tables: Buffer, data: Buffer): Buffer {
  const jpeg = plain(data)
  if (tables.length < 4) return jpeg
  const shared = tables.subarray(-2).equals(ENDS) ? tables.subarray(0, -2) : tables
  return Buffer.concat([plain(shared), jpeg.subarray(0, 2).equals(BEGINS) ? jpeg.subarray(2) : jpeg])
}

const [PALETTE, TRUE_COLOUR] = [3, 5]

/** Pixels of four bytes each, or of palette indices in rows padded to four bytes. */
function bitmapOf(data: Buffer, hasAlpha: boolean): Buffer | null {
  const [kind, width, height] = [data[2], data.readUInt16LE(3), data.readUInt16LE(5)]
  if (kind !== PALETTE && kind !== TRUE_COLOUR) return null
  const bitmap = {
    width,
    height,
    rowBytes: width * 4,
    bitsPerComponent: 8,
    bitsPerPixel: 32,
    info: hasAlpha ? 2 : 6,
  }
  const colours = kind === PALETTE ? data[7]! + 1 : 0
  const pixels = inflatedOf(data.subarray(kind === PALETTE ? 8 : 7))
  const rows = pixels && (colours > 0 ? coloured(pixels, { width, height, colours, hasAlpha }) : pixels)
  return rows && fits(bitmap, rows.length) ? bmpOf(bitmap, rows) : null
}

function inflatedOf(bytes: Buffer): Buffer | null {
  try {
    return inflateSync(bytes, { maxOutputLength: MOST_BYTES })
  } catch {
    return null
  }
}

/** Converts palette indices to pixels: alpha, red, green, blue. */
function coloured(
  pixels: Buffer,
  { width, height, colours, hasAlpha }: { width: number; height: number; colours: number; hasAlpha: boolean },
): Buffer | null {
  const each = hasAlpha ? 4 : 3
  const line = Math.ceil(width / 4) * 4
  const from = colours * each
  if (from + line * height > pixels.length) return null
  const rows = Buffer.alloc(width * height * 4)
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to += 4) {
      const colour = pixels[from + y * line + x]! * each
      rows[to] = hasAlpha ? pixels[colour + 3]! : 255
      pixels.copy(rows, to + 1, colour, colour + 3)
    }
  return rows
}

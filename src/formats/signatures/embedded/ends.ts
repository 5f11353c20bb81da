/**
 * Finds where a picture, a sound or a video ends by its own structure; later bytes are other data. The JPEG walk
 * follows the markers and then searches for the end marker (measured: 0.11 ms of CPU time a MB, against 2.5 for its
 * digests).
 */
import { topBoxes } from './box-walk.ts'
import type { Walk } from './walk.ts'

export interface End {
  /** Offset behind the last byte of the structure. Infinity: the structure fills the content, or is longer. */
  readonly at: number
  /** Present: the structure is broken at `at`, and its true end is unknown. */
  readonly isBroken?: true
}

const ALL: End = { at: Number.POSITIVE_INFINITY }
const broken = (at: number): End => ({ at, isBroken: true })

/** @returns null for formats that do not state their end */
export function endOf(mediaType: string): ((from: number) => Walk<End>) | null {
  return ENDS.get(mediaType) ?? null
}

/**
 * ITU-T T.81, B.1.1: a marker segment states its length; a scan continues to the next marker that is not a restart.
 */
export function* jpegEnd(from: number): Walk<End> {
  let at = from + 2
  for (;;) {
    const bytes = yield { at, least: 4 }
    const marker = bytes[1]
    if (bytes.length < 2 || bytes[0] !== 0xff) return broken(at)
    if (marker === 0xff) at += runBytes(bytes, 0xff) - 1
    else if (marker === 0xd9) return { at: at + 2 }
    else if (marker === 0xd8) return broken(at)
    else if (marker === 0x01 || (marker! >= 0xd0 && marker! <= 0xd7)) at += 2
    else {
      if (bytes.length < 4) return broken(at)
      at += 2 + bytes.readUInt16BE(2)
      if (marker === 0xda) return yield* scanEnd(at)
    }
  }
}

/** Length of the run of this byte at the start. */
function runBytes(bytes: Buffer, byte: number): number {
  let at = 0
  while (bytes[at] === byte) at++
  return at
}

const EOI = Buffer.from([0xff, 0xd9])
const SOI = Buffer.from([0xff, 0xd8, 0xff])

/**
 * Neither marker occurs inside a scan, nor in the tables between scans: 0xff is stuffed there. When a new picture
 * starts before the end marker, the current one is truncated.
 */
function* scanEnd(from: number): Walk<End> {
  let at = from
  for (;;) {
    const bytes = yield { at, least: SOI.length }
    const end = bytes.indexOf(EOI)
    const next = (end === -1 ? bytes : bytes.subarray(0, end)).indexOf(SOI)
    if (next !== -1) return broken(at + next)
    if (end !== -1) return { at: at + end + EOI.length }
    if (bytes.length < SOI.length) return broken(from)
    // A marker may cross the end of the available bytes.
    at += bytes.length - SOI.length + 1
  }
}

/** Follows the chunks up to IEND. @see PNG (third edition), 5.3 */
function* pngEnd(from: number): Walk<End> {
  for (let at = from + 8; ; ) {
    const bytes = yield { at, least: 8 }
    if (bytes.length < 8) return ALL
    const name = bytes.toString('latin1', 4, 8)
    if (!/^[A-Za-z]{4}$/.test(name)) return broken(at)
    if (name === 'IEND') return { at: at + 12 }
    at += 12 + bytes.readUInt32BE(0)
  }
}

/** Follows the blocks up to the trailer. @see GIF89a, 17–27 */
function* gifEnd(from: number): Walk<End> {
  const head = yield { at: from, least: 13 }
  if (head.length < 13) return ALL
  let at = from + 13 + colourTableBytes(head[10]!)
  for (;;) {
    const bytes = yield { at, least: 10 }
    const kind = bytes[0]
    if (kind === undefined) return ALL
    if (kind === 0x3b) return { at: at + 1 }
    // Decoders accept zero bytes between blocks.
    if (kind === 0) {
      at += runBytes(bytes, 0)
      continue
    }
    if (kind !== 0x2c && kind !== 0x21) return broken(at)
    at = yield* subBlocksEnd(at + (kind === 0x21 ? 2 : 11 + colourTableBytes(bytes[9] ?? 0)))
  }
}

function colourTableBytes(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0
}

function* subBlocksEnd(from: number): Walk<number> {
  let at = from
  for (;;) {
    const bytes = yield { at, least: 1 }
    if (bytes.length === 0) return at
    let within = 0
    while (within < bytes.length) {
      const length = bytes[within]!
      if (length === 0) return at + within + 1
      within += length + 1
    }
    at += within
  }
}

/**
 * RIFF states its total size. Videos over one gigabyte continue in further RIFF chunks (OpenDML, AVIX). @see
 * Microsoft, "RIFF file format"
 */
function* riffEnd(from: number): Walk<End> {
  for (let at = from; ; ) {
    const bytes = yield { at, least: 12 }
    const goesOn = bytes.length >= 12 && bytes.toString('latin1', 0, 4) === 'RIFF'
    if (at > from && !(goesOn && bytes.toString('latin1', 8, 12) === 'AVIX')) return { at }
    // RIFX has the other byte order, and a file written to a pipe states no size.
    const size = goesOn ? bytes.readUInt32LE(4) : 0
    if (size === 0 || size >= 0xfffffff0) return ALL
    at += 8 + size + (size & 1)
  }
}

/** The larger of the stated size and the size of the rows. @see Microsoft, BITMAPFILEHEADER, BITMAPINFOHEADER */
function* bmpEnd(from: number): Walk<End> {
  const head = yield { at: from, least: 54 }
  if (head.length < 54) return ALL
  const [said, pixelsAt, headerBytes] = [head.readUInt32LE(2), head.readUInt32LE(10), head.readUInt32LE(14)]
  const isPlain = headerBytes >= 40 && [0, 3].includes(head.readUInt32LE(30))
  const rowBytes = Math.ceil((Math.abs(head.readInt32LE(18)) * head.readUInt16LE(28)) / 32) * 4
  const taken = isPlain ? pixelsAt + rowBytes * Math.abs(head.readInt32LE(22)) : 0
  const size = Math.max(said, taken)
  return size <= pixelsAt ? ALL : { at: from + size }
}

/** Follows the boxes up to an invalid box, or to the start of another file. */
function* boxesEnd(from: number): Walk<End> {
  return { at: (yield* topBoxes(from)).at }
}

/** Formats made of consecutive boxes. */
export const BOXED: ReadonlySet<string> = new Set(
  'image/avif image/heic image/heif image/heic-sequence image/heif-sequence image/jp2 image/jpx image/jpm image/mj2 image/x-canon-cr3 audio/mp4 video/mp4 video/quicktime video/x-m4v video/3gpp video/3gpp2'.split(
    ' ',
  ),
)

const ENDS: ReadonlyMap<string, (from: number) => Walk<End>> = new Map([
  ['image/jpeg', jpegEnd],
  ['image/png', pngEnd],
  ['image/apng', pngEnd],
  ['image/gif', gifEnd],
  ['image/bmp', bmpEnd],
  ['image/webp', riffEnd],
  ['video/vnd.avi', riffEnd],
  ['audio/wav', riffEnd],
  ...[...BOXED].map((type) => [type, boxesEnd] as const),
])

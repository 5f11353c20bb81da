/** Finds the offsets, in bytes of unknown structure, where data of a known media type starts. */
import { lookOf } from '../../../media-types/applies.ts'
import { UNRECOGNISED } from '../../../media-types/sample.ts'
import type { ByteSource } from '../../bytes/byte-source.ts'
import { MARKS } from '../../signatures/embedded/marks.ts'
import { identify } from '../../signatures/index.ts'

export interface Beginning {
  readonly at: number
  readonly mediaType: string
}

/**
 * A signature of three or four bytes occurs by chance once in many megabytes. The bytes behind it must fit the format
 * too.
 */
const LOOKED_AT_BYTES = 4096
const WINDOW_BYTES = 4 << 20

/** First known start at offset `from` or later, and before `to`. */
export function nextBeginning(source: ByteSource, from: number, to: number): Beginning | null {
  const here = source.read(from, Math.min(LOOKED_AT_BYTES, to - from))
  const type = MARKS.some(([mark, offset]) => marks(here, mark, offset)) ? typeAt(here, to - from) : null
  if (type !== null) return { at: from, mediaType: type }
  for (let at = from; at < to; at += WINDOW_BYTES) {
    const window = source.read(at, Math.min(WINDOW_BYTES + LOOKED_AT_BYTES, to - at))
    const found = firstIn(window, to - at)
    if (found && found.at < WINDOW_BYTES) return { ...found, at: at + found.at }
  }
  return null
}

function marks(bytes: Buffer, mark: Buffer, offset: number): boolean {
  return bytes.subarray(offset, offset + mark.length).equals(mark)
}

function firstIn(window: Buffer, left: number): Beginning | null {
  let first: Beginning | null = null
  for (const [mark, offset] of MARKS) {
    const within: Buffer = first ? window.subarray(0, first.at + offset + mark.length) : window
    for (let hit = within.indexOf(mark, offset); hit !== -1; hit = within.indexOf(mark, hit + 1)) {
      const at = hit - offset
      const mediaType = typeAt(window.subarray(at, at + LOOKED_AT_BYTES), left - at)
      if (mediaType === null || (first && first.at <= at)) continue
      first = { at, mediaType }
      break
    }
  }
  return first
}

function typeAt(here: Buffer, left: number): string | null {
  const { mediaType } = identify(here, left)
  if (mediaType === 'image/jpeg') return isJpeg(here) ? mediaType : null
  if (here.toString('latin1', 4, 8) === 'ftyp') return isFirstBox(here) ? mediaType : null
  const isOfText = mediaType === UNRECOGNISED || mediaType.startsWith('text/')
  return lookOf(mediaType) === null && isOfText ? null : mediaType
}

/** The first segment is one that may come first, and another marker follows it. */
function isJpeg(here: Buffer): boolean {
  if (here.length < 6 || !FIRST_MARKERS.has(here[3]!)) return false
  const next = 4 + here.readUInt16BE(4)
  return next >= here.length || here[next] === 0xff
}

const APPLICATION_MARKERS = Array.from({ length: 16 }, (_, i) => 0xe0 + i)
/** Segments for tables, frames and comments. */
const FIRST_MARKERS: ReadonlySet<number> = new Set([...APPLICATION_MARKERS, 0xdb, 0xc0, 0xc2, 0xc4, 0xfe])

function isFirstBox(here: Buffer): boolean {
  const size = here.readUInt32BE(0)
  const isBrand = /^[ -~]{4}$/.test(here.toString('latin1', 8, 12))
  return isBrand && size >= 16 && size <= LOOKED_AT_BYTES && size % 4 === 0
}

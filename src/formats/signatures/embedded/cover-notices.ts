/**
 * Detects whether a sound or a Matroska video may contain pictures, from the location where its format stores them.
 */
import { isFollowed } from './behind-end.ts'
import { type Id3Place, id3Place, syncSafe } from './id3-place.ts'
import type { Walk } from './walk.ts'

type Notice = (sizeBytes: number) => Walk<boolean>

export function coverNotice(mediaType: string, sizeBytes: number): Walk<boolean> | null {
  const place = id3Place(mediaType, sizeBytes)
  return place ? placed(place, sizeBytes) : (NOTICES.get(mediaType)?.(sizeBytes) ?? null)
}

function* placed(place: Walk<Id3Place>, sizeBytes: number): Walk<boolean> {
  const { at, end } = yield* place
  if (at !== null && (yield* id3At(at))) return true
  return end !== null && (yield* isFollowed(end, sizeBytes))
}

/** An ID3 tag at the start, and an APE tag at the end. */
function* tagged(sizeBytes: number): Walk<boolean> {
  return (yield* id3At(0)) || (yield* apeTag(sizeBytes))
}

const FRAMES = [Buffer.from('APIC'), Buffer.from('PIC')] as const

/**
 * Searches the whole tag for the name of a picture frame. @see id3.org, "ID3 tag version 2.4.0 - Main structure", 3
 */
function* id3At(start: number): Walk<boolean> {
  const head = yield { at: start, least: 10 }
  if (head.length < 10 || head.toString('latin1', 0, 3) !== 'ID3') return false
  return yield* hasWithin(FRAMES[head[3]! < 3 ? 1 : 0], start + 10, start + 10 + syncSafe(head, 6))
}

function* hasWithin(mark: Buffer, from: number, to: number): Walk<boolean> {
  for (let at = from; at < to; ) {
    const bytes = yield { at, least: Math.min(mark.length, to - at) }
    if (bytes.subarray(0, to - at).includes(mark)) return true
    if (bytes.length < mark.length) return false
    at += bytes.length - mark.length + 1
  }
  return false
}

const APE_SEARCHED_BYTES = 64 * 1024
const APE = Buffer.from('APETAGEX')
const COVER = Buffer.from('Cover Art (')

/**
 * The footer is at the end, or before the 128 bytes of an older tag. @see wiki.hydrogenaudio.org, "APEv2
 * specification"
 */
function* apeTag(sizeBytes: number): Walk<boolean> {
  const from = Math.max(0, sizeBytes - APE_SEARCHED_BYTES)
  const tail = yield { at: from, least: sizeBytes - from }
  const footer = tail.lastIndexOf(APE)
  if (footer === -1 || footer + 16 > tail.length) return false
  // A tag longer than the searched range contains more than text.
  return tail.readUInt32LE(footer + 12) > footer + 32 || tail.includes(COVER)
}

/** @see RFC 9639, 8: a block of type 6 is a picture, the last one has its first bit set */
function* flac(sizeBytes: number): Walk<boolean> {
  const head = yield { at: 0, least: 10 }
  if (head.length < 10) return false
  const isTagged = head.toString('latin1', 0, 3) === 'ID3'
  if (isTagged && (yield* id3At(0))) return true
  for (let at = (isTagged ? 10 + syncSafe(head, 6) : 0) + 4; at + 4 <= sizeBytes; ) {
    const block = yield { at, least: 4 }
    if (block.length < 4) return false
    if ((block[0]! & 0x7f) === 6) return true
    if (block[0]! >= 0x80) return false
    at += 4 + block.readUIntBE(1, 3)
  }
  return false
}

/** The comments are in the first pages, and the name of a picture precedes the picture. */
const OGG_SEARCHED_BYTES = 64 * 1024

function* ogg(): Walk<boolean> {
  const bytes = yield { at: 0, least: OGG_SEARCHED_BYTES }
  const text = bytes.toString('latin1', 0, OGG_SEARCHED_BYTES)
  // FLAC in Ogg stores its pictures in separate packets.
  return /METADATA_BLOCK_PICTURE=|COVERART=/i.test(text) || text.startsWith('\x7fFLAC', 28)
}

/** Names are in UTF-16. @see Microsoft, "ASF specification", 3.1: the header states its own length */
const PICTURE = Buffer.from('WM/Picture', 'utf16le')

function* asf(): Walk<boolean> {
  const head = yield { at: 0, least: 24 }
  return head.length >= 24 && (yield* hasWithin(PICTURE, 0, Number(head.readBigUInt64LE(16))))
}

const SEGMENT = 0x18538067
const ATTACHMENTS = 0x1941a469

/** Consecutive elements of the segment. @see RFC 8794, 4; RFC 9559, 5.1.6 */
function* matroska(): Walk<boolean> {
  for (let at = 0; ; ) {
    const element = elementAt(yield { at, least: 12 })
    if (element === null) return false
    if (element.id === ATTACHMENTS) return true
    // The segment is entered, not skipped: its children are the next elements.
    at += element.headBytes + (element.id === SEGMENT ? 0 : element.size)
  }
}

export interface Element {
  readonly id: number
  readonly headBytes: number
  /** Infinity: the length is unknown. */
  readonly size: number
}

/** Matroska element header: an id of one to four bytes, a length of one to eight. */
export function elementAt(bytes: Buffer): Element | null {
  const idBytes = Math.clz32(bytes[0] ?? 0) - 23
  const sizeBytes = Math.clz32(bytes[idBytes] ?? 0) - 23
  if (idBytes > 4 || sizeBytes > 8 || idBytes + sizeBytes > bytes.length) return null
  let size = bytes[idBytes]! & (0xff >> sizeBytes)
  let isUnknown = size === 0xff >> sizeBytes
  for (let i = 1; i < sizeBytes; i++) {
    const byte = bytes[idBytes + i]!
    isUnknown &&= byte === 0xff
    size = size * 256 + byte
  }
  const id = bytes.readUIntBE(0, idBytes)
  return { id, headBytes: idBytes + sizeBytes, size: isUnknown ? Number.POSITIVE_INFINITY : size }
}

const NOTICES: ReadonlyMap<string, Notice> = new Map([
  ...['audio/mpeg', 'audio/aac', 'audio/ape', 'audio/wavpack', 'audio/x-musepack'].map(
    (type) => [type, tagged] as const,
  ),
  ['audio/flac', flac],
  ...['audio/ogg', 'video/ogg', 'application/ogg'].map((type) => [type, ogg] as const),
  ...['audio/x-ms-asf', 'video/x-ms-asf', 'video/x-ms-wmv'].map((type) => [type, asf] as const),
  ...['video/matroska', 'video/x-matroska', 'video/webm', 'audio/x-matroska'].map(
    (type) => [type, matroska] as const,
  ),
])

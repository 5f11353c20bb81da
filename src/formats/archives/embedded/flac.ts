/**
 * Extracts pictures from FLAC blocks and from Ogg comments.
 * @see RFC 9639, 8.8; RFC 7845, 5.2; wiki.xiph.org, "VorbisComment"
 */

import type { ByteSource } from '../../bytes/byte-source.ts'
import { syncSafe } from '../../signatures/embedded/id3-place.ts'

const PICTURE = 6

export function* flacPictures(source: ByteSource): Generator<Buffer> {
  const head = source.read(0, 10)
  let at = 4 + (head.toString('latin1', 0, 3) === 'ID3' ? 10 + syncSafe(head, 6) : 0)
  for (let isLast = false; !isLast; ) {
    const block = source.read(at, 4)
    if (block.length < 4) return
    isLast = block[0]! >= 0x80
    const size = block.readUIntBE(1, 3)
    if ((block[0]! & 0x7f) === PICTURE) yield pictureOfBlock(source.read(at + 4, size))
    at += 4 + size
  }
}

/** Picture type, media type, description, four sizes, then the picture. */
function pictureOfBlock(block: Buffer): Buffer {
  const skip = (at: number) => at + 4 + (at + 4 <= block.length ? block.readUInt32BE(at) : block.length)
  const length = skip(skip(4)) + 16
  if (length + 4 > block.length) return block.subarray(block.length)
  return block.subarray(length + 4, length + 4 + block.readUInt32BE(length))
}

const FIRST_WORDS: readonly (readonly [begins: string, comments: number])[] = [
  ['\x03vorbis', 7],
  ['OpusTags', 8],
  ['\x81theora', 7],
]

/**
 * Reads the first packets of each stream: for FLAC its blocks, for other codecs the second packet with the comments.
 */
export function* oggPictures(source: ByteSource): Generator<Buffer> {
  for (const { packet, isFlac, number } of firstPackets(source)) {
    if (isFlac && (packet[0]! & 0x7f) === PICTURE) yield pictureOfBlock(packet.subarray(4))
    const known = FIRST_WORDS.find(([begins]) => packet.toString('latin1', 0, begins.length) === begins)
    const isOther = number === 1 && known === undefined
    // Speex comments start at offset 0; FLAC comments follow their block header.
    if (known) yield* picturesOfComments(packet.subarray(known[1]))
    else if (isOther) yield* picturesOfComments(packet.subarray(isFlac ? 4 : 0))
  }
}

/** A vendor text and a count, then comments. A length precedes each comment. */
function* picturesOfComments(comments: Buffer): Generator<Buffer> {
  let at = 0
  const next = () => {
    if (at + 4 > comments.length) return null
    const from = at + 4
    at = from + comments.readUInt32LE(at)
    return comments.subarray(from, at)
  }
  if (next() === null) return
  at += 4
  for (let comment = next(); comment !== null; comment = next()) {
    const [, name, value] = /^([ -<>-}]+)=(.*)$/s.exec(comment.toString('latin1')) ?? []
    if (value === undefined) continue
    const bytes = Buffer.from(value, 'base64')
    if (/^METADATA_BLOCK_PICTURE$/i.test(name!)) yield pictureOfBlock(bytes)
    else if (/^COVERART$/i.test(name!)) yield bytes
  }
}

interface Packet {
  readonly packet: Buffer
  readonly isFlac: boolean
  /** Number of the packet in its stream, from zero. */
  readonly number: number
}

interface Stream {
  parts: Buffer[]
  packets: number
  isFlac: boolean
  isDone: boolean
}

/** Comments with large pictures fill many pages. */
const SEARCHED_BYTES = 64 << 20
/** Limit for the blocks of a FLAC stream; a file has about a dozen. */
const MOST_PACKETS = 64

/** @see RFC 3533, 6 */
function* firstPackets(source: ByteSource): Generator<Packet> {
  const streams = new Map<number, Stream>()
  for (let at = 0; at < Math.min(source.sizeBytes, SEARCHED_BYTES); ) {
    const head = source.read(at, 27 + 255)
    if (head.length < 27 || head.toString('latin1', 0, 4) !== 'OggS') return
    const laces = head.subarray(27, 27 + head[26]!)
    const serial = head.readUInt32LE(14)
    const stream = streams.get(serial) ?? { parts: [], packets: 0, isFlac: false, isDone: false }
    streams.set(serial, stream)
    at += 27 + head[26]!
    for (const lace of laces) {
      if (!stream.isDone) stream.parts.push(source.read(at, lace))
      at += lace
      if (lace < 255 && !stream.isDone) yield ended(stream)
    }
    if ([...streams.values()].every(({ isDone }) => isDone)) return
  }
}

function ended(stream: Stream): Packet {
  const packet = Buffer.concat(stream.parts)
  const number = stream.packets++
  if (number === 0) stream.isFlac = packet.toString('latin1', 0, 5) === '\x7fFLAC'
  stream.parts = []
  const isLastBlock = number > 0 && packet[0]! >= 0x80
  stream.isDone = stream.isFlac ? isLastBlock || stream.packets >= MOST_PACKETS : stream.packets === 2
  return { packet, isFlac: stream.isFlac, number }
}

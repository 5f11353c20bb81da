/**
 * Extracts pictures from ID3v2 tags, versions 2.2 to 2.4: frames APIC and PIC, including unsynchronised, grouped and
 * compressed frames.
 * @see id3.org, "ID3 tag version 2.2.0", 4.15; "2.3.0", 3.1–3.3, 4.15; "2.4.0 - Main structure", 3–4, and "- Native
 *   frames", 4.14
 */
import { inflateSync } from 'node:zlib'
import type { ByteSource } from '../../bytes/byte-source.ts'
import { detailOf } from '../../bytes/coded-error.ts'
import { syncSafe } from '../../signatures/embedded/id3-place.ts'
import { ContainerDamaged, ContainerNotBuilt } from '../common/container.ts'

interface Frame {
  readonly id: string
  readonly data: Buffer
  readonly flags: number
  readonly version: number
}

const HEAD_BYTES = 10
/** Limit for one unpacked picture. */
const MOST_BYTES = 64 << 20

/**
 * @param at offset of the tag
 * @throws ContainerNotBuilt after all other pictures, when a frame is encrypted; ContainerDamaged
 */
export function* id3Pictures(source: ByteSource, at: number): Generator<Buffer> {
  const head = source.read(at, HEAD_BYTES)
  if (head.length < HEAD_BYTES || head.toString('latin1', 0, 3) !== 'ID3') return
  let isSecret = false
  for (const frame of framesOf(head, source.read(at + HEAD_BYTES, syncSafe(head, 6)))) {
    if (frame.id !== 'APIC' && frame.id !== 'PIC') continue
    const data = contentOf(frame)
    if (data === null) isSecret = true
    else yield pictureOf(frame.id, data)
  }
  if (isSecret) throw new ContainerNotBuilt({ code: 'not-unpacked', params: {} })
}

function* framesOf(head: Buffer, stored: Buffer): Generator<Frame> {
  const version = head[3]!
  const flags = head[5]!
  // In version 2.4 each frame has its own unsynchronisation flag.
  const body = (flags & 0x80) !== 0 && version < 4 ? synchronised(stored) : stored
  const headBytes = version < 3 ? 6 : 10
  const isExtended = (flags & 0x40) !== 0 && version > 2 && body.length >= 4
  let at = isExtended ? (version === 3 ? 4 + body.readUInt32BE(0) : syncSafe(body, 0)) : 0
  while (at + headBytes <= body.length) {
    const id = body.toString('latin1', at, at + (version < 3 ? 3 : 4))
    if (!/^[A-Z0-9]+$/.test(id)) return
    const size = frameBytes(body, at, version)
    const data = body.subarray(at + headBytes, at + headBytes + size)
    yield { id, data, flags: version < 3 ? 0 : body[at + 9]!, version }
    at += headBytes + size
  }
}

/** Some programs write version 2.4 sizes as in 2.3. The bytes behind the frame tell which size is right. */
function frameBytes(body: Buffer, at: number, version: number): number {
  if (version < 3) return body.readUIntBE(at + 3, 3)
  const plain = body.readUInt32BE(at + 4)
  const safe = syncSafe(body, at + 4)
  if (version === 3 || plain === safe) return plain
  return isFollowed(body, at + 10 + safe) || !isFollowed(body, at + 10 + plain) ? safe : plain
}

function isFollowed(body: Buffer, at: number): boolean {
  return at === body.length || body[at] === 0 || /^[A-Z0-9]{4}$/.test(body.toString('latin1', at, at + 4))
}

/** Null: the frame is encrypted. */
function contentOf({ data, flags, version }: Frame): Buffer | null {
  if (version < 3) return data
  const bits = version === 3 ? VERSION_3 : VERSION_4
  if ((flags & bits.encrypted) !== 0) return null
  const isCompressed = (flags & bits.compressed) !== 0
  const hasLength = version === 3 ? isCompressed : (flags & bits.length) !== 0
  const from = ((flags & bits.grouped) !== 0 ? 1 : 0) + (hasLength ? 4 : 0)
  const stored = (flags & bits.unsynchronised) !== 0 ? synchronised(data.subarray(from)) : data.subarray(from)
  return isCompressed ? inflated(stored) : stored
}

function inflated(stored: Buffer): Buffer {
  try {
    return inflateSync(stored, { maxOutputLength: MOST_BYTES })
  } catch (error) {
    throw new ContainerDamaged(detailOf(error))
  }
}

const VERSION_3 = { compressed: 0x80, encrypted: 0x40, grouped: 0x20, length: 0, unsynchronised: 0 }
const VERSION_4 = { grouped: 0x40, compressed: 0x08, encrypted: 0x04, unsynchronised: 0x02, length: 0x01 }

/** Undoes unsynchronisation: the writer put a zero behind each 0xff, so that no bytes look like an audio frame. */
function synchronised(bytes: Buffer): Buffer {
  const out = Buffer.alloc(bytes.length)
  let to = 0
  for (let at = 0; at < bytes.length; at++) {
    out[to++] = bytes[at]!
    if (bytes[at] === 0xff && bytes[at + 1] === 0) at++
  }
  return out.subarray(0, to)
}

/** The picture follows the text encoding, the media type (2.2: three letters), the picture type and a description. */
function pictureOf(id: string, data: Buffer): Buffer {
  const type = id === 'PIC' ? 4 : data.indexOf(0, 1) + 1
  return data.subarray(type === 0 ? data.length : wordsEnd(data, type + 1, data[0] === 1 || data[0] === 2))
}

function wordsEnd(data: Buffer, from: number, isWide: boolean): number {
  if (!isWide) return data.indexOf(0, from) + 1 || data.length
  let at = from
  while (at + 1 < data.length && (data[at] !== 0 || data[at + 1] !== 0)) at += 2
  return at + 2
}

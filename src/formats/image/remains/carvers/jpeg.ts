/**
 * JPEG: marker segments, then coded data up to a marker that is neither stuffed nor a restart, until the end of the
 * image. Then its coded data are decoded: a marker that ends another picture ends this one no less, and the data before
 * it are not its own.
 */
import type { Medium } from '../../../../contracts/image.ts'
import type { CarvedLength, Carver } from '../common/carver.ts'
import { Window } from '../common/window.ts'
import { JpegStream } from '../jpeg/stream.ts'

const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
const FIRST_WITH_LENGTH = 0xc0

export const JPEG: Carver = {
  name: 'jpeg',
  mediaType: 'image/jpeg',
  begins: (head) =>
    head.length >= 4 && head[0] === 0xff && head[1] === SOI && head[2] === 0xff && isSegment(head[3] ?? 0),
  lengthOf(medium, offset, maxBytes, grid) {
    const file = new Window(medium, offset, maxBytes)
    const walked = structureOf(file)
    return walked && decoded(walked, medium, offset, grid)
  },
}

/** A larger picture is judged by its markers alone. */
const MOST_DECODED_BYTES = 1 << 25

/** Cuts a picture at the last possible border of a fragment before its data stop being its own. */
function decoded(walked: CarvedLength, medium: Medium, offset: number, grid: number): CarvedLength {
  if (walked.length > MOST_DECODED_BYTES) return walked
  const bytes = Buffer.alloc(walked.length)
  medium.readInto(bytes, offset)
  const stream = new JpegStream()
  const result = stream.walk(bytes, bytes.length)
  if (result === 'unchecked' || !stream.frame) return walked
  if (result === 'whole') return { length: stream.at, complete: true }
  const cut = result === 'more' ? bytes.length : Math.floor(stream.at / grid) * grid
  const first = new JpegStream()
  first.walk(bytes, cut)
  const of = first.scans > 0 ? first : stream
  return {
    length: of === first ? cut : Math.max(1, stream.at),
    complete: false,
    decodes: { rows: of.rows, ofRows: stream.frame.height, scan: Math.max(1, of.scans) },
  }
}

function structureOf(file: Window): CarvedLength | null {
  let at = 2
  let hasFrame = false
  let hasScan = false
  const broken = (): CarvedLength | null =>
    hasFrame && hasScan ? { length: Math.min(at, file.sizeBytes), complete: false } : null
  for (;;) {
    const lead = file.u8(at)
    const marker = file.u8(at + 1)
    if (lead !== 0xff || marker === null) return broken()
    if (marker === 0xff) {
      at++
      continue
    }
    if (marker === EOI) return hasScan ? { length: at + 2, complete: true } : null
    if (!isSegment(marker)) return broken()
    const length = file.u16be(at + 2)
    if (length === null || length < 2) return broken()
    if (isFrame(marker)) {
      if (!isSound(file.bytes(at + 4, 6))) return broken()
      hasFrame = true
    }
    if (marker === SOS && !hasFrame) return null
    at += 2 + length
    if (marker !== SOS) continue
    hasScan = true
    at = endOfScan(file, at)
  }
}

/** Offset of the next marker that ends coded data, or the end of the room. */
function endOfScan(file: Window, from: number): number {
  for (let at = from; at < file.sizeBytes; ) {
    const piece = file.some(at)
    let within = piece.indexOf(0xff)
    for (; within >= 0 && within + 1 < piece.length; within = piece.indexOf(0xff, within + 1)) {
      const next = piece[within + 1] ?? 0
      if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at + within
    }
    if (within < 0) at += piece.length
    else if (at + within + 1 >= file.sizeBytes) return file.sizeBytes
    else at += within
  }
  return file.sizeBytes
}

/** Frames, tables, scans, application data and comments: segments with a length. */
function isSegment(marker: number): boolean {
  return (
    marker >= FIRST_WITH_LENGTH &&
    marker <= 0xfe &&
    (marker < 0xd0 || marker > SOI) &&
    !(marker >= 0xf0 && marker <= 0xfd)
  )
}

/** SOF0 to SOF15 without tables (C4), extensions (C8) and arithmetic conditioning (CC). */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
}

/** Precision, lines, samples a line, components (ISO 10918-1, B.2.2). */
function isSound(frame: Buffer | null): boolean {
  if (!frame) return false
  return (
    [8, 12, 16].includes(frame[0] ?? 0) &&
    frame.readUInt16BE(3) > 0 &&
    (frame[5] ?? 0) >= 1 &&
    (frame[5] ?? 0) <= 4
  )
}

/** A destructive preview as a PNG of exactly its cells: one grey channel, no metadata, nothing behind it. */
import { crc32 } from 'node:zlib'
import type { Preview } from '../../contracts/finding.ts'

const MOST_CELLS_A_SIDE = 16

/**
 * @returns the PNG, stored uncompressed so that the same cells give the same bytes with any zlib
 * @throws RangeError when a side has more than 16 cells: such a picture never leaves the ledger
 */
export function previewPng({ width, height, cells }: Preview): Buffer {
  const sideFits = (side: number) => Number.isInteger(side) && side >= 1 && side <= MOST_CELLS_A_SIDE
  if (!sideFits(width) || !sideFits(height) || cells.length !== width * height)
    throw new RangeError(`a preview has at most 16 × 16 cells, this one claims ${width} × ${height}`)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.writeUInt8(8, 8) // bits a sample; the zeros after it: greyscale, deflate, no filter choice, not interlaced
  const rows = Buffer.concat(
    Array.from({ length: height }, (_, y) =>
      Buffer.concat([Buffer.from([0]), cells.subarray(y * width, (y + 1) * width)]),
    ),
  )
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', storedZlib(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

export function previewDataUri(preview: Preview): string {
  return `data:image/png;base64,${previewPng(preview).toString('base64')}`
}

/** @see W3C, Portable Network Graphics (Third Edition), 5.3 */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), out.length - 4)
  return out
}

/** One stored block: at most 16 × 17 bytes, far below its limit of 65,535. @see RFC 1950, RFC 1951 §3.2.4 */
function storedZlib(data: Buffer): Buffer {
  const out = Buffer.alloc(data.length + 11)
  out.set([0x78, 0x01, 0x01], 0)
  out.writeUInt16LE(data.length, 3)
  out.writeUInt16LE(~data.length & 0xffff, 5)
  data.copy(out, 7)
  out.writeUInt32BE(adler32(data), out.length - 4)
  return out
}

function adler32(data: Buffer): number {
  let a = 1
  let b = 0
  for (const byte of data) {
    a = (a + byte) % 65_521
    b = (b + a) % 65_521
  }
  return b * 65_536 + a
}

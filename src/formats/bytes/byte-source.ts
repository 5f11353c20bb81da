/** Random access to bytes in a child process: a buffer that arrived over the pipe, or an inherited descriptor. */
import { createHash } from 'node:crypto'
import { fstatSync, readSync } from 'node:fs'

export interface ByteSource {
  readonly sizeBytes: number
  /** @returns fewer bytes than requested only at the end */
  read(offset: number, length: number): Buffer
}

export function sourceOfBuffer(bytes: Buffer): ByteSource {
  return { sizeBytes: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) }
}

export function sourceOfDescriptor(fd: number): ByteSource {
  return {
    sizeBytes: fstatSync(fd).size,
    read: (offset, length) => {
      const buffer = Buffer.allocUnsafe(length)
      let filled = 0
      while (filled < length) {
        const got = readSync(fd, buffer, filled, length - filled, offset + filled)
        if (got === 0) break
        filled += got
      }
      return buffer.subarray(0, filled)
    },
  }
}

/** The range from `from` to before `to`, as a separate source. */
export function sliceOf(whole: ByteSource, from: number, to: number): ByteSource {
  const sizeBytes = to - from
  return {
    sizeBytes,
    read: (offset, length) => whole.read(from + offset, Math.max(0, Math.min(length, sizeBytes - offset))),
  }
}

const PIECE = 1 << 18

/** The bytes from `start` to before `end`, in order. */
export function* piecesOf(source: ByteSource, start = 0, end = source.sizeBytes): Generator<Buffer> {
  for (let at = start; at < end; ) {
    const piece = source.read(at, Math.min(PIECE, end - at))
    if (piece.length === 0) return
    yield piece
    at += piece.length
  }
}

const CHUNK = 1 << 20

export function sha256Of(source: ByteSource): string {
  const hash = createHash('sha256')
  for (let at = 0; at < source.sizeBytes; at += CHUNK) hash.update(source.read(at, CHUNK))
  return hash.digest('hex')
}

/**
 * The framed pipe between the main process and a child: u32 header length, JSON header, u32 payload length, payload.
 * Both ends treat the other as hostile: every length is bounded before a byte is allocated. Integers are big-endian.
 */
import { readSync, writeSync } from 'node:fs'

export interface Frame {
  readonly header: unknown
  readonly payload: Buffer
}

export interface FrameLimits {
  readonly headerBytes: number
  readonly payloadBytes: number
}

/** The descriptor that a child finds its pipe at. */
export const PIPE_FD = 3
/** The descriptor of an inherited file (video), when a job carries one. */
export const FILE_FD = 4

/** A length out of bounds, a header that is not JSON, or an end inside a frame. */
export class BrokenFrame extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BrokenFrame'
  }
}

/** The pieces to write, in order: the payload itself is not copied. */
export function frameParts(header: unknown, payload: Buffer): readonly [Buffer, Buffer] {
  const json = Buffer.from(JSON.stringify(header), 'utf8')
  const head = Buffer.allocUnsafe(4 + json.length + 4)
  head.writeUInt32BE(json.length, 0)
  json.copy(head, 4)
  head.writeUInt32BE(payload.length, 4 + json.length)
  return [head, payload]
}

/**
 * Cuts a stream of chunks into frames. `push` returns the frames that a chunk completed.
 * A payload is copied once, into memory of its announced (and bounded) size.
 * @throws BrokenFrame
 */
export class FrameDecoder {
  private part: 'header-length' | 'header' | 'payload-length' | 'payload' = 'header-length'
  private want: Buffer = Buffer.allocUnsafe(4)
  private filled = 0
  private header: unknown = null
  private readonly limits: FrameLimits

  constructor(limits: FrameLimits) {
    this.limits = limits
  }

  push(chunk: Buffer): Frame[] {
    const frames: Frame[] = []
    let at = 0
    for (;;) {
      const take = Math.min(this.want.length - this.filled, chunk.length - at)
      chunk.copy(this.want, this.filled, at, at + take)
      at += take
      this.filled += take
      if (this.filled < this.want.length) return frames
      const frame = this.advance(this.want)
      if (frame) frames.push(frame)
    }
  }

  private advance(bytes: Buffer): Frame | null {
    switch (this.part) {
      case 'header-length':
        this.expect('header', bounded(bytes.readUInt32BE(0), this.limits.headerBytes, 'header'))
        return null
      case 'header':
        this.header = parsed(bytes)
        this.expect('payload-length', 4)
        return null
      case 'payload-length':
        this.expect('payload', bounded(bytes.readUInt32BE(0), this.limits.payloadBytes, 'payload'))
        return null
      case 'payload': {
        const frame = { header: this.header, payload: bytes }
        this.expect('header-length', 4)
        return frame
      }
    }
  }

  private expect(part: typeof this.part, length: number): void {
    this.part = part
    this.want = Buffer.allocUnsafeSlow(length)
    this.filled = 0
  }
}

/**
 * Reads one frame from a blocking descriptor; null at a clean end. For the child, which has nothing else to do.
 * @throws BrokenFrame
 */
export function readFrame(fd: number, limits: FrameLimits): Frame | null {
  const first = readFully(fd, 4, true)
  if (first === null) return null
  const header = parsed(
    readFully(fd, bounded(first.readUInt32BE(0), limits.headerBytes, 'header'), false) as Buffer,
  )
  const length = (readFully(fd, 4, false) as Buffer).readUInt32BE(0)
  const payload = readFully(fd, bounded(length, limits.payloadBytes, 'payload'), false) as Buffer
  return { header, payload }
}

/** Writes one frame to a blocking descriptor. */
export function writeFrame(fd: number, header: unknown, payload: Buffer): void {
  for (const part of frameParts(header, payload)) {
    for (let at = 0; at < part.length; ) at += writeSync(fd, part, at, part.length - at)
  }
}

function readFully(fd: number, length: number, endAllowed: boolean): Buffer | null {
  const buffer = Buffer.allocUnsafeSlow(length)
  for (let at = 0; at < length; ) {
    const got = readSync(fd, buffer, at, length - at, null)
    if (got === 0) {
      if (at === 0 && endAllowed) return null
      throw new BrokenFrame('the pipe ended inside a frame')
    }
    at += got
  }
  return buffer
}

function bounded(length: number, limit: number, what: string): number {
  if (length > limit) throw new BrokenFrame(`a ${what} of ${length} bytes is over the limit of ${limit}`)
  return length
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new BrokenFrame('a header is not JSON', { cause })
  }
}

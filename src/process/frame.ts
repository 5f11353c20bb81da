/**
 * The message format between the main process and its child processes: a fixed head, a JSON header, and bytes.
 *
 * Head, little-endian: type u8 · number of the job u32 · length of the header u32 · length of the payload u32. Each end
 * treats the other as hostile: the receiver gives the limits of every head before a byte is allocated.
 */

import { isModestJson } from './modest-json.ts'

export interface FrameHead {
  readonly type: number
  /** The job that it belongs to; 0 where there is none yet. */
  readonly job: number
}

export interface Frame extends FrameHead {
  /** undefined where the frame has none. */
  readonly header: unknown
  readonly payload: Buffer
  /** Of the whole frame, as it came. */
  readonly sizeBytes: number
}

export interface FrameLimits {
  readonly headerBytes: number
  readonly payloadBytes: number
}

/** The descriptor that every process finds its socket at. */
export const CHANNEL_FD = 3

export const HEAD_BYTES = 13

/** A length out of bounds, a header that is not JSON, an unexpected frame, or an end inside a frame. */
export class BrokenFrame extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'BrokenFrame'
  }
}

export const NOTHING = Buffer.alloc(0)

/** The pieces to write, in order: the payload itself is not copied. */
export function frameParts(
  { type, job }: FrameHead,
  header: unknown,
  payload: Buffer = NOTHING,
): readonly Buffer[] {
  const json = header === undefined ? NOTHING : Buffer.from(JSON.stringify(header), 'utf8')
  const head = Buffer.allocUnsafe(HEAD_BYTES + json.length)
  head[0] = type
  head.writeUInt32LE(job, 1)
  head.writeUInt32LE(json.length, 5)
  head.writeUInt32LE(payload.length, 9)
  json.copy(head, HEAD_BYTES)
  return payload.length === 0 ? [head] : [head, payload]
}

/** The lengths in a head, within its limits. @throws BrokenFrame */
export function announced(head: Buffer, limitsOf: (head: FrameHead) => FrameLimits): Announced {
  const type = head[0]!
  const job = head.readUInt32LE(1)
  const limits = limitsOf({ type, job })
  return {
    type,
    job,
    headerBytes: bounded(head.readUInt32LE(5), limits.headerBytes, 'header'),
    payloadBytes: bounded(head.readUInt32LE(9), limits.payloadBytes, 'payload'),
  }
}

export interface Announced extends FrameHead, FrameLimits {}

/** @throws BrokenFrame */
export function parsedHeader(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined
  if (!isModestJson(bytes)) throw new BrokenFrame('a header that nests or holds too much')
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new BrokenFrame('a header is not JSON', { cause })
  }
}

function bounded(length: number, limit: number, what: string): number {
  if (length > limit) throw new BrokenFrame(`a ${what} of ${length} bytes is over the limit of ${limit}`)
  return length
}

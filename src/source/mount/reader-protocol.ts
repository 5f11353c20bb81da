/**
 * What a reader pool and its reader processes say to each other, over one inherited socket a process.
 *
 * A frame is a type byte, a little-endian u32 length, and that many bytes. Contents travel raw; the rest is JSON with
 * paths as byte strings. A second socket carries heartbeats only, written by the child's watcher thread.
 */

import type { ByteString } from '../../base/byte-string.ts'
import type { Digests, ReadOutcome } from '../../contracts/content.ts'
import type { PendingRead } from '../../contracts/ledger.ts'
import type { StageResult } from '../../contracts/stage.ts'
import type { Identified } from '../../media-types/index.ts'
import { HEADER_BYTES, MAX_FRAME_BYTES } from '../../process/channel.ts'

export const FRAME = {
  /** pool → child, first: {@link SetUp}. */
  setUp: 1,
  /** pool → child: {@link BatchRequest}, answered by one `digested`. */
  digest: 2,
  /** pool → child: {@link BatchRequest} of one job, answered by `chunk`s and one `sent`. */
  send: 3,
  /** child → pool, first: it reads. */
  ready: 16,
  digested: 17,
  chunk: 18,
  sent: 19,
} as const

// Generous: 64 paths of a thousand levels. What is longer does not come from this program.
export interface SetUp {
  readonly root: ByteString
  readonly ed2k: boolean
  readonly parentPid: number
}

/** Path, size, modified time (ns, decimal), inode (decimal). Times and inodes do not fit a double. */
export type JobTuple = readonly [ByteString, number, string | null, string | null]

export interface BatchRequest {
  readonly batch: number
  readonly jobs: readonly JobTuple[]
}

/** `done`: digests and media type. Otherwise a reason of `read` with its detail. */
export type AnswerTuple =
  | readonly ['done', number, string, boolean, string, string, string, string, string?, string?]
  | readonly [string, number, string]

export interface BatchAnswer {
  readonly answers: readonly AnswerTuple[]
  /** True once O_NOATIME was refused: the account does not own what it reads. */
  readonly atimeTouched: boolean
}

export function jobTuple(job: PendingRead): JobTuple {
  return [
    job.path.bytes.toString('latin1'),
    Number(job.sizeBytes),
    job.modifiedNs === null ? null : String(job.modifiedNs),
    job.inode === null ? null : String(job.inode),
  ]
}

export function answerOf(digests: Digests, sizeBytes: number, identified: Identified): AnswerTuple {
  const { md5, sha1, sha256, blake3, ed2kRed, ed2kBlue } = digests
  const { mediaType, hasAppended = false } = identified
  const four = ['done', sizeBytes, mediaType, hasAppended, md5, sha1, sha256, blake3] as const
  return ed2kRed === undefined ? four : [...four, ed2kRed, ed2kBlue]
}

export function outcomeOf(answer: AnswerTuple): ReadOutcome {
  if (answer[0] !== 'done') {
    const [reason, bytesRead, detail] = answer as readonly [string, number, string]
    return notRead(reason, detail, bytesRead)
  }
  const [, sizeBytes, mediaType, hasAppended, md5, sha1, sha256, blake3, ed2kRed, ed2kBlue] =
    answer as Extract<AnswerTuple, readonly ['done', ...unknown[]]>
  const digests: Digests =
    ed2kRed === undefined
      ? { md5: md5!, sha1: sha1!, sha256: sha256!, blake3: blake3! }
      : { md5: md5!, sha1: sha1!, sha256: sha256!, blake3: blake3!, ed2kRed, ed2kBlue: ed2kBlue! }
  const size = BigInt(sizeBytes)
  const content = { digests, sizeBytes: size, mediaType: mediaType!, ...(hasAppended && { hasAppended }) }
  return { result: DONE, content, bytesRead: size }
}

const DONE: StageResult = { result: 'done' }

export function notRead(reason: string, detail: string, bytesRead = 0): ReadOutcome {
  return { result: { result: 'not-done', reason, detail }, content: null, bytesRead: BigInt(bytesRead) }
}

/** Cuts a stream of socket chunks into frames. Payloads of `chunk` frames are handed on piece by piece, not gathered. */
export class FrameReader {
  readonly #onFrame: (type: number, payload: Buffer) => void
  readonly #onPiece: (piece: Buffer) => void
  readonly #header = Buffer.alloc(HEADER_BYTES)
  #headerBytes = 0
  #payload: Buffer | null = null
  #payloadBytes = 0

  constructor(onFrame: (type: number, payload: Buffer) => void, onPiece: (piece: Buffer) => void) {
    this.#onFrame = onFrame
    this.#onPiece = onPiece
  }

  /** @throws RangeError on a length that the other side cannot have meant */
  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#headerBytes < HEADER_BYTES) {
        const copied = chunk.copy(this.#header, this.#headerBytes, at)
        this.#headerBytes += copied
        at += copied
        if (this.#headerBytes < HEADER_BYTES) return
        this.#begin()
        // A frame without payload has ended already: what follows is the next header, not a piece of this one.
        if (this.#headerBytes === 0) continue
        if (at === chunk.length) return
      }
      const taken = Math.min(this.#length() - this.#payloadBytes, chunk.length - at)
      const piece = chunk.subarray(at, at + taken)
      if (this.#payload === null) this.#onPiece(piece)
      else piece.copy(this.#payload, this.#payloadBytes)
      this.#payloadBytes += taken
      at += taken
      if (this.#payloadBytes === this.#length()) this.#end()
    }
  }

  #begin(): void {
    if (this.#length() > MAX_FRAME_BYTES) throw new RangeError(`a frame of ${this.#length()} bytes`)
    this.#payloadBytes = 0
    this.#payload = this.#header[0] === FRAME.chunk ? null : Buffer.allocUnsafe(this.#length())
    if (this.#length() === 0) this.#end()
  }

  #end(): void {
    this.#headerBytes = 0
    const payload = this.#payload
    this.#payload = null
    if (payload !== null) this.#onFrame(this.#header[0]!, payload)
  }

  #length(): number {
    return this.#header.readUInt32LE(1)
  }
}

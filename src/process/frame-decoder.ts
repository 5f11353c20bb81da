/** Cuts a stream of chunks into frames. */
import {
  type Announced,
  announced,
  type Frame,
  type FrameHead,
  type FrameLimits,
  HEAD_BYTES,
  NOTHING,
  parsedHeader,
} from './frame.ts'

export interface FrameSink {
  /** Limits after such a head. @throws BrokenFrame for an unexpected head */
  limitsOf(head: FrameHead): FrameLimits
  onFrame(frame: Frame): void
  /** Takes payloads of this type piece by piece as they come; its frames are not passed whole. */
  readonly pieces?: { readonly type: number; readonly onPiece: (head: FrameHead, piece: Buffer) => void }
}

/** Header and payload are copied once, into memory of their announced (and bounded) size. */
export class FrameDecoder {
  readonly #sink: FrameSink
  readonly #head = Buffer.alloc(HEAD_BYTES)
  #part: 'head' | 'header' | 'payload' = 'head'
  #announced: Announced | null = null
  #header: unknown
  /** Buffer being filled; null for a payload that is passed on in pieces. */
  #into: Buffer | null = this.#head
  #length = HEAD_BYTES
  #filled = 0

  constructor(sink: FrameSink) {
    this.#sink = sink
  }

  /** @throws BrokenFrame */
  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const end = Math.min(chunk.length, at + this.#length - this.#filled)
      if (this.#into === null) this.#sink.pieces?.onPiece(this.#announced!, chunk.subarray(at, end))
      else chunk.copy(this.#into, this.#filled, at, end)
      this.#filled += end - at
      at = end
      while (this.#filled === this.#length && this.#advance());
    }
  }

  /** One part is full. @returns false when a new frame begins, whose head is never empty */
  #advance(): boolean {
    switch (this.#part) {
      case 'head':
        this.#announced = announced(this.#head, (head) => this.#sink.limitsOf(head))
        this.#expect('header', allocated(this.#announced.headerBytes), this.#announced.headerBytes)
        return true
      case 'header': {
        this.#header = parsedHeader(this.#into!)
        const { type, payloadBytes } = this.#announced!
        const inPieces = type === this.#sink.pieces?.type
        this.#expect('payload', inPieces ? null : allocated(payloadBytes), payloadBytes)
        return true
      }
      case 'payload': {
        const { type, job, headerBytes, payloadBytes } = this.#announced!
        const sizeBytes = HEAD_BYTES + headerBytes + payloadBytes
        const payload = this.#into
        const header = this.#header
        this.#expect('head', this.#head, HEAD_BYTES)
        if (payload !== null) this.#sink.onFrame({ type, job, header, payload, sizeBytes })
        return false
      }
    }
  }

  #expect(part: 'head' | 'header' | 'payload', into: Buffer | null, length: number): void {
    this.#part = part
    this.#into = into
    this.#length = length
    this.#filled = 0
  }
}

function allocated(bytes: number): Buffer {
  return bytes === 0 ? NOTHING : Buffer.allocUnsafeSlow(bytes)
}

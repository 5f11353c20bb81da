/**
 * One content on its way from a reader process, in pieces: never more bytes than requested, and whole or not at
 * all.
 */
import { ImplausibleReply } from '../../wire/implausible.ts'
import type { Received } from './reader-batch.ts'

export class ReceivedContent implements Received {
  readonly #bytes: Buffer
  #filled = 0

  constructor(sizeBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(sizeBytes)
  }

  get leftBytes(): number {
    return this.#bytes.length - this.#filled
  }

  take(piece: Buffer): void {
    this.#filled += piece.copy(this.#bytes, this.#filled)
  }

  /** @throws ImplausibleReply where bytes are missing: the rest of the memory was never written */
  whole(): Buffer {
    if (this.leftBytes > 0) throw new ImplausibleReply('a content of which bytes are missing')
    return this.#bytes
  }
}

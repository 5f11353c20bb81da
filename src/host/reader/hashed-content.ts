/** One content on its way from a reader process, in pieces that this process hashes and does not keep. */
import type { ReadOutcome } from '../../contracts/content.ts'
import { type Digester, ed2kDigest, newDigester } from '../../hash/digest.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'
import type { Received } from './reader-batch.ts'

export class HashedContent implements Received {
  readonly #sizeBytes: number
  readonly #digester: Digester
  #taken = 0

  constructor(sizeBytes: number, ed2k: boolean) {
    this.#sizeBytes = sizeBytes
    this.#digester = newDigester(ed2k ? ed2kDigest() : undefined)
  }

  get leftBytes(): number {
    return this.#sizeBytes - this.#taken
  }

  take(piece: Buffer): void {
    const kept = piece.subarray(0, this.leftBytes)
    this.#digester.update(kept)
    this.#taken += kept.length
  }

  /** @throws ImplausibleReply where bytes are missing */
  whole(): null {
    if (this.leftBytes > 0) throw new ImplausibleReply('a content of which bytes are missing')
    return null
  }

  /** Can be called once, after all bytes came. The media type stays empty. */
  outcome(): ReadOutcome {
    const sizeBytes = BigInt(this.#sizeBytes)
    const content = { digests: this.#digester.finish(), sizeBytes, mediaType: '' }
    return { result: { result: 'done' }, content, bytesRead: sizeBytes }
  }
}

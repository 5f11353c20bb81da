/** One content on its way from a reader process, in pieces that this process hashes; no byte is kept after that. */
import type { Digests, ReadOutcome } from '../../contracts/content.ts'
import { type Digester, digestsOf, type ExtraDigest, ed2kDigest, newDigester } from '../../hash/digest.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'
import type { Received } from './reader-batch.ts'

/** A smaller content waits until it is whole: one-shot functions cost less than objects that take pieces. */
const WHOLE_BYTES = 1 << 20

export class HashedContent implements Received {
  readonly #sizeBytes: number
  readonly #hashing: Digester & { forget?(): void }
  #taken = 0

  constructor(sizeBytes: number, ed2k: boolean) {
    this.#sizeBytes = sizeBytes
    const extra = ed2k ? ed2kDigest() : undefined
    this.#hashing = sizeBytes > WHOLE_BYTES ? newDigester(extra) : new HashedWhole(sizeBytes, extra)
  }

  get leftBytes(): number {
    return this.#sizeBytes - this.#taken
  }

  take(piece: Buffer): void {
    const kept = piece.subarray(0, this.leftBytes)
    this.#hashing.update(kept)
    this.#taken += kept.length
  }

  /** @throws ImplausibleReply where bytes are missing */
  whole(): null {
    if (this.leftBytes > 0) throw new ImplausibleReply('a content of which bytes are missing')
    return null
  }

  forget(): void {
    this.#hashing.forget?.()
  }

  /** Can be called once, after all bytes came. The media type stays empty. */
  outcome(): ReadOutcome {
    const sizeBytes = BigInt(this.#sizeBytes)
    const content = { digests: this.#hashing.finish(), sizeBytes, mediaType: '' }
    return { result: { result: 'done' }, content, bytesRead: sizeBytes }
  }
}

class HashedWhole implements Digester {
  readonly #bytes: Buffer
  readonly #extra: ExtraDigest | undefined
  #taken = 0

  constructor(sizeBytes: number, extra: ExtraDigest | undefined) {
    this.#bytes = Buffer.allocUnsafeSlow(sizeBytes)
    this.#extra = extra
  }

  update(chunk: Uint8Array): void {
    this.#bytes.set(chunk, this.#taken)
    this.#taken += chunk.length
  }

  finish(): Digests {
    return digestsOf(this.#bytes, this.#extra)
  }

  /** Freed memory must keep no contents. */
  forget(): void {
    this.#bytes.fill(0)
  }
}

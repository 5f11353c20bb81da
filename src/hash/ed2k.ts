/**
 * eDonkey digests: MD4 of each 9,728,000-byte chunk, then MD4 of those digests.
 *
 * There are two. For sizes that are an exact multiple of the chunk, old clients ("red") add one empty chunk and newer
 * ones ("blue") do not. A list seldom states its form, so both are computed and either may match.
 *
 * @see https://wiki.anidb.net/Ed2k-hash
 */
import { Md4 } from './md4.ts'

export const ED2K_CHUNK_BYTES = 9_728_000

export interface Ed2kDigests {
  /** 32 lower-case hex digits. */
  readonly red: string
  readonly blue: string
}

/** Incremental: any number of updates, one digest. */
export class Ed2k {
  readonly #chunkDigests: Uint8Array[] = []
  #chunk = new Md4()
  #chunkBytes = 0

  update(bytes: Uint8Array): this {
    for (let from = 0; from < bytes.length; ) {
      const part = bytes.subarray(from, from + ED2K_CHUNK_BYTES - this.#chunkBytes)
      this.#chunk.update(part)
      this.#chunkBytes += part.length
      from += part.length
      if (this.#chunkBytes === ED2K_CHUNK_BYTES) this.#endChunk()
    }
    return this
  }

  /** The hasher keeps its state and may take more bytes. */
  digest(): Ed2kDigests {
    const last = this.#chunk.digest()
    const whole = this.#chunkBytes === 0 && this.#chunkDigests.length > 0
    const red = digestOfChunks([...this.#chunkDigests, last])
    return { red, blue: whole ? digestOfChunks(this.#chunkDigests) : red }
  }

  #endChunk(): void {
    this.#chunkDigests.push(this.#chunk.digest())
    this.#chunk = new Md4()
    this.#chunkBytes = 0
  }
}

function digestOfChunks(digests: readonly Uint8Array[]): string {
  const [only] = digests
  const digest = digests.length === 1 ? only! : new Md4().update(Buffer.concat(digests)).digest()
  return Buffer.from(digest).toString('hex')
}

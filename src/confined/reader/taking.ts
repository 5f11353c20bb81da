/** State of a file that is read in chunks: its digests so far, its first and its last bytes. */
import type { Digests } from '../../contracts/content.ts'
import { identifyContent, identifyFully, noticeAsItPasses } from '../../formats/signatures/index.ts'
import { type Digester, digestsOf, type ExtraDigest, newDigester } from '../../hash/digest.ts'
import { HEAD_BYTES, type Identified, TAIL_BYTES } from '../../media-types/sample.ts'

/** Buffers for the first and last bytes of files in several chunks, reused for each file. */
export class Ends {
  readonly head = Buffer.allocUnsafeSlow(HEAD_BYTES)
  readonly tail = Buffer.allocUnsafeSlow(TAIL_BYTES)
}

export class Taking {
  readonly #sizeBytes: number
  readonly #ends: Ends
  readonly #extra: ExtraDigest | undefined
  #whole: Buffer
  #digester: Digester | null = null
  #notice: ReturnType<typeof noticeAsItPasses> = null

  constructor(sizeBytes: number, ends: Ends, extra?: ExtraDigest) {
    this.#sizeBytes = sizeBytes
    this.#ends = ends
    this.#extra = extra
    this.#whole = ends.head.subarray(0, 0)
  }

  /** @param chunk kept until the next file if it is the whole file */
  take(chunk: Buffer, offset: number): void {
    // The whole file in one chunk: the one-shot functions use it without a copy.
    if (chunk.length === this.#sizeBytes) {
      this.#whole = chunk
      return
    }
    if (offset === 0) this.#notice = noticeAsItPasses(chunk.subarray(0, HEAD_BYTES), this.#sizeBytes)
    this.#notice?.take(chunk, offset)
    if (offset < HEAD_BYTES) chunk.copy(this.#ends.head, offset)
    const tailStart = Math.max(0, this.#sizeBytes - TAIL_BYTES)
    if (offset + chunk.length > tailStart)
      chunk.copy(this.#ends.tail, Math.max(0, offset - tailStart), Math.max(0, tailStart - offset))
    this.#digester ??= newDigester(this.#extra)
    this.#digester.update(chunk)
  }

  digests(): Digests {
    return this.#digester === null ? digestsOf(this.#whole, this.#extra) : this.#digester.finish()
  }

  async identify(): Promise<Identified> {
    if (this.#digester === null) return identifyContent(this.#whole)
    const size = this.#sizeBytes
    const { head, tail } = this.#ends
    const identified = await identifyFully(
      head.subarray(0, Math.min(HEAD_BYTES, size)),
      size,
      tail.subarray(0, Math.min(TAIL_BYTES, size)),
    )
    const noticed = this.#notice?.finish()
    // `null`: the embedded-data detection lost its position and has not checked everything.
    return noticed === undefined || noticed?.found === false
      ? identified
      : { ...identified, hasAppended: true }
  }
}

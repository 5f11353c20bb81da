/** Hashes rows of canonical values, and at the end the number of rows. */
import { createHash, type Hash } from 'node:crypto'
import { CanonicalEncoder } from '../format/encode.ts'

/** Replaces a value that depends on time, memory, a crash or the device. */
export const ENVIRONMENT = 'environment-dependent'

const FLUSH_BYTES = 1 << 16

export class DigestStream {
  readonly #hash: Hash = createHash('sha256')
  readonly #encoder = new CanonicalEncoder()
  #rows = 0

  constructor(domain: string) {
    this.#encoder.text(domain)
  }

  row(encode: (encoder: CanonicalEncoder) => void): void {
    encode(this.#encoder)
    this.#rows += 1
    if (this.#encoder.length > FLUSH_BYTES) this.#flush()
  }

  end(): Buffer {
    this.#encoder.text('end')
    this.#encoder.int(this.#rows)
    this.#flush()
    return this.#hash.digest()
  }

  #flush(): void {
    this.#hash.update(this.#encoder.bytes)
    this.#encoder.clear()
  }
}

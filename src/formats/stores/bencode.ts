/**
 * Decodes bencoded data within limits: a depth of 64, a million values, no text beyond the end.
 *
 * @see BEP 3, "bencoding"
 */

export type Bencoded = number | Buffer | readonly Bencoded[] | BencodedDictionary

export interface BencodedDictionary {
  /** By key as latin1: keys are bytes. */
  readonly entries: ReadonlyMap<string, Bencoded>
  /** The bytes of the dictionary, including `d` and `e`. */
  readonly bytes: Buffer
}

/** Reports the offset where decoding failed. */
export class NotBencoded extends Error {
  readonly at: number

  constructor(at: number) {
    super(`no bencoded value at byte ${at}`)
    this.at = at
  }
}

const MOST_DEPTH = 64
const MOST_VALUES = 1_000_000

export function isDictionary(value: Bencoded | undefined): value is BencodedDictionary {
  return typeof value === 'object' && 'entries' in value && 'bytes' in value
}

/** @throws NotBencoded */
export function decodeBencoded(bytes: Buffer): Bencoded {
  return new Decoder(bytes).value(0)
}

class Decoder {
  readonly #bytes: Buffer
  #at = 0
  #values = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  value(depth: number): Bencoded {
    if (depth > MOST_DEPTH || ++this.#values > MOST_VALUES) throw new NotBencoded(this.#at)
    switch (this.#bytes[this.#at]) {
      case 0x69:
        return this.#number()
      case 0x6c:
        return this.#list(depth)
      case 0x64:
        return this.#dictionary(depth)
      default:
        return this.#text()
    }
  }

  #number(): number {
    const end = this.#bytes.indexOf(0x65, this.#at)
    if (end < 0 || end - this.#at > 21) throw new NotBencoded(this.#at)
    const text = this.#bytes.toString('latin1', this.#at + 1, end)
    if (!/^-?\d{1,19}$/.test(text)) throw new NotBencoded(this.#at)
    this.#at = end + 1
    return Number(text)
  }

  #text(): Buffer {
    const colon = this.#bytes.subarray(this.#at, this.#at + 12).indexOf(0x3a)
    const digits = colon < 1 ? '' : this.#bytes.toString('latin1', this.#at, this.#at + colon)
    if (!/^\d{1,10}$/.test(digits)) throw new NotBencoded(this.#at)
    const from = this.#at + colon + 1
    const length = Number(digits)
    if (length > this.#bytes.length - from) throw new NotBencoded(this.#at)
    this.#at = from + length
    return this.#bytes.subarray(from, this.#at)
  }

  #list(depth: number): Bencoded[] {
    const list: Bencoded[] = []
    for (this.#at++; !this.#ended(); ) list.push(this.value(depth + 1))
    return list
  }

  #dictionary(depth: number): BencodedDictionary {
    const from = this.#at
    const entries = new Map<string, Bencoded>()
    for (this.#at++; !this.#ended(); ) {
      const key = this.#text().toString('latin1')
      const value = this.value(depth + 1)
      if (!entries.has(key)) entries.set(key, value)
    }
    return { entries, bytes: this.#bytes.subarray(from, this.#at) }
  }

  #ended(): boolean {
    if (this.#bytes[this.#at] !== 0x65) return false
    this.#at++
    return true
  }
}

/** Known beginnings, packed and sorted by the MD5 of their first 512 bytes: 64 bytes a record. */
import type { KnownHeaderHash } from '../contracts/hash-set.ts'

const DIGEST = 16
const RECORD = 64
const LIST_AT = 3 * DIGEST + 10
/** A bit for each value of three bytes: nine of ten lookups end here. */
const FILTER_BITS = 1 << 24

export class HeaderHashIndex {
  readonly length: number
  readonly #packed: Buffer
  readonly #filter = new Uint8Array(FILTER_BITS >>> 3)

  /** @param packed of another index, made by {@link packHeaderHashes} */
  constructor(packed: Buffer) {
    this.#packed = packed
    this.length = Math.floor(packed.length / RECORD)
    for (let n = 0; n < this.length; n++) {
      const bit = bitOf(this.#digest(n, 0))
      this.#filter[bit >>> 3] = (this.#filter[bit >>> 3] ?? 0) | (1 << (bit & 7))
    }
  }

  /** Records with this MD5 of their first 512 bytes, shortest first. */
  beginningWith(md5Of512: Buffer): readonly KnownHeaderHash[] {
    const bit = bitOf(md5Of512)
    if (((this.#filter[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) return []
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (Buffer.compare(this.#digest(middle, 0), md5Of512) < 0) low = middle + 1
      else high = middle
    }
    const found: KnownHeaderHash[] = []
    for (; low < this.length && this.#digest(low, 0).equals(md5Of512); low++) found.push(this.#record(low))
    return found
  }

  #digest(record: number, which: number): Buffer {
    const at = record * RECORD + which * DIGEST
    return this.#packed.subarray(at, at + DIGEST)
  }

  #record(record: number): KnownHeaderHash {
    const at = record * RECORD + 3 * DIGEST
    return {
      md5Of512: this.#digest(record, 0),
      md5: this.#digest(record, 1),
      md5Of64k: this.#packed[at + 8] === 1 ? this.#digest(record, 2) : null,
      sizeBytes: this.#packed.readDoubleLE(at),
      list: this.#packed.readUInt16LE(record * RECORD + LIST_AT),
    }
  }
}

function bitOf(digest: Uint8Array): number {
  return ((digest[0] ?? 0) << 16) | ((digest[1] ?? 0) << 8) | (digest[2] ?? 0)
}

/** Sorted by the MD5 of the first 512 bytes, then by length. */
export function packHeaderHashes(beginnings: readonly KnownHeaderHash[]): Buffer {
  const order = beginnings.toSorted(
    (a, b) => Buffer.compare(a.md5Of512, b.md5Of512) || a.sizeBytes - b.sizeBytes,
  )
  const packed = Buffer.alloc(order.length * RECORD)
  for (const [n, { md5Of512, md5, md5Of64k, sizeBytes, list = 0 }] of order.entries()) {
    const at = n * RECORD
    packed.set(md5Of512, at)
    packed.set(md5, at + DIGEST)
    if (md5Of64k) packed.set(md5Of64k, at + 2 * DIGEST)
    packed.writeDoubleLE(sizeBytes, at + 3 * DIGEST)
    packed[at + 3 * DIGEST + 8] = md5Of64k ? 1 : 0
    packed.writeUInt16LE(list, at + LIST_AT)
  }
  return packed
}

/**
 * Near copies: pictures whose PDQ hashes differ in at most 31 bits, with the exactness of list comparison. A stack is
 * a content and its near copies, not a chain: each member is near to the first one.
 *
 * A person requests one stack at a time, so the hashes are compared one after the other. Faster tables take four times
 * the memory; they are built only for contents whose stacks are all requested at once.
 */
import type { Db } from '../ledger/format/database.ts'
import { NearIndex, PDQ_MAX_DISTANCE_BITS } from '../match/near/near-index.ts'
import { HASH_BYTES } from '../match/near/near-kernel.ts'
import { PDQ_MIN_QUALITY } from '../match/near/near-matcher.ts'
import { NearShard } from '../match/near/near-shard.ts'
import type { Catalogue } from './catalogue.ts'

/** The first hash of a content counts. */
const WHERE = `FROM perceptual_hash
  WHERE algorithm = 'pdq' AND part = 'original' AND quality >= ${PDQ_MIN_QUALITY} ORDER BY content`
const HASHED = `SELECT content ${WHERE}`
const HASHES = `SELECT content, hex ${WHERE}`

export class Stacks {
  readonly #hashes: NearShard
  /** Number of the catalogue for each hash, ascending. */
  readonly #numbers: Int32Array

  constructor(catalogue: Catalogue, db: Db) {
    const numbers = new Int32Array(catalogue.size)
    let count = 0
    for (const content of db.prepare<[], number>(HASHED).pluck().iterate()) {
      const number = catalogue.numberOfId(content)
      if (number !== null && (count === 0 || numbers[count - 1] !== number)) numbers[count++] = number
    }
    this.#numbers = count === catalogue.size ? numbers : numbers.slice(0, count)
    const rows = db.prepare<[], [number, string]>(HASHES).raw().iterate()
    let position = 0
    this.#hashes = new NearShard(count, false).indexWritten((room, at) => {
      const id = catalogue.ids[numbers[position++]!]!
      for (;;) {
        const [content, hex] = rows.next().value as [number, string]
        if (content !== id) continue
        room.write(hex, at, 'hex')
        return
      }
    })
    rows.return?.()
  }

  /** The content itself first, then its near copies, the nearest first. */
  around(number: number): readonly number[] {
    const hash = this.#hashOf(number)
    if (hash === null) return [number]
    const near: [number: number, distanceBits: number][] = []
    this.#hashes.query(hash, PDQ_MAX_DISTANCE_BITS, (position, distanceBits) =>
      near.push([this.#numbers[position]!, distanceBits]),
    )
    near.sort(([a, near], [b, far]) => near - far || a - b)
    return [number, ...near.flatMap(([one]) => (one === number ? [] : [one]))]
  }

  /** For each content of the catalogue the first content of its stack, or itself. @param ordered order of precedence */
  leaders(ordered: Int32Array, size: number): Int32Array {
    const leaders = Int32Array.from({ length: size }, (_, i) => i)
    const hashed = ordered.filter((number) => this.#positionOf(number) !== -1)
    const hashes = new Uint8Array(hashed.length * HASH_BYTES)
    for (const [i, number] of hashed.entries()) hashes.set(this.#hashOf(number)!, i * HASH_BYTES)
    const index = NearIndex.build(hashes)
    const taken = new Uint8Array(hashed.length)
    for (const [i, number] of hashed.entries()) {
      if (taken[i]) continue
      for (const { index: member } of index.query(index.hashAt(i))) {
        if (taken[member]) continue
        taken[member] = 1
        leaders[hashed[member]!] = number
      }
    }
    return leaders
  }

  #hashOf(number: number): Uint8Array | null {
    const position = this.#positionOf(number)
    return position === -1
      ? null
      : this.#hashes.hashes.slice(position * HASH_BYTES, (position + 1) * HASH_BYTES)
  }

  /** -1 when the content has no hash. */
  #positionOf(number: number): number {
    let low = 0
    let high = this.#numbers.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const found = this.#numbers[middle]!
      if (found === number) return middle
      if (found < number) low = middle + 1
      else high = middle - 1
    }
    return -1
  }
}

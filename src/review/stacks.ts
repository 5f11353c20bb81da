/**
 * Near copies: pictures whose PDQ hashes are within 31 bits, by the same exact index that compares with lists. A stack is a content
 * and what is near to it, not a chain: each member is near to the first one.
 */
import type { Db } from '../ledger/format/database.ts'
import { NearIndex } from '../match/near/near-index.ts'
import { PDQ_MIN_QUALITY } from '../match/near/near-matcher.ts'
import type { Catalogue } from './catalogue.ts'

/** The first of a content counts. */
const WHERE = `FROM perceptual_hash
  WHERE algorithm = 'pdq' AND part = 'original' AND quality >= ${PDQ_MIN_QUALITY} ORDER BY content`
const HASHED = `SELECT content ${WHERE}`
const HASHES = `SELECT content, hex ${WHERE}`

export class Stacks {
  readonly #index: NearIndex
  /** Number of the catalogue by position in the index. */
  readonly #numbers: Int32Array
  /** Position by number; -1: no hash. */
  readonly #positions: Int32Array

  constructor(catalogue: Catalogue, db: Db) {
    this.#positions = new Int32Array(catalogue.size).fill(-1)
    const numbers = new Int32Array(catalogue.size)
    let count = 0
    for (const content of db.prepare<[], number>(HASHED).pluck().iterate()) {
      const number = catalogue.numberOfId(content)
      if (number === null || this.#positions[number] !== -1) continue
      this.#positions[number] = count
      numbers[count++] = number
    }
    this.#numbers = numbers.subarray(0, count)
    const rows = db.prepare<[], [number, string]>(HASHES).raw().iterate()
    let position = 0
    this.#index = NearIndex.buildWritten(count, (room, at) => {
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

  /** The content itself first, then the nearest. */
  around(number: number): readonly number[] {
    const position = this.#positions[number]!
    if (position === -1) return [number]
    const near = this.#index.query(this.#index.hashAt(position)).map(({ index }) => this.#numbers[index]!)
    return [number, ...near.filter((one) => one !== number)]
  }

  /** For each content of the catalogue the first of its stack, itself where it has none. @param ordered which come first */
  leaders(ordered: Int32Array, size: number): Int32Array {
    const leaders = Int32Array.from({ length: size }, (_, i) => i)
    const taken = new Uint8Array(size)
    const chosen = new Uint8Array(size)
    for (const number of ordered) chosen[number] = 1
    for (const number of ordered) {
      if (taken[number]) continue
      for (const member of this.around(number)) {
        if (taken[member] || !chosen[member]) continue
        taken[member] = 1
        leaders[member] = number
      }
    }
    return leaders
  }
}

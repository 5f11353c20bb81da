/** The digests of the records of one list: a column of words for each algorithm, in chunks of records. */
import { ALGORITHMS, COMPARED_WORDS, WIDE_WORDS } from '../records/algorithms.ts'
import { CHUNK_BITS, CHUNK_MASK, CHUNK_RECORDS } from './bucket-directory.ts'

export class DigestColumns {
  readonly #columns: (Uint32Array[] | null)[] = ALGORITHMS.map(() => null)

  /** The chunks of an algorithm that a record has, by its place in {@link ALGORITHMS}. */
  of(a: number): Uint32Array[] {
    return this.#columns[a]!
  }

  /**
   * Appends records with the same digests, which end in the chunk that they begin in.
   * @param first number of the first record
   * @param words wide records, WIDE_WORDS each
   * @param from place of the first one among them
   */
  append(first: number, words: Uint32Array, from: number, run: number, bits: number): void {
    const [chunk, row] = [first >>> CHUNK_BITS, first & CHUNK_MASK]
    for (let rest = bits; rest !== 0; rest &= rest - 1) {
      const a = 31 - Math.clz32(rest & -rest)
      const { at, bytes } = ALGORITHMS[a]!
      const length = bytes >>> 2
      const column = this.#column(a, chunk, length)
      let to = row * length
      for (let i = from * WIDE_WORDS + (at >>> 2), end = i + run * WIDE_WORDS; i < end; i += WIDE_WORDS)
        for (let w = i; w < i + length; ) column[to++] = words[w++]!
    }
  }

  /** Copies one digest of a record to its place in a wide record. */
  copy(a: number, id: number, wide: Uint32Array): void {
    const { at, bytes } = ALGORITHMS[a]!
    const [to, length] = [at >>> 2, bytes >>> 2]
    const column = this.#columns[a]![id >>> CHUNK_BITS]!
    const row = (id & CHUNK_MASK) * length
    for (let w = 0; w < length; w++) wide[to + w] = column[row + w]!
  }

  /** Orders two records that have the same digests by what of them is compared. */
  compare(x: number, y: number, bits: number): number {
    for (let rest = bits; rest !== 0; rest &= rest - 1) {
      const a = 31 - Math.clz32(rest & -rest)
      const length = ALGORITHMS[a]!.bytes >>> 2
      const [columnX, columnY] = [this.of(a)[x >>> CHUNK_BITS]!, this.of(a)[y >>> CHUNK_BITS]!]
      const [rowX, rowY] = [(x & CHUNK_MASK) * length, (y & CHUNK_MASK) * length]
      for (let w = 0; w < COMPARED_WORDS[a]!; w++) {
        const difference = columnX[rowX + w]! - columnY[rowY + w]!
        if (difference !== 0) return difference
      }
    }
    return 0
  }

  #column(a: number, chunk: number, length: number): Uint32Array {
    const chunks = (this.#columns[a] ??= [])
    while (chunks.length <= chunk) chunks.push(NO_WORDS)
    if (chunks[chunk]!.length === 0) chunks[chunk] = new Uint32Array(CHUNK_RECORDS * length)
    return chunks[chunk]!
  }
}

const NO_WORDS = new Uint32Array(0)

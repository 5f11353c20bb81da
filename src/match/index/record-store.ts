/**
 * The records of one list in memory: a column per algorithm, and for each algorithm a filter and a directory.
 *
 * There is no object per record. Duplicates keep their position with no digest present, so that no record moves.
 */
import {
  ALGORITHMS,
  ALTERNATIVE,
  type AlgorithmPlace,
  algorithmsIn,
  COMPARED_WORDS,
  WIDE_WORDS,
} from '../records/algorithms.ts'
import { CategoryNumbers } from '../records/category-numbers.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import type { Candidate, Found, RecordSource } from '../records/record-source.ts'
import { buildDirectory, CHUNK_BITS, CHUNK_MASK, CHUNK_RECORDS, type Directory } from './bucket-directory.ts'
import { DigestColumns } from './digest-columns.ts'
import { type Records, strikeDuplicates } from './strike-duplicates.ts'

/** A record's share: bucket, number, filter; and size, category and present bits. */
const DIRECTORY_BYTES = 12
const SIZE_BYTES = 11

export class RecordStore implements RecordSource, Records {
  count = 0
  duplicates = 0
  present = 0
  readonly #categories = new CategoryNumbers()
  readonly #digests = new DigestColumns()
  readonly #present: Uint8Array[] = []
  readonly #sizes: (Float64Array | undefined)[] = []
  readonly #categoryOf: Uint16Array[] = []
  readonly #alternatives: Buffer[] = []
  #alternativeBytes = 0
  /** How many records have this algorithm as their first. */
  readonly #firstMembers = ALGORITHMS.map(() => 0)
  /** Of the algorithms that are compared and present. */
  readonly #directories: Directory[] = []

  append(batch: RecordBatch): void {
    const words = new Uint32Array(batch.digests.buffer, batch.digests.byteOffset, batch.count * WIDE_WORDS)
    for (let from = 0; from < batch.count; ) {
      const run = this.#runOf(batch, from)
      this.#begin(batch.present[from]!, run)
      this.#appendFacts(batch, from, run, words)
      const row = this.count & CHUNK_MASK
      this.#present[this.count >>> CHUNK_BITS]!.fill(batch.present[from]!, row, row + run)
      this.#digests.append(this.count, words, from, run, batch.present[from]!)
      from += run
      this.count += run
    }
  }

  /** How many records from here have the same digests, within a chunk: most lists are one run. */
  #runOf({ present, count }: RecordBatch, from: number): number {
    const end = Math.min(count, from + CHUNK_RECORDS - (this.count & CHUNK_MASK))
    const bits = present[from]!
    let to = from + 1
    while (to < end && present[to] === bits) to++
    return to - from
  }

  #begin(bits: number, run: number): void {
    if ((this.count & CHUNK_MASK) === 0) {
      this.#present.push(new Uint8Array(CHUNK_RECORDS))
      this.#sizes.push(undefined)
      this.#categoryOf.push(new Uint16Array(CHUNK_RECORDS))
    }
    this.present |= bits
    this.#firstMembers[31 - Math.clz32(bits & -bits)]! += run
  }

  /** Sizes, categories and alternative hashes, of which the wide record gets the number. */
  #appendFacts(
    { sizes, categories, alternatives, present }: RecordBatch,
    from: number,
    run: number,
    words: Uint32Array,
  ): void {
    const chunk = this.count >>> CHUNK_BITS
    for (let i = from, row = this.count & CHUNK_MASK; i < from + run; i++, row++) {
      if (!Number.isNaN(sizes[i]!)) this.#setSize(chunk, row, sizes[i]!)
      const category = categories[i]!
      if (category !== null) this.#categoryOf[chunk]![row] = this.#categories.numberOf(category)
    }
    if ((present[from]! & ALTERNATIVE.bit) === 0) return
    for (let i = from; i < from + run; i++) {
      const packed = alternatives[i]!
      this.#alternativeBytes += packed.length
      words[i * WIDE_WORDS + (ALTERNATIVE.at >>> 2) + COMPARED_WORDS.at(-1)!] =
        this.#alternatives.push(packed) - 1
    }
  }

  /** Memory of the records in bytes, directories included. */
  get bytes(): number {
    const words = algorithmsIn(this.present).reduce((sum, { bytes }) => sum + bytes + DIRECTORY_BYTES, 0)
    return this.count * (words + SIZE_BYTES) + this.#alternativeBytes
  }

  /** Builds the directories and strikes out duplicates. Call once, after the last append. */
  finish(): void {
    for (let a = 0; a < ALGORITHMS.length; a++) {
      if ((this.present & (1 << a)) === 0) continue
      const { directory, firstWords } = buildDirectory(ALGORITHMS[a]!, this.#digests.of(a), this.#present)
      // Records with this digest and no earlier one are compared here, so each pair is compared exactly once.
      if (this.#firstMembers[a]! > 0)
        this.duplicates += strikeDuplicates(this, directory, firstWords, (1 << a) - 1)
      if (ALGORITHMS[a]!.exact) this.#directories.push(directory)
    }
  }

  mayHold(wanted: Uint32Array, wantedBits: number): boolean {
    for (const directory of this.#directories) {
      if ((wantedBits & directory.bit) === 0) continue
      if (directory.bloom.mayHold(wanted[directory.at]!, wanted[directory.at + 1]!)) return true
    }
    return false
  }

  find(wanted: Uint32Array, wantedBits: number, found: Found[]): void {
    const first = found.length
    for (const { bit, at, length, shift, starts, ids, chunks, bloom } of this.#directories) {
      if ((wantedBits & bit) === 0 || !bloom.mayHold(wanted[at]!, wanted[at + 1]!)) continue
      const bucket = wanted[at]! >>> shift
      const end = starts[bucket + 1]!
      search: for (let i = starts[bucket]!; i < end; i++) {
        const id = ids[i]!
        const column = chunks[id >>> CHUNK_BITS]!
        const row = (id & CHUNK_MASK) * length
        for (let w = 0; w < length; w++) if (column[row + w] !== wanted[at + w]) continue search
        if (this.presentAt(id) === 0) continue
        for (let f = first; f < found.length; f++) if (found[f]!.record === id) continue search
        const chunk = id >>> CHUNK_BITS
        found.push({
          record: id,
          present: this.presentAt(id),
          agreed: this.agreement(id, wanted, wantedBits),
          size: this.#sizeAt(id),
          category: this.#categories.names[this.#categoryOf[chunk]![id & CHUNK_MASK]!]!,
        })
      }
    }
  }

  agreement(id: number, wanted: Uint32Array, wantedBits: number): number {
    const bits = this.presentAt(id) & wantedBits
    let agreed = 0
    compared: for (const { bit, at, length, chunks } of this.#directories) {
      if ((bits & bit) === 0) continue
      const column = chunks[id >>> CHUNK_BITS]!
      const row = (id & CHUNK_MASK) * length
      for (let w = 0; w < length; w++) if (column[row + w] !== wanted[at + w]) continue compared
      agreed |= bit
    }
    return agreed
  }

  candidate(id: number): Candidate {
    const chunk = id >>> CHUNK_BITS
    const row = id & CHUNK_MASK
    const words = new Uint32Array(WIDE_WORDS)
    const present = this.#present[chunk]![row]!
    for (let rest = present; rest !== 0; rest &= rest - 1)
      this.#digests.copy(31 - Math.clz32(rest & -rest), id, words)
    return {
      record: id,
      present,
      words,
      size: this.#sizeAt(id),
      category: this.#categories.names[this.#categoryOf[chunk]![row]!]!,
    }
  }

  /** Every record that was not struck out as a duplicate. */
  *candidates(): Generator<Candidate> {
    for (let id = 0; id < this.count; id++) if (this.presentAt(id) !== 0) yield this.candidate(id)
  }

  counted({ bit }: AlgorithmPlace): number {
    let count = 0
    if ((this.present & bit) === 0) return count
    for (let id = 0; id < this.count; id++) if ((this.presentAt(id) & bit) !== 0) count++
    return count
  }

  each({ bit }: AlgorithmPlace, use: (wide: Uint32Array, category: string | null) => void): void {
    const wide = new Uint32Array(WIDE_WORDS)
    const a = 31 - Math.clz32(bit)
    for (let id = 0; id < this.count; id++) {
      if ((this.presentAt(id) & bit) === 0) continue
      const [chunk, row] = [id >>> CHUNK_BITS, id & CHUNK_MASK]
      this.#digests.copy(a, id, wide)
      use(wide, this.#categories.names[this.#categoryOf[chunk]![row]!]!)
    }
  }

  alternatives(low: number): Buffer {
    return this.#alternatives[low]!
  }

  close(): void {}

  presentAt(id: number): number {
    return this.#present[id >>> CHUNK_BITS]![id & CHUNK_MASK]!
  }

  #sizeAt(id: number): number {
    return this.#sizes[id >>> CHUNK_BITS]?.[id & CHUNK_MASK] ?? Number.NaN
  }

  #setSize(chunk: number, row: number, size: number): void {
    this.#sizes[chunk] ??= new Float64Array(CHUNK_RECORDS).fill(Number.NaN)
    this.#sizes[chunk][row] = size
  }

  strike(id: number): number {
    this.#present[id >>> CHUNK_BITS]![id & CHUNK_MASK] = 0
    return 1
  }

  /** Orders records by everything that matching looks at; 0: duplicates. */
  compare(x: number, y: number): number {
    const [chunkX, rowX, chunkY, rowY] = [x >>> CHUNK_BITS, x & CHUNK_MASK, y >>> CHUNK_BITS, y & CHUNK_MASK]
    const present = this.#present[chunkX]![rowX]!
    const difference = present - this.#present[chunkY]![rowY]!
    if (difference !== 0) return difference
    const differing = this.#digests.compare(x, y, present)
    if (differing !== 0) return differing
    const sizeX = this.#sizeAt(x)
    const sizeY = this.#sizeAt(y)
    if (!Object.is(sizeX, sizeY)) {
      return Number.isNaN(sizeX) ? -1 : Number.isNaN(sizeY) ? 1 : sizeX - sizeY
    }
    return this.#categoryOf[chunkX]![rowX]! - this.#categoryOf[chunkY]![rowY]!
  }
}

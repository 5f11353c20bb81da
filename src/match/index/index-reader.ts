/**
 * A compiled index, opened at once and queried like a list in memory.
 *
 * Rows are found by the directory of their first digest; by other digests through entries that point to rows. Filters
 * and directories stay in memory once read.
 */
import { ALGORITHMS, type AlgorithmPlace, algorithmNamed, WIDE_WORDS } from '../records/algorithms.ts'
import type { Candidate, Found, RecordSource } from '../records/record-source.ts'
import { type AlgorithmReader, algorithmMayHold } from './algorithm-reader.ts'
import { BlockFile, openIndex } from './block-file.ts'
import { bloomBlocks } from './bloom.ts'
import {
  ENTRY_WORDS,
  type IndexMetadata,
  NO_SIZE,
  type RowLayout,
  rowLayout,
  type Section,
} from './index-layout.ts'
import { Directory, ResidentWords } from './resident.ts'

/** Rows read at a time; they span at most two blocks. */
const EACH_ROWS = 512
/** Blocks of rows and entries that stay in memory. */
const CACHE_BYTES = 256 * 1024 * 1024

export class IndexReader implements RecordSource {
  readonly metadata: IndexMetadata
  readonly present: number
  readonly #blocks: BlockFile
  readonly #row: RowLayout
  readonly #records: Section
  readonly #directory: Directory
  readonly #algorithms: readonly AlgorithmReader[]

  /** @throws HashSetIndexDamaged */
  constructor(path: string, cacheBytes = CACHE_BYTES) {
    const { fd, metadata } = openIndex(path)
    const { layout } = metadata
    this.metadata = metadata
    this.present = layout.present
    this.#blocks = new BlockFile(path, fd, metadata, cacheBytes)
    this.#row = rowLayout(layout.present, layout.hasSizes, layout.hasExtras)
    this.#records = layout.recordSection
    this.#directory = new Directory(this.#blocks, layout.recordDirectory)
    this.#algorithms = layout.algorithms.map((sections) => {
      const place = algorithmNamed(sections.name)!
      return {
        place,
        bit: place.bit,
        at: place.at >>> 2,
        words: place.bytes >>> 2,
        rowAt: this.#row.digestAt[ALGORITHMS.indexOf(place)]!,
        isPrimary: (layout.primary & place.bit) !== 0,
        isSorted: layout.primary === place.bit,
        bloomBlocks: bloomBlocks(sections.bloomKeys),
        bloom: new ResidentWords(this.#blocks, sections.bloom),
        entries: sections.entries,
        entryDirectory:
          sections.entryDirectory === null ? null : new Directory(this.#blocks, sections.entryDirectory),
      }
    })
  }

  mayHold(wanted: Uint32Array, wantedBits: number): boolean {
    for (const algorithm of this.#algorithms) {
      if ((wantedBits & algorithm.bit) !== 0 && algorithmMayHold(algorithm, wanted)) return true
    }
    return false
  }

  find(wanted: Uint32Array, wantedBits: number, found: Found[]): void {
    const first = found.length
    for (const algorithm of this.#algorithms) {
      if ((wantedBits & algorithm.bit) === 0 || !algorithmMayHold(algorithm, wanted)) continue
      if (algorithm.isPrimary) this.#findRows(algorithm, wanted, wantedBits, found, first)
      if (algorithm.entries !== null) this.#findEntries(algorithm, wanted, wantedBits, found, first)
    }
  }

  /** Every record, in the order of the file. */
  *candidates(): Generator<Candidate> {
    const { records } = this.metadata.layout
    const { words } = this.#row
    for (let record = 0; record < records; record++) {
      const at = this.#blocks.locate(this.#records.offset + record * words * 4, words)
      yield this.#candidate(record, this.#blocks.words, at)
    }
  }

  counted(place: AlgorithmPlace): number {
    return this.metadata.layout.algorithmRecords[ALGORITHMS.indexOf(place)] ?? 0
  }

  each({ bit, at, bytes }: AlgorithmPlace, use: (wide: Uint32Array, category: string | null) => void): void {
    const { records, present } = this.metadata.layout
    if ((present & bit) === 0) return
    const wide = new Uint32Array(WIDE_WORDS)
    const [to, length] = [at >>> 2, bytes >>> 2]
    const { words, digestAt } = this.#row
    const from = digestAt[31 - Math.clz32(bit)]!
    for (let record = 0; record < records; record += EACH_ROWS) {
      const rows = Math.min(EACH_ROWS, records - record)
      const located = this.#blocks.locate(this.#records.offset + record * words * 4, rows * words)
      const pool = this.#blocks.words
      for (let i = 0, row = located; i < rows; i++, row += words) {
        if ((pool[row]! & bit) === 0) continue
        for (let w = 0; w < length; w++) wide[to + w] = pool[row + from + w]!
        use(wide, this.#category(pool, row))
      }
    }
  }

  /** The extra fields of a record as the list had them; null: none were kept. */
  extras(record: number): Buffer | null {
    const { extraAt, words } = this.#row
    if (extraAt === -1) return null
    const at = this.#blocks.locate(this.#records.offset + record * words * 4, words) + extraAt
    const [low, high] = [this.#blocks.words[at]!, this.#blocks.words[at + 1]!]
    return low === 0 && high === 0 ? null : this.alternatives(low, high)
  }

  alternatives(low: number, high: number): Buffer {
    const place = low + high * 0x1_0000_0000
    const { offset, bytes } = this.metadata.layout.extraSection
    const length =
      place > 0 && place + 3 <= bytes ? this.#blocks.bytes(offset + place - 1, 4).readUInt32LE() : 0
    if (length === 0 || place + 3 + length > bytes)
      throw this.#blocks.damaged('an extra lies outside its section')
    return this.#blocks.bytes(offset + place + 3, length)
  }

  /** Reads every byte. @returns problems, empty when there are none */
  verify(progress: (fraction: number) => void = () => {}): Promise<readonly string[]> {
    return this.#blocks.verifyAll(progress)
  }

  close(): void {
    this.#blocks.close()
  }

  agreement(record: number, wanted: Uint32Array, wantedBits: number): number {
    const { words } = this.#row
    const at = this.#blocks.locate(this.#records.offset + record * words * 4, words)
    return this.#agreed(this.#blocks.words, at, wanted, wantedBits)
  }

  #findRows(
    algorithm: AlgorithmReader,
    wanted: Uint32Array,
    wantedBits: number,
    found: Found[],
    from: number,
  ): void {
    const first = wanted[algorithm.at]!
    const start = this.#directory.start(first)
    const count = this.#directory.end(first) - start
    if (count <= 0) return
    const { words } = this.#row
    const located = this.#blocks.locate(this.#records.offset + start * words * 4, count * words)
    const rows = this.#blocks.words
    const { isSorted } = algorithm
    for (let i = 0, at = located; i < count; i++, at += words) {
      const word = rows[at + algorithm.rowAt]!
      if (word !== first) {
        if (isSorted && word > first) return
        continue
      }
      const agreed = this.#agreed(rows, at, wanted, wantedBits)
      if ((agreed & algorithm.bit) !== 0 && !hasRecord(found, from, start + i)) {
        found.push(this.#found(start + i, rows, at, agreed))
      }
    }
  }

  #findEntries(
    algorithm: AlgorithmReader,
    wanted: Uint32Array,
    wantedBits: number,
    found: Found[],
    from: number,
  ): void {
    const [first, second] = [wanted[algorithm.at]!, wanted[algorithm.at + 1]!]
    const start = algorithm.entryDirectory!.start(first)
    const count = algorithm.entryDirectory!.end(first) - start
    if (count <= 0) return
    let at = this.#blocks.locate(algorithm.entries!.offset + start * ENTRY_WORDS * 4, count * ENTRY_WORDS)
    const entries = this.#blocks.words
    const records: number[] = []
    for (let i = 0; i < count && entries[at]! <= first; i++, at += ENTRY_WORDS) {
      if (entries[at] === first && entries[at + 1] === second) records.push(entries[at + 2]!)
    }
    const { words } = this.#row
    for (const record of records) {
      if (record >= this.metadata.layout.records) throw this.#blocks.damaged('an entry points to no record')
      if (hasRecord(found, from, record)) continue
      const row = this.#blocks.locate(this.#records.offset + record * words * 4, words)
      const agreed = this.#agreed(this.#blocks.words, row, wanted, wantedBits)
      if ((agreed & algorithm.bit) !== 0) found.push(this.#found(record, this.#blocks.words, row, agreed))
    }
  }

  #agreed(rows: Uint32Array, row: number, wanted: Uint32Array, wantedBits: number): number {
    const bits = rows[row]! & wantedBits
    let agreed = 0
    compared: for (const { bit, at, rowAt, words } of this.#algorithms) {
      if ((bits & bit) === 0) continue
      for (let w = 0; w < words; w++) if (rows[row + rowAt + w] !== wanted[at + w]) continue compared
      agreed |= bit
    }
    return agreed
  }

  #found(record: number, rows: Uint32Array, at: number, agreed: number): Found {
    return {
      record,
      present: rows[at]! & 0xff,
      agreed,
      size: this.#size(rows, at),
      category: this.#category(rows, at),
    }
  }

  #size(rows: Uint32Array, at: number): number {
    const { sizeAt } = this.#row
    const high = sizeAt === -1 ? NO_SIZE : rows[at + sizeAt + 1]!
    return high === NO_SIZE ? Number.NaN : high * 0x1_0000_0000 + rows[at + sizeAt]!
  }

  #category(rows: Uint32Array, at: number): string | null {
    return this.metadata.layout.categories[rows[at]! >>> 16] ?? null
  }

  #candidate(record: number, rows: Uint32Array, at: number): Candidate {
    const words = new Uint32Array(WIDE_WORDS)
    const present = rows[at]! & 0xff
    for (let a = 0; a < ALGORITHMS.length; a++) {
      if ((present & (1 << a)) === 0) continue
      const { at: wide, bytes } = ALGORITHMS[a]!
      const from = at + this.#row.digestAt[a]!
      for (let w = 0; w < bytes >>> 2; w++) words[(wide >>> 2) + w] = rows[from + w]!
    }
    return { record, present, words, size: this.#size(rows, at), category: this.#category(rows, at) }
  }
}

function hasRecord(found: readonly Found[], from: number, record: number): boolean {
  for (let i = from; i < found.length; i++) if (found[i]!.record === record) return true
  return false
}

/** Sorts the records of a list on disk and writes the sections of its index. */
import { UsageError } from '../../base/errors.ts'
import type { Intake } from '../formats/intake.ts'
import { ALGORITHMS, ALTERNATIVE, COMPARED_WORDS, WIDE_WORDS } from '../records/algorithms.ts'
import { CategoryNumbers } from '../records/category-numbers.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import { Bloom } from './bloom.ts'
import { DirectoryWriter } from './directory-writer.ts'
import { EntrySpools } from './entry-spools.ts'
import {
  type AlgorithmSections,
  bucketOf,
  directoryBits,
  type IndexLayout,
  NO_SIZE,
  type RowLayout,
  rowLayout,
} from './index-layout.ts'
import type { IndexWriter } from './index-writer.ts'
import { leaves, sortRows } from './sort-rows.ts'
import type { Spool } from './spool.ts'
import { SpoolFiles } from './spool-files.ts'
import { compareSpooled, HAS_EXTRA, HEAD_MASK, ROWS, spooledWords } from './spooled-row.ts'

const MOST_RECORDS = 0xffff_fff0
const ROWS_A_WRITE = 4096

export class IndexBuilder {
  readonly #writer: IndexWriter
  readonly #spool: Spool
  readonly #entries: EntrySpools
  readonly #categories = new CategoryNumbers()
  readonly #spools: SpoolFiles
  #rows = 0
  #present = 0
  #primary = 0
  #hasSizes = false
  #hasExtras = false
  /** How many rows have each algorithm, and how many have it as their first; duplicates included. */
  readonly #having = ALGORITHMS.map(() => 0)
  readonly #havingFirst = ALGORITHMS.map(() => 0)

  constructor(target: string, writer: IndexWriter, sizeBytes: number) {
    this.#spools = new SpoolFiles(target)
    this.#entries = new EntrySpools(this.#spools)
    this.#writer = writer
    this.#spool = this.#spools.create('records', sizeBytes)
  }

  add(batch: RecordBatch): void {
    const words = new Uint32Array(batch.digests.buffer, batch.digests.byteOffset, batch.count * WIDE_WORDS)
    const { pool, bits } = this.#spool
    if (this.#rows + batch.count > MOST_RECORDS) throw new UsageError('The list has more than 2^32 records.')
    this.#rows += batch.count
    for (let i = 0; i < batch.count; i++) {
      const present = batch.present[i]!
      const extra = batch.extras[i]!
      const size = batch.sizes[i]!
      const category = batch.categories[i]!
      if ((present & ALTERNATIVE.bit) !== 0) {
        const at = i * WIDE_WORDS + (ALTERNATIVE.at >>> 2) + COMPARED_WORDS.at(-1)!
        const offset = this.#writeBlob(batch.alternatives[i]!)
        words[at] = offset >>> 0
        words[at + 1] = Math.floor(offset / 0x1_0000_0000)
      }
      const firstIndex = 31 - Math.clz32(present & -present)
      const first = words[i * WIDE_WORDS + (ALGORITHMS[firstIndex]!.at >>> 2)]!
      this.#havingFirst[firstIndex]!++
      this.#present |= present
      this.#primary |= 1 << firstIndex

      let at = this.#spool.reserve(bucketOf(first, bits), spooledWords(present, extra !== null))
      const categoryNumber = category === null ? 0 : this.#categories.numberOf(category)
      pool[at++] = present | (extra === null ? 0 : HAS_EXTRA) | (categoryNumber << 16)
      for (let a = firstIndex; a < ALGORITHMS.length; a++) {
        if ((present & (1 << a)) === 0) continue
        this.#having[a]!++
        const place = ALGORITHMS[a]!
        const from = i * WIDE_WORDS + (place.at >>> 2)
        for (let w = 0, length = place.bytes >>> 2; w < length; w++) pool[at++] = words[from + w]!
      }
      if (Number.isNaN(size)) {
        pool[at++] = NO_SIZE
        pool[at++] = NO_SIZE
      } else {
        this.#hasSizes = true
        pool[at++] = size >>> 0
        pool[at++] = Math.floor(size / 0x1_0000_0000)
      }
      if (extra !== null) {
        const offset = this.#writeExtra(extra)
        pool[at++] = offset >>> 0
        pool[at++] = Math.floor(offset / 0x1_0000_0000)
      }
    }
  }

  /** Sorts the added rows and writes every section. */
  async build(
    { categorised, videos }: Pick<Intake, 'categorised' | 'videos'>,
    progress: (fraction: number) => void,
  ): Promise<IndexLayout> {
    const extraSection = this.#writer.endSection()
    const row = rowLayout(this.#present, this.#hasSizes, this.#hasExtras)
    const blooms = ALGORITHMS.map((place, a) =>
      place.exact && (this.#primary & place.bit) !== 0 ? new Bloom(this.#having[a]!) : null,
    )
    for (const [a, place] of ALGORITHMS.entries()) {
      const secondary = this.#having[a]! - this.#havingFirst[a]!
      if (!place.exact || secondary === 0) continue
      this.#entries.open(a, secondary)
    }
    const total = this.#spool.partitions * (1 + this.#entries.count)
    let done = 0
    const step = async () => {
      progress(++done / total)
      // Lets signals and the display in.
      await new Promise(setImmediate)
    }

    const kept: Kept = {
      algorithms: ALGORITHMS.map(() => 0),
      categories: new Float64Array(this.#categories.names.length),
    }
    const directory = new DirectoryWriter(directoryBits(this.#rows))
    for (let partition = 0; partition < this.#spool.partitions; partition++) {
      for (const { words, skip } of leaves(this.#spool, partition, ROWS, this.#spools.part)) {
        this.#writeRows(words, skip, row, directory, blooms, kept)
      }
      await step()
    }
    const recordSection = this.#writer.endSection()
    const recordDirectory = directory.write(this.#writer)

    const algorithms: AlgorithmSections[] = []
    for (const [a, place] of ALGORITHMS.entries()) {
      if (!place.exact || (this.#present & place.bit) === 0) continue
      const bloom = blooms[a] ?? new Bloom(this.#having[a]!)
      const written = await this.#entries.write(a, this.#writer, bloom, step)
      this.#writer.writeWords(bloom.words)
      blooms[a] = null
      algorithms.push({
        name: place.name,
        bloomKeys: this.#having[a]!,
        ...written,
        bloom: this.#writer.endSection(),
      })
    }
    return {
      records: directory.members,
      present: this.#present,
      primary: this.#primary,
      hasSizes: this.#hasSizes,
      hasExtras: this.#hasExtras,
      categorised,
      categories: this.#categories.names,
      categoryRecords: this.#categories.names.map((_, number) => kept.categories[number]!),
      algorithmRecords: kept.algorithms,
      recordSection,
      recordDirectory,
      extraSection,
      algorithms,
      ...(videos.length > 0 && { videos }),
    }
  }

  close(): void {
    this.#spool.remove()
    this.#entries.close()
  }

  /** One partition of spooled rows: sorted, without duplicates, as rows of the index. */
  #writeRows(
    words: Uint32Array,
    skip: number,
    row: RowLayout,
    directory: DirectoryWriter,
    blooms: readonly (Bloom | null)[],
    kept: Kept,
  ): void {
    const order = sortRows(words, skip, ROWS)
    const out = new Uint32Array(row.words * Math.min(order.length, ROWS_A_WRITE))
    let used = 0
    for (let i = 0; i < order.length; i++) {
      const at = order[i]!
      if (
        i > 0 &&
        words[order[i - 1]! + 1] === words[at + 1] &&
        compareSpooled(words, order[i - 1]!, at) === 0
      ) {
        // The order among equals is that of arrival; they all take the first one's place.
        order[i] = order[i - 1]!
        continue
      }
      const head = words[at]!
      const present = head & 0xff
      const record = directory.add(words[at + 1]!)
      kept.categories[head >>> 16]!++
      out[used] = (head & HEAD_MASK) >>> 0
      let from = at + 1
      let isFirst = true
      for (let a = 0; a < ALGORITHMS.length; a++) {
        if ((present & (1 << a)) === 0) continue
        const length = ALGORITHMS[a]!.bytes >>> 2
        const to = used + row.digestAt[a]!
        for (let w = 0; w < length; w++) out[to + w] = words[from + w]!
        kept.algorithms[a]!++
        if (isFirst) blooms[a]?.add(words[from]!, words[from + 1]!)
        else this.#entries.add(a, words[from]!, words[from + 1]!, record)
        isFirst = false
        from += length
      }
      if (row.sizeAt !== -1) {
        out[used + row.sizeAt] = words[from]!
        out[used + row.sizeAt + 1] = words[from + 1]!
      }
      if (row.extraAt !== -1 && (head & HAS_EXTRA) !== 0) {
        out[used + row.extraAt] = words[from + 2]!
        out[used + row.extraAt + 1] = words[from + 3]!
      }
      used += row.words
      if (used === out.length) {
        this.#writer.writeWords(out)
        out.fill(0)
        used = 0
      }
    }
    this.#writer.writeWords(out.subarray(0, used))
  }

  /** @returns the offset in the section plus one; zero means "none" */
  #writeExtra(extra: Buffer): number {
    this.#hasExtras = true
    return this.#writeBlob(extra)
  }

  #writeBlob(bytes: Buffer): number {
    const offset = this.#writer.sectionBytes + 1
    this.#writer.writeLength(bytes.length)
    this.#writer.write(bytes)
    return offset
  }
}

/** Records by algorithm and by category. */
interface Kept {
  readonly algorithms: number[]
  readonly categories: Float64Array
}

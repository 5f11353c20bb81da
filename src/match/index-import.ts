/**
 * `seized hashset import`: compiles a list into one immutable index file, in bounded memory.
 *
 * Records are dealt into partitions on disk by the first word of their first digest; each partition is sorted in
 * memory, duplicates drop out, and its rows follow those of the partition before. The other digests of each record go
 * the same way, as entries that point to rows. The same list gives the same sections, byte for byte.
 */
import { existsSync, rmSync } from 'node:fs'
import type { HashSetDeclaration, HashSetInfo } from '../contracts.ts'
import { UsageError } from '../errors.ts'
import { ALGORITHMS, algorithmsIn, WIDE_WORDS } from './algorithms.ts'
import { Bloom } from './bloom.ts'
import { checkDeclaration, scaleNotes } from './exact-index.ts'
import {
  type AlgorithmSections,
  bucketOf,
  type DirectorySection,
  directoryBits,
  ENTRY_WORDS,
  type HashSetStatement,
  NO_SIZE,
  type RowLayout,
  rowLayout,
  type Section,
} from './index-layout.ts'
import { IndexWriter } from './index-writer.ts'
import { type IntakeOptions, takeIn } from './intake.ts'
import { ListFile } from './list-file.ts'
import type { RecordBatch } from './record-batch.ts'
import { findScale, type ScaleTable } from './scale.ts'
import { leaves, sortRows } from './sort-rows.ts'
import { Spool } from './spool.ts'

export interface ImportOptions extends Omit<IntakeOptions, 'onProgress' | 'extras'> {
  readonly statement?: HashSetStatement
  /** Carry what the list holds beside digests (PhotoDNA, names, series …). Default true. */
  readonly extras?: boolean
  readonly scaleTables?: readonly (ScaleTable | string)[]
  readonly onProgress?: (progress: ImportProgress) => void
  /** Stops the import; nothing is left behind. */
  readonly signal?: AbortSignal
  /** Recorded in the index: program and version. */
  readonly by?: string
}

export interface ImportProgress {
  readonly step: 'reading' | 'sorting'
  /** 0 to 1, over both steps. */
  readonly fraction: number
  readonly rowsRead: number
  readonly etaSeconds: number | null
}

/** Reading takes about two thirds of the time (measured on hashdeep and plain lists). */
const READING_SHARE = 0.65
/** A partition of this size is sorted within the processor's cache. */
const PARTITION_BYTES = 8 * 1024 * 1024
const MOST_PARTITION_BITS = 10
const MOST_RECORDS = 0xffff_fff0
const MOST_CATEGORIES = 65_535
/** In a spooled row's first word. */
const HAS_EXTRA = 0x100
const HEAD_MASK = 0xffff_00ff

/**
 * @param target file that appears when the import is complete; it must not exist
 * @throws UsageError as loading does; nothing is left behind then
 */
export async function importHashSet(
  declaration: HashSetDeclaration,
  target: string,
  options: ImportOptions = {},
): Promise<HashSetInfo> {
  const { declared, file } = declaration
  if (existsSync(target)) {
    throw new UsageError(`${target} exists: an index is never overwritten. Choose another name or remove it.`)
  }
  const table = declared.kind === 'scale' ? findScale(declared.scale, options.scaleTables) : null
  const { sizeBytes } = new ListFile(file)
  const writer = openWriter(target)
  const builder = new IndexBuilder(target, writer, sizeBytes)
  const progress = progressReporter(options.onProgress)
  try {
    const extras = options.extras ?? true
    const intake = await takeIn(
      file,
      {
        ...options,
        extras,
        onProgress: ({ bytesRead, bytesTotal, rowsRead }) =>
          progress('reading', bytesTotal === 0 ? 0 : bytesRead / bytesTotal, rowsRead),
      },
      (batch) => {
        options.signal?.throwIfAborted()
        builder.add(batch)
      },
    )
    checkDeclaration(declaration, intake.categorised)
    const layout = await builder.build(intake.categorised, (fraction) => {
      options.signal?.throwIfAborted()
      progress('sorting', fraction, intake.rowsRead)
    })
    const { accepted, categorised: _, ...facts } = intake
    const { statement = {} } = options
    const info: HashSetInfo = {
      ...facts,
      edition: facts.edition ?? statement.edition ?? null,
      meaning: declared.kind === 'meaning' ? declared.meaning : null,
      scale: declared.kind === 'scale' ? declared.scale : null,
      recordsKept: layout.records,
      duplicates: accepted - layout.records,
      notes: [...facts.notes, ...statementNotes(statement, facts.edition)],
    }
    writer.finish({
      hashSet: { ...info, sizeBytes: String(info.sizeBytes) },
      declared,
      statement,
      imported: { utc: new Date().toISOString(), by: options.by ?? 'seized' },
      reading: {
        format: facts.format,
        type: options.type ?? null,
        columns: options.columns ?? null,
        extras,
      },
      layout,
    })
    return { ...info, notes: [...info.notes, ...scaleNotes(declaration, table)] }
  } catch (error) {
    writer.abandon()
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    throw new UsageError(
      `No space is left for ${target}: an import needs about twice the size of the index while it runs.`,
      { cause: error },
    )
  } finally {
    builder.close()
  }
}

function statementNotes(statement: HashSetStatement, ownEdition: string | null): string[] {
  return Object.entries(statement)
    .filter(([, text]) => typeof text === 'string' && text !== '')
    .map(([what, text]) =>
      what === 'edition' && ownEdition !== null
        ? `edition stated at import: ${text}; the list itself says ${ownEdition}`
        : `${what} stated at import: ${text}`,
    )
}

function openWriter(target: string): IndexWriter {
  try {
    return new IndexWriter(target)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new UsageError(
      code === 'EEXIST'
        ? `${target}.unfinished is there: another import is running, or one was interrupted. Remove it to start again.`
        : `${target} cannot be written (${code}).`,
      { cause },
    )
  }
}

function progressReporter(report: ImportOptions['onProgress']) {
  const startedAt = Date.now()
  let shownAt = 0
  return (step: ImportProgress['step'], share: number, rowsRead: number): void => {
    const now = Date.now()
    if (report === undefined || now - shownAt < 250) return
    shownAt = now
    const fraction = step === 'reading' ? share * READING_SHARE : READING_SHARE + share * (1 - READING_SHARE)
    const elapsed = (now - startedAt) / 1000
    const etaSeconds = fraction > 0.01 ? Math.round((elapsed / fraction) * (1 - fraction)) : null
    report({ step, fraction, rowsRead, etaSeconds })
  }
}

class IndexBuilder {
  readonly #target: string
  readonly #writer: IndexWriter
  readonly #spool: Spool
  readonly #entrySpools: (Spool | null)[] = ALGORITHMS.map(() => null)
  readonly #categories: (string | null)[] = [null]
  readonly #categoryIndex = new Map<string | null, number>([[null, 0]])
  #spools = 0
  #rows = 0
  #present = 0
  #primary = 0
  #hasSizes = false
  #hasExtras = false
  /** How many rows have each algorithm, and how many have it as their first; duplicates included. */
  readonly #having = ALGORITHMS.map(() => 0)
  readonly #havingFirst = ALGORITHMS.map(() => 0)

  constructor(target: string, writer: IndexWriter, sizeBytes: number) {
    this.#target = target
    this.#writer = writer
    this.#spool = this.#newSpool('records', partitionBits(sizeBytes))
  }

  /**
   * A spooled row: present bits, flag and category in one word; the digests that are there, in order; the size; and
   * where its extras are, if any.
   */
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
      const firstIndex = 31 - Math.clz32(present & -present)
      const first = words[i * WIDE_WORDS + (ALGORITHMS[firstIndex]!.at >>> 2)]!
      this.#havingFirst[firstIndex]!++
      this.#present |= present
      this.#primary |= 1 << firstIndex

      let at = this.#spool.reserve(bucketOf(first, bits), spooledWords(present, extra !== null))
      const categoryNumber = category === null ? 0 : this.#categoryNumber(category)
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

  /** Sorts what was added and writes every section. */
  async build(categorised: boolean, progress: (fraction: number) => void) {
    const extraSection = this.#writer.endSection()
    const row = rowLayout(this.#present, this.#hasSizes, this.#hasExtras)
    const blooms = ALGORITHMS.map((place, a) =>
      place.exact && (this.#primary & place.bit) !== 0 ? new Bloom(this.#having[a]!) : null,
    )
    for (const [a, place] of ALGORITHMS.entries()) {
      const secondary = this.#having[a]! - this.#havingFirst[a]!
      if (!place.exact || secondary === 0) continue
      this.#entrySpools[a] = this.#newSpool(place.name, partitionBits(secondary * ENTRY_WORDS * 4))
    }
    const total = this.#spool.partitions * (1 + this.#entrySpools.filter((spool) => spool !== null).length)
    let done = 0
    const step = async () => {
      progress(++done / total)
      // Lets signals and the display in.
      await new Promise(setImmediate)
    }

    const kept: Kept = {
      algorithms: ALGORITHMS.map(() => 0),
      categories: new Float64Array(this.#categories.length),
    }
    const directory = new DirectoryWriter(directoryBits(this.#rows))
    for (let partition = 0; partition < this.#spool.partitions; partition++) {
      for (const { words, skip } of leaves(this.#spool, partition, ROWS, this.#subspool)) {
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
      const written = await this.#writeEntries(a, bloom, step)
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
      categories: this.#categories,
      categoryRecords: this.#categories.map((_, number) => kept.categories[number]!),
      algorithmRecords: kept.algorithms,
      recordSection,
      recordDirectory,
      extraSection,
      algorithms,
    }
  }

  close(): void {
    this.#spool.remove()
    for (const spool of this.#entrySpools) spool?.remove()
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
        else this.#addEntry(a, words[from]!, words[from + 1]!, record)
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

  #addEntry(a: number, first: number, second: number, record: number): void {
    const spool = this.#entrySpools[a]
    if (spool == null) return
    const at = spool.reserve(bucketOf(first, spool.bits), ENTRY_WORDS)
    spool.pool[at] = first
    spool.pool[at + 1] = second
    spool.pool[at + 2] = record
  }

  async #writeEntries(
    a: number,
    bloom: Bloom,
    step: () => Promise<void>,
  ): Promise<{ entries: Section | null; entryDirectory: DirectorySection | null }> {
    const spool = this.#entrySpools[a]
    if (spool == null) return { entries: null, entryDirectory: null }
    const directory = new DirectoryWriter(directoryBits(this.#having[a]! - this.#havingFirst[a]!))
    for (let partition = 0; partition < spool.partitions; partition++) {
      for (const { words, skip } of leaves(spool, partition, ENTRIES, this.#subspool)) {
        const order = sortRows(words, skip, ENTRIES)
        const out = new Uint32Array(words.length)
        for (let i = 0, to = 0; i < order.length; i++) {
          const at = order[i]!
          directory.add(words[at]!)
          bloom.add(words[at]!, words[at + 1]!)
          out[to++] = words[at]!
          out[to++] = words[at + 1]!
          out[to++] = words[at + 2]!
        }
        this.#writer.writeWords(out)
      }
      await step()
    }
    spool.remove()
    this.#entrySpools[a] = null
    const entries = this.#writer.endSection()
    return { entries, entryDirectory: directory.write(this.#writer) }
  }

  /** @returns where it is in the section, plus one: zero is "none" */
  #writeExtra(extra: Buffer): number {
    this.#hasExtras = true
    const offset = this.#writer.sectionBytes + 1
    this.#writer.writeLength(extra.length)
    this.#writer.write(extra)
    return offset
  }

  #categoryNumber(category: string): number {
    const known = this.#categoryIndex.get(category)
    if (known !== undefined) return known
    const number = this.#categories.length
    if (number > MOST_CATEGORIES) {
      throw new UsageError(
        `The list has more than ${MOST_CATEGORIES} different categories: the column is no category.`,
      )
    }
    this.#categories.push(category)
    this.#categoryIndex.set(category, number)
    return number
  }

  readonly #subspool = (bits: number): Spool => this.#newSpool('part', bits)

  #newSpool(what: string, bits: number): Spool {
    const path = `${this.#target}.unfinished-${what}${++this.#spools}`
    // Left by an import that was killed: the index's own unfinished file, opened before, says that none is running.
    rmSync(path, { force: true })
    return new Spool(path, bits)
  }
}

/** Records by algorithm and by category. */
interface Kept {
  readonly algorithms: number[]
  readonly categories: Float64Array
}

/** Where each bucket of first words begins; members arrive in order. */
class DirectoryWriter {
  members = 0
  readonly #bits: number
  readonly #starts: Uint32Array

  constructor(bits: number) {
    this.#bits = bits
    this.#starts = new Uint32Array(2 ** bits + 1)
  }

  /** @returns the member's number */
  add(first: number): number {
    this.#starts[bucketOf(first, this.#bits) + 1]!++
    return this.members++
  }

  write(writer: IndexWriter): DirectorySection {
    for (let i = 1; i < this.#starts.length; i++) this.#starts[i]! += this.#starts[i - 1]!
    writer.writeWords(this.#starts)
    return { ...writer.endSection(), bits: this.#bits }
  }
}

function partitionBits(bytes: number): number {
  return Math.min(MOST_PARTITION_BITS, Math.ceil(Math.log2(Math.max(1, bytes / PARTITION_BYTES))))
}

const ROWS_A_WRITE = 4096

/** Of a spooled row: its length, where its key is, and its order. */
const ROWS = {
  wordsAt: (words: Uint32Array, at: number) =>
    spooledWords(words[at]! & 0xff, (words[at]! & HAS_EXTRA) !== 0),
  keyAt: 1,
  compare: compareSpooled,
}

const ENTRIES = {
  wordsAt: () => ENTRY_WORDS,
  keyAt: 0,
  compare: (words: Uint32Array, x: number, y: number) =>
    words[x]! - words[y]! || words[x + 1]! - words[y + 1]! || words[x + 2]! - words[y + 2]!,
}

const DIGEST_WORDS = Uint8Array.from({ length: 1 << ALGORITHMS.length }, (_, present) =>
  algorithmsIn(present).reduce((words, place) => words + (place.bytes >>> 2), 0),
)

function spooledWords(present: number, hasExtra: boolean): number {
  return 1 + DIGEST_WORDS[present]! + 2 + (hasExtra ? 2 : 0)
}

/** By first digest, then everything else that matching looks at; 0: duplicates. */
function compareSpooled(words: Uint32Array, x: number, y: number): number {
  if (words[x + 1] !== words[y + 1]) return words[x + 1]! - words[y + 1]!
  const [headX, headY] = [(words[x]! & HEAD_MASK) >>> 0, (words[y]! & HEAD_MASK) >>> 0]
  const [presentX, presentY] = [headX & 0xff, headY & 0xff]
  const length = Math.min(DIGEST_WORDS[presentX]!, DIGEST_WORDS[presentY]!)
  for (let w = 2; w <= length; w++) {
    if (words[x + w] !== words[y + w]) return words[x + w]! - words[y + w]!
  }
  if (headX !== headY) return headX - headY
  const low = words[x + length + 1]! - words[y + length + 1]!
  return low !== 0 ? low : words[x + length + 2]! - words[y + length + 2]!
}

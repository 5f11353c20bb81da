/**
 * A compiled index, opened in no time: header and metadata are checked, everything else when it is first needed.
 *
 * A block is read whole and checked against its digest the first time, and kept while the budget lasts; after that,
 * checked blocks are read in part. Filters and directories stay in memory once read.
 */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { ALGORITHMS, type AlgorithmPlace, algorithmNamed, WIDE_WORDS } from './algorithms.ts'
import { blockHolds, bloomBlocks, bloomWord } from './bloom.ts'
import {
  BLOCK_BYTES,
  BLOCK_WORDS,
  bucketOf,
  DIGEST_BYTES,
  type DirectorySection,
  ENTRY_WORDS,
  HashSetIndexDamaged,
  HEADER_BYTES,
  INDEX_MAGIC,
  INDEX_VERSION,
  type IndexMetadata,
  MOST_METADATA_BYTES,
  NO_SIZE,
  type RowLayout,
  rowLayout,
  type Section,
} from './index-layout.ts'
import type { Candidate, Found, RecordSource } from './record-store.ts'

/** Blocks of rows and entries that stay in memory. */
const CACHE_BYTES = 256 * 1024 * 1024

/** By its first bytes. False, too, for what cannot be opened: whoever reads it as a list says why. */
export function isIndexFile(path: string): boolean {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch {
    return false
  }
  try {
    if (!fstatSync(fd).isFile()) return false
    const magic = Buffer.alloc(INDEX_MAGIC.length)
    readSync(fd, magic, 0, magic.length, 0)
    return magic.equals(INDEX_MAGIC)
  } finally {
    closeSync(fd)
  }
}

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

  /** What the list holds beside digests of a record; null: nothing was carried. */
  extras(record: number): Buffer | null {
    const { extraAt, words } = this.#row
    if (extraAt === -1) return null
    const at = this.#blocks.locate(this.#records.offset + record * words * 4, words)
    const place = this.#blocks.words[at + extraAt]! + this.#blocks.words[at + extraAt + 1]! * 0x1_0000_0000
    if (place === 0) return null
    const { extraSection } = this.metadata.layout
    const length = this.#blocks.bytes(extraSection.offset + place - 1, 4).readUInt32LE()
    if (place + 3 + length > extraSection.bytes)
      throw this.#blocks.damaged('an extra lies outside its section')
    return this.#blocks.bytes(extraSection.offset + place + 3, length)
  }

  /** Reads every byte. @returns what is wrong, empty when nothing is */
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

interface AlgorithmReader {
  readonly place: AlgorithmPlace
  readonly bit: number
  /** In a wide record and in a row, in words. */
  readonly at: number
  readonly rowAt: number
  readonly words: number
  /** Some record has it as its first: rows are sorted by it. */
  readonly isPrimary: boolean
  /** It is every record's first. */
  readonly isSorted: boolean
  readonly bloomBlocks: number
  readonly bloom: ResidentWords
  readonly entries: Section | null
  readonly entryDirectory: Directory | null
}

function algorithmMayHold(algorithm: AlgorithmReader, wanted: Uint32Array): boolean {
  const at = bloomWord(algorithm.bloomBlocks, wanted[algorithm.at]!)
  // A filter's block of eight words never lies in two blocks of the file.
  algorithm.bloom.load(at)
  return blockHolds(algorithm.bloom.words, at, wanted[algorithm.at + 1]!)
}

function hasRecord(found: readonly Found[], from: number, record: number): boolean {
  for (let i = from; i < found.length; i++) if (found[i]!.record === record) return true
  return false
}

/** A section that stays in memory, block by block, once a word of it was needed. */
class ResidentWords {
  readonly words: Int32Array
  readonly #loaded: Uint8Array
  readonly #blocks: BlockFile
  readonly #section: Section

  constructor(blocks: BlockFile, section: Section) {
    this.#blocks = blocks
    this.#section = section
    // Untouched memory of a large allocation costs nothing.
    this.words = new Int32Array(Math.ceil(section.bytes / BLOCK_BYTES) * BLOCK_WORDS)
    this.#loaded = new Uint8Array(Math.ceil(section.bytes / BLOCK_BYTES))
  }

  load(word: number): void {
    const block = word >>> 14
    if (this.#loaded[block] === 1) return
    const into = new Uint8Array(this.words.buffer, block * BLOCK_BYTES, BLOCK_BYTES)
    this.#blocks.readBlock((this.#section.offset - HEADER_BYTES) / BLOCK_BYTES + block, into)
    this.#loaded[block] = 1
  }
}

class Directory {
  readonly #bits: number
  readonly #starts: ResidentWords

  constructor(blocks: BlockFile, section: DirectorySection) {
    this.#bits = section.bits
    this.#starts = new ResidentWords(blocks, section)
  }

  start(first: number): number {
    const bucket = bucketOf(first, this.#bits)
    this.#starts.load(bucket)
    return this.#starts.words[bucket]! >>> 0
  }

  end(first: number): number {
    const bucket = bucketOf(first, this.#bits) + 1
    this.#starts.load(bucket)
    return this.#starts.words[bucket]! >>> 0
  }
}

/** The file below: blocks, each checked before anything of it is used. */
class BlockFile {
  /** What {@link locate} found its index in; valid until its next call. */
  words: Uint32Array = new Uint32Array(BLOCK_WORDS)
  readonly #path: string
  readonly #fd: number
  readonly #metadata: IndexMetadata
  readonly #checked: Uint8Array
  readonly #kept: (Uint32Array | undefined)[] = []
  #budget: number
  #digests: Buffer | null = null
  #scratch = new Uint32Array(BLOCK_WORDS)
  readonly #block = new Uint8Array(BLOCK_BYTES)

  constructor(path: string, fd: number, metadata: IndexMetadata, cacheBytes: number) {
    this.#path = path
    this.#fd = fd
    this.#metadata = metadata
    this.#checked = new Uint8Array(metadata.blocks)
    this.#budget = cacheBytes
  }

  /** Makes `length` words at a file offset available in `words`; returns the index of the first. */
  locate(offset: number, length: number): number {
    const from = offset - HEADER_BYTES
    const block = Math.floor(from / BLOCK_BYTES)
    const last = Math.floor((from + length * 4 - 1) / BLOCK_BYTES)
    if (block === last) {
      const kept = this.#kept[block] ?? this.#keep(block)
      if (kept !== undefined) {
        this.words = kept
        return (from - block * BLOCK_BYTES) >>> 2
      }
    }
    for (let b = block; b <= last; b++) this.#check(b)
    if (this.#scratch.length < length) this.#scratch = new Uint32Array(length * 2)
    readExactly(this.#path, this.#fd, new Uint8Array(this.#scratch.buffer, 0, length * 4), offset)
    this.words = this.#scratch
    return 0
  }

  /** A copy. */
  bytes(offset: number, length: number): Buffer {
    const from = offset - HEADER_BYTES
    const last = Math.floor((from + Math.max(0, length - 1)) / BLOCK_BYTES)
    for (let b = Math.floor(from / BLOCK_BYTES); b <= last; b++) this.#check(b)
    const bytes = Buffer.alloc(length)
    readExactly(this.#path, this.#fd, bytes, offset)
    return bytes
  }

  readBlock(block: number, into: Uint8Array): void {
    readExactly(this.#path, this.#fd, into, HEADER_BYTES + block * BLOCK_BYTES)
    this.#compare(block, into)
    this.#checked[block] = 1
  }

  async verifyAll(progress: (fraction: number) => void): Promise<readonly string[]> {
    const problems: string[] = []
    for (let block = 0; block < this.#metadata.blocks && problems.length < 100; block++) {
      try {
        this.readBlock(block, this.#block)
      } catch (error) {
        if (!(error instanceof HashSetIndexDamaged)) throw error
        problems.push(error.message)
      }
      if (block % 256 === 0) {
        progress(block / this.#metadata.blocks)
        await new Promise(setImmediate)
      }
    }
    return problems
  }

  damaged(what: string): HashSetIndexDamaged {
    return new HashSetIndexDamaged(this.#path, what)
  }

  close(): void {
    closeSync(this.#fd)
  }

  #keep(block: number): Uint32Array | undefined {
    if (this.#budget < BLOCK_BYTES) return undefined
    const words = new Uint32Array(BLOCK_WORDS)
    this.readBlock(block, new Uint8Array(words.buffer))
    this.#budget -= BLOCK_BYTES
    this.#kept[block] = words
    return words
  }

  #check(block: number): void {
    if (this.#checked[block] !== 1) this.readBlock(block, this.#block)
  }

  #compare(block: number, bytes: Uint8Array): void {
    this.#digests ??= this.#readDigests()
    const actual = createHash('sha256').update(bytes).digest()
    const at = block * DIGEST_BYTES
    if (actual.compare(this.#digests, at, at + DIGEST_BYTES) !== 0) {
      throw this.damaged(
        `block ${block} (at byte ${HEADER_BYTES + block * BLOCK_BYTES}) does not have its digest`,
      )
    }
  }

  #readDigests(): Buffer {
    const { blocks, blockDigestsSha256 } = this.#metadata
    const digests = Buffer.alloc(blocks * DIGEST_BYTES)
    readExactly(this.#path, this.#fd, digests, HEADER_BYTES + blocks * BLOCK_BYTES)
    if (createHash('sha256').update(digests).digest('hex') !== blockDigestsSha256) {
      throw this.damaged('the table of block digests was changed')
    }
    return digests
  }
}

function openIndex(path: string): { fd: number; metadata: IndexMetadata } {
  const fd = openSync(path, 'r')
  try {
    const header = Buffer.alloc(HEADER_BYTES)
    const { size } = fstatSync(fd)
    if (size < HEADER_BYTES) throw new HashSetIndexDamaged(path, 'it is too short')
    readExactly(path, fd, header, 0)
    if (!header.subarray(0, 8).equals(INDEX_MAGIC))
      throw new HashSetIndexDamaged(path, 'it does not begin as one')
    const version = header.readUInt32LE(8)
    if (version !== INDEX_VERSION) {
      throw new HashSetIndexDamaged(
        path,
        `it has version ${version}, and this program reads ${INDEX_VERSION}`,
      )
    }
    const [at, length] = [Number(header.readBigUInt64LE(16)), Number(header.readBigUInt64LE(24))]
    if (at + length !== size || length > MOST_METADATA_BYTES) {
      throw new HashSetIndexDamaged(
        path,
        'its length is not what its header says: it is truncated or was changed',
      )
    }
    const text = Buffer.alloc(length)
    readExactly(path, fd, text, at)
    const digest = createHash('sha256').update(header.subarray(0, 32)).update(text).digest()
    if (!digest.equals(header.subarray(32)))
      throw new HashSetIndexDamaged(path, 'its header or metadata was changed')
    const metadata = JSON.parse(text.toString()) as IndexMetadata
    if (HEADER_BYTES + metadata.blocks * (BLOCK_BYTES + DIGEST_BYTES) !== at) {
      throw new HashSetIndexDamaged(path, 'its length is not what its metadata says')
    }
    return { fd, metadata }
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

function readExactly(path: string, fd: number, into: Uint8Array, position: number): void {
  for (let done = 0; done < into.length; ) {
    const read = readSync(fd, into, done, into.length - done, position + done)
    if (read === 0) throw new HashSetIndexDamaged(path, `it ends before byte ${position + into.length}`)
    done += read
  }
}

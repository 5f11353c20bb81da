/** Locates the chunks of an EWF2 image: 16 bytes each, in tables that state their first chunk. */
import type { Medium } from '../../../../contracts/image.ts'
import { PagedTable } from '../../content/paged-table.ts'
import { readAt, u64 } from '../../content/read-at.ts'
import { adler32 } from '../common/adler32.ts'
import { SECTION, type Section2 } from './sections2.ts'

/** A header of 20 bytes and padding. */
const HEADER_BYTES = 32
const ENTRY_BYTES = 16
const PIECE_BYTES = 1 << 16
const PAGES_KEPT = 4
const FLAG = { compressed: 1, checksum: 2, pattern: 4 } as const

export interface ChunkPlace2 {
  readonly segment: Medium
  /** Offset of the stored bytes; for a pattern, `pattern` contains its eight bytes. */
  readonly offset: number
  readonly length: number
  readonly compressed: boolean
  readonly checksum: boolean
  readonly pattern: Buffer | null
}

interface Table2 {
  readonly section: Section2
  readonly firstChunk: number
  readonly entries: number
  readonly rows: PagedTable
  sound: boolean | null
}

export class ChunkTables2 {
  readonly #tables: Table2[] = []
  readonly chunks: number

  constructor(sections: readonly Section2[]) {
    for (const section of sections) {
      if (section.type !== SECTION.table) continue
      const { segment, offset, length } = section
      const header = readAt(segment, offset, 20)
      if (header.length < 20 || adler32(header.subarray(0, 16)) !== header.readUInt32LE(16)) continue
      const entries = Math.min(
        header.readUInt32LE(8),
        Math.max(0, Math.floor((length - HEADER_BYTES) / ENTRY_BYTES)),
      )
      const rows = new PagedTable(segment, offset + HEADER_BYTES, entries, ENTRY_BYTES, PAGES_KEPT)
      this.#tables.push({ section, firstChunk: u64(header, 0), entries, rows, sound: null })
    }
    this.#tables.sort((a, b) => a.firstChunk - b.firstChunk)
    const last = this.#tables[this.#tables.length - 1]
    this.chunks = last && Number.isSafeInteger(last.firstChunk) ? last.firstChunk + last.entries : 0
  }

  /**
   * @returns location of chunk `index`, or why it is unknown: `cut` (no table contains it), `table` (its table is
   *   damaged)
   */
  placeOf(index: number): ChunkPlace2 | 'cut' | 'table' {
    const table = this.#tableOf(index)
    if (!table) return 'cut'
    table.sound ??= isSound(table)
    const row = table.rows.entry(index - table.firstChunk)
    if (!table.sound || !row) return 'table'
    const flags = row.readUInt32LE(12)
    const compressed = (flags & FLAG.compressed) !== 0
    return {
      segment: table.section.segment,
      offset: u64(row, 0),
      length: row.readUInt32LE(8),
      compressed,
      checksum: (flags & FLAG.checksum) !== 0,
      pattern: compressed && flags & FLAG.pattern ? Buffer.from(row.subarray(0, 8)) : null,
    }
  }

  /** Count of chunks, up to `chunks`, that have a table, by the table headers alone. */
  placed(chunks: number): number {
    return this.#tables.reduce(
      (sum, { firstChunk, entries }) => sum + Math.max(0, Math.min(entries, chunks - firstChunk)),
      0,
    )
  }

  /** Chunks without a valid table: from, to (exclusive), cause. */
  *lacking(chunks: number): Iterable<{ readonly from: number; readonly to: number; readonly cause: string }> {
    let at = 0
    for (const table of this.#tables) {
      if (table.firstChunk >= chunks) break
      const end = Math.min(table.firstChunk + table.entries, chunks)
      if (end <= at) continue
      if (table.firstChunk > at) yield { from: at, to: table.firstChunk, cause: 'cut' }
      table.sound ??= isSound(table)
      if (!table.sound) yield { from: table.firstChunk, to: end, cause: 'table' }
      at = end
    }
    if (at < chunks) yield { from: at, to: chunks, cause: 'cut' }
  }

  #tableOf(index: number): Table2 | null {
    let low = 0
    let high = this.#tables.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#tables[middle]!.firstChunk <= index) low = middle + 1
      else high = middle
    }
    const table = this.#tables[low - 1]
    return table && index < table.firstChunk + table.entries ? table : null
  }
}

function isSound({ section, entries }: Table2): boolean {
  const start = section.offset + HEADER_BYTES
  const bytes = entries * ENTRY_BYTES
  let sum = 1
  for (let at = 0; at < bytes; at += PIECE_BYTES) {
    sum = adler32(readAt(section.segment, start + at, Math.min(PIECE_BYTES, bytes - at)), sum)
  }
  const stored = readAt(section.segment, start + bytes, 4)
  return stored.length === 4 && stored.readUInt32LE(0) === sum
}

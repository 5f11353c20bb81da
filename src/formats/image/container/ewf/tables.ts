/**
 * Locates the chunks of an EWF-E01 image. Tables are read page by page on demand, and each is verified once: for a
 * large disk, all tables together do not fit into memory.
 */
import type { Medium } from '../../../../contracts/image.ts'
import { readAt } from '../../content/read-at.ts'
import { Recent } from '../../content/recent.ts'
import { adler32 } from '../common/adler32.ts'
import { HEADER_BYTES, type Table, type TableCopy } from './table-list.ts'

const ENTRIES_A_PAGE = 16_384
const PAGES_KEPT = 64
const COMPRESSED = 0x80000000

export interface ChunkPlace {
  readonly segment: Medium
  readonly offset: number
  readonly length: number
  readonly compressed: boolean
}

/** Result of one pass over a table. */
interface Checked {
  /** The copy in use; null when no copy is valid. */
  readonly copy: TableCopy | null
  /** First entry with a full 32-bit offset (EnCase 6.7 past 2 GiB); this and all later entries are uncompressed. */
  readonly overflowFrom: number
}

export class ChunkTables {
  readonly #tables: readonly Table[]
  readonly #checked = new Map<Table, Checked>()
  readonly #pages = new Recent<string, Buffer>(PAGES_KEPT)
  readonly chunks: number

  constructor(tables: readonly Table[]) {
    this.#tables = tables
    const last = tables[tables.length - 1]
    this.chunks = last ? last.firstChunk + last.entries : 0
  }

  /**
   * @returns location of chunk `index`, or why it is unknown: `cut` (no table contains it), `table` (its table is
   *   damaged)
   */
  placeOf(index: number): ChunkPlace | 'cut' | 'table' {
    const table = this.#tableOf(index)
    if (!table) return 'cut'
    const { copy, overflowFrom } = this.#check(table)
    if (!copy) return 'table'
    const entry = index - table.firstChunk
    const stored = this.#entry(copy, entry)
    const overflown = entry >= overflowFrom
    const offset = copy.base + (overflown ? stored : stored & ~COMPRESSED)
    let end = table.dataEnd
    if (entry + 1 < table.entries) {
      const next = this.#entry(copy, entry + 1)
      end = copy.base + (entry + 1 >= overflowFrom ? next : next & ~COMPRESSED)
    }
    if (end <= offset) return 'table'
    return {
      segment: copy.section.segment,
      offset,
      length: end - offset,
      compressed: !overflown && stored >= COMPRESSED,
    }
  }

  /** Count of chunks, up to `chunks`, that have a table, by the table headers alone. */
  placed(chunks: number): number {
    return this.#tables.reduce(
      (sum, { firstChunk, entries }) => sum + Math.max(0, Math.min(entries, chunks - firstChunk)),
      0,
    )
  }

  /** Chunks without a table, with a damaged table, or behind the end of their segment: from, to (exclusive), cause. */
  *lacking(chunks: number): Iterable<{ readonly from: number; readonly to: number; readonly cause: string }> {
    let at = 0
    for (const table of this.#tables) {
      if (table.firstChunk >= chunks) break
      const end = Math.min(table.firstChunk + table.entries, chunks)
      if (table.firstChunk > at) yield { from: at, to: Math.min(table.firstChunk, chunks), cause: 'cut' }
      if (!this.#check(table).copy) yield { from: table.firstChunk, to: end, cause: 'table' }
      else {
        let held = end
        for (; held > table.firstChunk; held--) {
          const place = this.placeOf(held - 1)
          if (typeof place !== 'string' && place.offset + place.length <= place.segment.sizeBytes) break
        }
        if (held < end) yield { from: held, to: end, cause: 'cut' }
      }
      at = end
    }
    if (at < chunks) yield { from: at, to: chunks, cause: 'cut' }
  }

  #tableOf(index: number): Table | undefined {
    let low = 0
    let high = this.#tables.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const table = this.#tables[middle]!
      if (table.firstChunk + table.entries <= index) low = middle + 1
      else high = middle
    }
    const table = this.#tables[low]
    return table && table.firstChunk <= index ? table : undefined
  }

  #check(table: Table): Checked {
    const known = this.#checked.get(table)
    if (known) return known
    let checked: Checked = { copy: null, overflowFrom: Number.POSITIVE_INFINITY }
    for (const copy of table.copies) {
      const overflowFrom = soundUntil(copy, !table.holdsData)
      if (overflowFrom === null) continue
      checked = { copy, overflowFrom }
      break
    }
    this.#checked.set(table, checked)
    return checked
  }

  #entry(copy: TableCopy, entry: number): number {
    const page = Math.floor(entry / ENTRIES_A_PAGE)
    const { segment, offset } = copy.section
    const bytes = this.#pages.get(`${offset} ${copy.section.segmentName} ${page}`, () =>
      readAt(segment, offset + HEADER_BYTES + page * ENTRIES_A_PAGE * 4, ENTRIES_A_PAGE * 4),
    )
    const at = (entry - page * ENTRIES_A_PAGE) * 4
    return at + 4 <= bytes.length ? bytes.readUInt32LE(at) : 0
  }
}

/**
 * @returns first entry whose offset is a whole 32-bit number (Infinity: none), or null when the checksum of the
 *   entries fails
 */
function soundUntil(copy: TableCopy, checksummed: boolean): number | null {
  const { segment, offset, length } = copy.section
  const start = offset + HEADER_BYTES
  const bytes = copy.entries * 4
  let sum = 1
  let overflowFrom = Number.POSITIVE_INFINITY
  let before: number | null = null
  for (let at = 0; at < bytes; at += ENTRIES_A_PAGE * 4) {
    const page = readAt(segment, start + at, Math.min(ENTRIES_A_PAGE * 4, bytes - at))
    sum = adler32(page, sum)
    for (
      let inPage = 0;
      inPage + 4 <= page.length && overflowFrom === Number.POSITIVE_INFINITY;
      inPage += 4
    ) {
      const stored = page.readUInt32LE(inPage)
      const low = stored & ~COMPRESSED
      // Offsets ascend. When the lower 31 bits descend and the highest bit is set, the offset passed 2 GiB: the bit
      // is part of the number.
      if (before !== null && low < before && stored >= COMPRESSED) overflowFrom = (at + inPage) / 4
      before = low
    }
  }
  // The first EnCase writes no checksum either.
  if (!checksummed || length < HEADER_BYTES + bytes + 4) return overflowFrom
  const stored = readAt(segment, start + bytes, 4)
  if (stored.length === 4 && stored.readUInt32LE(0) === sum) return overflowFrom
  return null
}

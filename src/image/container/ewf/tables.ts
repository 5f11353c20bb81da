/**
 * Where the chunks of an EWF-E01 image lie. Tables are read page by page when a chunk is asked for, and each is checked once:
 * all of them together do not fit into memory for a large disk.
 */
import type { Medium } from '../../../contracts/image.ts'
import { readAt, u64 } from '../../content/read-at.ts'
import { Recent } from '../../content/recent.ts'
import { adler32 } from '../adler32.ts'
import type { Section } from './sections.ts'

const HEADER_BYTES = 24
const ENTRIES_A_PAGE = 16_384
const PAGES_KEPT = 64
const COMPRESSED = 0x80000000

export interface ChunkPlace {
  readonly segment: Medium
  readonly offset: number
  readonly length: number
  readonly compressed: boolean
}

interface TableCopy {
  readonly section: Section
  readonly entries: number
  readonly base: number
}

export interface Table {
  readonly firstChunk: number
  readonly entries: number
  /** `table`, then `table2`. */
  readonly copies: readonly TableCopy[]
  /** Where the data of its last chunk ends at the latest. */
  readonly dataEnd: number
  /** EWF-S01 writes chunks behind their table, in its section, and no checksum between. */
  readonly holdsData: boolean
}

/** Tables of all segments in order of their chunks. A damaged header makes its table worth nothing: the other copy counts. */
export function tablesOf(sections: readonly Section[]): readonly Table[] {
  const tables: Table[] = []
  let firstChunk = 0
  let data: Section | null = null
  for (const section of sections) {
    if (section.type === 'sectors') data = section
    if (section.type !== 'table' && section.type !== 'table2') continue
    const copy = tableCopy(section)
    if (!copy) continue
    const last = tables[tables.length - 1]
    const mirrored = section.type === 'table2' && last && last.copies[0]?.section.type === 'table'
    if (mirrored && last.entries === copy.entries && last.copies.length === 1 && isBehind(copy, last)) {
      tables[tables.length - 1] = { ...last, copies: [...last.copies, copy] }
      continue
    }
    const inData = data && data.segment === section.segment ? data : section
    tables.push({
      firstChunk,
      entries: copy.entries,
      copies: [copy],
      dataEnd: inData.offset + inData.length,
      holdsData: inData === section,
    })
    firstChunk += copy.entries
    data = null
  }
  return tables
}

function isBehind(copy: TableCopy, table: Table): boolean {
  const first = table.copies[0]?.section
  return first?.segment === copy.section.segment && first.offset < copy.section.offset
}

function tableCopy(section: Section): TableCopy | null {
  const header = readAt(section.segment, section.offset, HEADER_BYTES)
  if (header.length < HEADER_BYTES || adler32(header.subarray(0, 20)) !== header.readUInt32LE(20)) return null
  const held = Math.floor((section.length - HEADER_BYTES) / 4)
  return { section, entries: Math.min(header.readUInt32LE(0), Math.max(0, held)), base: u64(header, 8) }
}

/** What one pass over a table says of it. */
interface Checked {
  /** The copy that is read, null when none is sound. */
  readonly copy: TableCopy | null
  /** First entry that is a full 32-bit offset (EnCase 6.7 past 2 GiB); those from there on are not compressed. */
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

  /** @returns where chunk `index` lies, or why that is not known: `cut` (no table names it), `table` (its table is damaged) */
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

  #tableOf(index: number): Table | undefined {
    let low = 0
    let high = this.#tables.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const table = this.#tables[middle]!
      if (table.firstChunk + table.entries <= index) low = middle + 1
      else high = middle
    }
    return this.#tables[low]
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

/** @returns from which entry on offsets are whole 32-bit numbers (Infinity: none), or null when the checksum of the entries fails */
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
      // Offsets rise. One that falls without its highest bit has wrapped at 2 GiB: the bit is part of the number.
      if (before !== null && low < before && stored >= COMPRESSED) overflowFrom = (at + inPage) / 4
      before = low
    }
  }
  // The first EnCase writes none either.
  if (!checksummed || length < HEADER_BYTES + bytes + 4) return overflowFrom
  const stored = readAt(segment, start + bytes, 4)
  if (stored.length === 4 && stored.readUInt32LE(0) === sum) return overflowFrom
  return null
}

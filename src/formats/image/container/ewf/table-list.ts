/** The tables of an EWF-E01 image, in the order of their chunks. */
import { readAt, u64 } from '../../content/read-at.ts'
import { adler32 } from '../common/adler32.ts'
import { BREAK, type Section } from './sections.ts'

export const HEADER_BYTES = 24

export interface TableCopy {
  readonly section: Section
  readonly entries: number
  readonly base: number
}

export interface Table {
  readonly firstChunk: number
  readonly entries: number
  /** `table`, then `table2`. */
  readonly copies: readonly TableCopy[]
  /** Latest possible end of the data of its last chunk. */
  readonly dataEnd: number
  /** EWF-S01 writes chunks behind their table, in the same section, without a checksum between. */
  readonly holdsData: boolean
}

/**
 * Tables of all segments in the order of their chunks. A table with a damaged header is unusable, and its other copy
 * is used. When tables are missing (damage, a truncated segment), the tables before the first gap are counted from
 * the beginning. The tables behind the last gap are counted from the end. The chunk numbers of the tables between are
 * unknown, so they are left out.
 *
 * @param chunks stated by the image; 0: not stated
 */
export function tablesOf(sections: readonly Section[], chunks: number): readonly Table[] {
  const { tables, gaps } = listed(sections)
  const [firstGap, lastGap] = [gaps[0], gaps[gaps.length - 1]]
  if (firstGap === undefined || lastGap === undefined) return tables
  const before = tables.slice(0, firstGap)
  let end = chunks
  const behind = tables
    .slice(lastGap)
    .reverse()
    .map((table) => {
      end -= table.entries
      return { ...table, firstChunk: end }
    })
    .reverse()
  const last = before[before.length - 1]
  const isRoom = end >= (last ? last.firstChunk + last.entries : 0)
  return isRoom ? [...before, ...behind] : before
}

/** `gaps`: indexes of the tables before which one is missing. */
function listed(sections: readonly Section[]): {
  readonly tables: Table[]
  readonly gaps: readonly number[]
} {
  const tables: Table[] = []
  const gaps: number[] = []
  let firstChunk = 0
  let data: Section | null = null
  for (const section of sections) {
    if (section.type === BREAK || (section.type === 'sectors' && data)) gaps.push(tables.length)
    if (section.type === BREAK) data = null
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
  if (data) gaps.push(tables.length)
  return { tables, gaps }
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

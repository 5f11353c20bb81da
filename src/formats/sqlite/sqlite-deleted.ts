/**
 * Rows of a table that were deleted and not overwritten yet: in pages that are free, in free blocks of the table's pages, and
 * between their pointers and their cells. A free block has lost its first four bytes (length and number of the row, at times the
 * size of its head and its first type), so heads are looked for: types that fit the columns as they are declared, and values that
 * end where the stretch does or before.
 *
 * @see https://www.sqlite.org/fileformat2.html, section 1.6 (freeblocks), 1.5 (the freelist)
 */

import { freePagesOf } from './free-pages.ts'
import type { ColumnKind } from './schema.ts'
import type { SqliteFile, SqlRow, SqlTable, SqlValue } from './sqlite-file.ts'
import { lengthOf } from './varint.ts'

const LOST_BYTES = 4
/** Before it stand length, number and size of the head, a byte each at least. */
const FIRST_TYPE = 3
/** Stretches that are looked through, of all pages together: what is searched byte by byte must end. */
const MOST_SEARCHED_BYTES = 1 << 26

/** A search that must end may end early: it says so here. */
export interface DeletedSearch {
  isCut: boolean
}

/** Older copies of rows that are live are among them. */
export function* deletedRows(
  file: SqliteFile,
  table: SqlTable,
  fits: (row: SqlRow) => boolean,
  search: DeletedSearch,
): Generator<SqlRow> {
  const isOne = (row: SqlRow) => row.values.every(isText) && fits(row)
  let searched = 0
  for (const { page, number, isFree } of pagesOf(file, table)) {
    const stretches = isFree ? [{ from: 0, to: file.usable }] : stretchesOf(page, number, file.usable)
    for (const { from, to } of stretches) {
      searched += to - from
      if (searched > MOST_SEARCHED_BYTES) {
        search.isCut = true
        return
      }
      yield* rowsInStretch(file, page.subarray(from, to), from, table, isOne)
    }
  }
}

/** @param offset of the stretch, for its rows */
export function* rowsInStretch(
  file: SqliteFile,
  stretch: Buffer,
  offset: number,
  table: SqlTable,
  isOne: (row: SqlRow) => boolean,
): Generator<SqlRow> {
  for (let at = FIRST_TYPE; at < stretch.length; at++)
    for (const head of headsAt(stretch, at, table)) {
      const values = file.valuesOf(head.types, stretch, head.at)
      const row: SqlRow = { rowid: null, values, status: 'deleted', offset: offset + at }
      if (!isOne(row)) continue
      yield row
      at = head.end - 1
      break
    }
}

export function keyOf(values: readonly SqlValue[]): string {
  return JSON.stringify(values, (_name, value) => (typeof value === 'bigint' ? String(value) : value))
}

/** What runs over from one row into the next holds numbers, which are no letters. */
export function isText(value: SqlValue): boolean {
  return typeof value !== 'string' || !NO_LETTER.test(value)
}

const NO_LETTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd]/

interface Page {
  readonly page: Buffer
  readonly number: number
  readonly isFree: boolean
}

/** Free pages, whatever they were (of those that list others only the beginning was overwritten), and the leaves of the table. */
function* pagesOf(file: SqliteFile, table: SqlTable): Generator<Page> {
  for (const number of freePagesOf(file)) {
    const page = file.page(number)
    if (page) yield { page, number, isFree: true }
  }
  for (const number of file.leavesOf(table.rootPage)) {
    const page = file.page(number)
    if (page) yield { page, number, isFree: false }
  }
}

export interface Stretch {
  readonly from: number
  readonly to: number
}

/** Free blocks, and what lies between the pointers and the first cell. */
export function stretchesOf(page: Buffer, number: number, usable: number): readonly Stretch[] {
  const head = number === 1 ? 100 : 0
  const from = head + 8 + page.readUInt16BE(head + 3) * 2
  const to = Math.min(page.readUInt16BE(head + 5) || 65_536, usable)
  const found: Stretch[] = from < to ? [{ from, to }] : []
  let at = page.readUInt16BE(head + 1)
  for (let last = 0; at > last && at + LOST_BYTES <= usable; ) {
    const size = page.readUInt16BE(at + 2)
    if (size < LOST_BYTES) break
    found.push({ from: at, to: Math.min(at + size, usable) })
    last = at
    at = page.readUInt16BE(at)
  }
  return found
}

interface Head {
  readonly types: readonly number[]
  /** Where the values begin and end. */
  readonly at: number
  readonly end: number
}

/**
 * Rows whose types may begin here: with the size of the head before them, or behind the four bytes that a block which was freed
 * begins with (where the next one is, and its own size); these stay behind where a block became part of the free middle.
 */
function headsAt(stretch: Buffer, at: number, table: SqlTable): readonly Head[] {
  const whole = headAt(stretch, at, stretch[at - 1]!, 0, table)
  if (whole) return [whole]
  if (at < LOST_BYTES) return []
  const blockEnd = at - LOST_BYTES + stretch.readUInt16BE(at - 2)
  if (blockEnd < at + LEAST_BYTES || blockEnd > stretch.length) return []
  const block = stretch.subarray(0, blockEnd)
  const bare = headAt(block, at, null, 0, table)
  if (bare) return [bare]
  // The first type is lost too: only a row that ends with its block, or where blocks that were joined to it begin, is believed then.
  const second = table.rowidColumn === 0 ? headAt(block, at, null, 1, table) : null
  return second && endsWithBlocks(block, second.end) ? [second] : []
}

/** True at the end, and where blocks follow that were free before this one was, with their old sizes. */
function endsWithBlocks(block: Buffer, at: number): boolean {
  let end = at
  while (end + LOST_BYTES <= block.length) {
    const size = block.readUInt16BE(end + 2)
    if (size < LOST_BYTES) return false
    end += size
  }
  return end === block.length
}

/** Tables gained columns over time: a row that an older version wrote has fewer. */
const LEAST_SHARE = 0.5

/** @param size of the head, its own byte included; null: it is lost, and there are as many types as columns */
function headAt(
  stretch: Buffer,
  at: number,
  size: number | null,
  lostTypes: number,
  table: SqlTable,
): Head | null {
  const { columns, kinds, rowidColumn } = table
  if (size !== null && (size > 127 || size - 1 < columns.length * LEAST_SHARE)) return null
  const end = size === null ? stretch.length : at - 1 + size
  const types: number[] = Array(lostTypes).fill(0)
  let next = at
  let bytes = 0
  while (types.length < columns.length && next < end) {
    let type = stretch[next++]!
    if (type >= 0x80) {
      const low = stretch[next++]
      // Types of more than two bytes are texts of over 8 KB: they do not lie in one page.
      if (low === undefined || low >= 0x80) return null
      type = (type & 0x7f) * 128 + low
    }
    const column = types.length
    if (column === rowidColumn ? type !== 0 : !FITS[kinds[column]!](type)) return null
    const length = lengthOf(type)
    if (length === null) return null
    bytes += length
    if (next + bytes > stretch.length) return null
    types.push(type)
  }
  if (size === null ? types.length < columns.length : next !== end) return null
  return bytes < LEAST_BYTES ? null : { types, at: next, end: next + bytes }
}

/** A row of less says nothing. */
const LEAST_BYTES = 4

/** Whether a value of this type can stand in such a column. */
export const FITS: Readonly<Record<ColumnKind, (type: number) => boolean>> = {
  whole: (type) => type <= 9 && type !== 7,
  number: (type) => type <= 9,
  text: (type) => type === 0 || (type >= 13 && type % 2 === 1),
  any: () => true,
}

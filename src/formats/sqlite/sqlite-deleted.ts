/**
 * Finds rows of a table that were deleted and not yet overwritten: in free pages, in free blocks of the table's
 * pages, and between their pointers and their cells. A free block has lost its first four bytes (length and number of
 * the row, sometimes the header size and the first type). The search therefore looks for row headers: types that fit
 * the declared columns, and values that end inside the range.
 *
 * @see https://www.sqlite.org/fileformat2.html, section 1.6 (freeblocks), 1.5 (the freelist)
 */

import { freePagesOf } from './free-pages.ts'
import type { ColumnKind } from './schema.ts'
import type { SqliteFile, SqlRow, SqlTable, SqlValue } from './sqlite-file.ts'
import { lengthOf } from './varint.ts'

const LOST_BYTES = 4
/** Length, row number and header size precede the first type, with at least one byte each. */
const FIRST_TYPE = 3
/** Limit for the searched ranges of all pages together, because the search goes byte by byte. */
const MOST_SEARCHED_BYTES = 1 << 26

/** A search may stop early at its limit, and reports it here. */
export interface DeletedSearch {
  isCut: boolean
}

/** The result includes older copies of live rows. */
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

/** @param offset of the range, added to the offsets of its rows */
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

/** Text that runs over from one row into the next contains numbers, which are not letters. */
export function isText(value: SqlValue): boolean {
  return typeof value !== 'string' || !NO_LETTER.test(value)
}

const NO_LETTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd]/

interface Page {
  readonly page: Buffer
  readonly number: number
  readonly isFree: boolean
}

/**
 * Free pages of any kind, and the leaf pages of the table. In a freelist trunk page only the start was overwritten.
 */
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

/** Free blocks, and the bytes between the pointers and the first cell. */
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
  /** Start and end of the values. */
  readonly at: number
  readonly end: number
}

/**
 * Rows whose types may start here. Either the header size precedes them, or the four bytes at the start of a freed
 * block do (offset of the next block, own size). Those four bytes remain when a block becomes part of the free space
 * in the middle.
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
  // The first type is also lost. Such a row is accepted only when it ends with its block, or where joined blocks
  // start.
  const second = table.rowidColumn === 0 ? headAt(block, at, null, 1, table) : null
  return second && endsWithBlocks(block, second.end) ? [second] : []
}

/** True at the end, and when the rest consists of formerly free blocks with their old sizes. */
function endsWithBlocks(block: Buffer, at: number): boolean {
  let end = at
  while (end + LOST_BYTES <= block.length) {
    const size = block.readUInt16BE(end + 2)
    if (size < LOST_BYTES) return false
    end += size
  }
  return end === block.length
}

/** New versions add columns to a table: a row of an older version has fewer. */
const LEAST_SHARE = 0.5

/**
 * @param size of the header, including its own byte; null: the size is lost, and the header must contain one type for
 *   each column
 */
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
      // A type of more than two bytes is a text of over 8 KB, which does not fit in one page.
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

/** A shorter row contains no information. */
const LEAST_BYTES = 4

/** Whether a value of this serial type fits a column of the declared type. */
export const FITS: Readonly<Record<ColumnKind, (type: number) => boolean>> = {
  whole: (type) => type <= 9 && type !== 7,
  number: (type) => type <= 9,
  text: (type) => type === 0 || (type >= 13 && type % 2 === 1),
  any: () => true,
}

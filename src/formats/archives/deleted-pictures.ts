/**
 * Finds pictures in deleted SQLite rows: in older versions of pages (journal, log), in free pages and in free blocks.
 * In free space the search finds the first bytes of a picture, then the row header before it that states offset and
 * length. A picture that does not fit its page continues on overflow pages. It is returned only when all of those
 * pages are still free.
 *
 * @see https://www.sqlite.org/fileformat2.html, sections 1.5, 1.6
 */
import type { DatabaseState } from '../sqlite/database-state.ts'
import { freePagesOf } from '../sqlite/free-pages.ts'
import { type DeletedSearch, FITS, stretchesOf } from '../sqlite/sqlite-deleted.ts'
import type { SqliteFile, SqlTable, SqlValue } from '../sqlite/sqlite-file.ts'
import { olderRows, PageOwners } from '../sqlite/sqlite-older.ts'
import { lengthOf, varint } from '../sqlite/varint.ts'
import { BEGINNINGS, isPicture, mayHoldPicture } from './stored-picture.ts'

export interface DeletedPicture {
  readonly table: SqlTable
  /** Null when the row number is lost. */
  readonly rowid: bigint | null
  readonly values: readonly SqlValue[]
  readonly offset: number
  readonly column: number
  readonly bytes: Buffer
}

/** Maximum distance between the row header and the picture. */
const MOST_BEFORE = 4096
const MOST_BEGINNINGS = 100_000
const MOST_PICTURE_BYTES = 1 << 24
const LOST_BYTES = 4

export function* deletedPictures(
  { file, older }: DatabaseState,
  all: readonly SqlTable[],
  search: DeletedSearch,
): Generator<DeletedPicture> {
  // SQLite's own tables declare no types, so every row would fit them.
  const tables = all.filter(({ name, kinds }) => !name.startsWith('sqlite_') && kinds.includes('any'))
  if (tables.length === 0) return
  const owners = new PageOwners(file, all)
  for (const table of tables)
    for (const { rowid, values, offset } of olderRows(older, owners, table, hasPicture, search, mayHold))
      for (const [column, bytes] of values.entries())
        if (Buffer.isBuffer(bytes) && isPicture(bytes)) yield { table, rowid, values, offset, column, bytes }
  yield* inFreeSpace(file, tables, search)
}

function mayHold(types: readonly number[]): boolean {
  return types.some(mayHoldPicture)
}

function hasPicture({ values }: { readonly values: readonly SqlValue[] }): boolean {
  return values.some((value) => Buffer.isBuffer(value) && isPicture(value))
}

function* inFreeSpace(
  file: SqliteFile,
  tables: readonly SqlTable[],
  all: DeletedSearch,
): Generator<DeletedPicture> {
  const free = new Set(freePagesOf(file))
  let begun = 0
  const search = function* (number: number, stretch: Buffer, from: number, of: readonly SqlTable[]) {
    const rows: FoundRow[] = []
    for (const begins of beginningsIn(stretch)) {
      if (++begun > MOST_BEGINNINGS) {
        all.isCut = true
        return
      }
      const row = firstOf(of, (table) => rowBefore(file, stretch, begins, table, free))
      if (row !== null) rows.push(row)
    }
    for (const { table, whole, at, end } of rows) {
      // In reused space a row may overwrite the remainder of another row.
      if (whole === null || rows.some((other) => other.at > at && other.at < end)) continue
      const offset = (number - 1) * file.page(number)!.length + from + at
      yield { ...whole, table, rowid: null, offset }
    }
  }
  for (const number of free) {
    const page = file.page(number)
    if (page) yield* search(number, page.subarray(0, file.usable), 0, tables)
  }
  for (const table of tables)
    for (const number of file.leavesOf(table.rootPage)) {
      const page = file.page(number)
      if (page === null) continue
      for (const { from, to } of stretchesOf(page, number, file.usable))
        yield* search(number, page.subarray(from, to), from, [table])
    }
}

function beginningsIn(stretch: Buffer): readonly number[] {
  const found: number[] = []
  for (const [before, bytes] of BEGINNINGS)
    for (let at = stretch.indexOf(bytes); at >= 0; at = stretch.indexOf(bytes, at + 1))
      if (at >= before) found.push(at - before)
  return found.sort((a, b) => a - b)
}

function firstOf<T, R>(all: readonly T[], of: (one: T) => R | null): R | null {
  for (const one of all) {
    const found = of(one)
    if (found !== null) return found
  }
  return null
}

interface FoundRow {
  readonly table: SqlTable
  /** Part of the row in this range of bytes. */
  readonly at: number
  readonly end: number
  /** Null when the rest of the row is lost, or is not a picture. */
  readonly whole: { readonly values: SqlValue[]; readonly column: number; readonly bytes: Buffer } | null
}

/** The row of this table that contains the picture at offset `begins`, if there is one. */
function rowBefore(
  file: SqliteFile,
  stretch: Buffer,
  begins: number,
  table: SqlTable,
  free: ReadonlySet<number>,
): FoundRow | null {
  for (let at = begins - 1; at >= Math.max(1, begins - MOST_BEFORE); at--)
    for (const size of [stretch[at - 1]!, null]) {
      if (size === null && !isBehindBlockHead(stretch, at, begins)) continue
      const head = headAt(stretch, at, size, table)
      if (head === null || head.next > begins) continue
      let from = head.next
      const column = head.types.findIndex((type) => {
        const isIt = from === begins && mayHoldPicture(type)
        from += isIt ? 0 : lengthOf(type)!
        return isIt
      })
      if (column < 0) continue
      const end = at - 1 + file.localBytes(head.next - at + 1 + head.bodyBytes)
      if (end > stretch.length) continue
      const payload = payloadOf(file, stretch, at - 1, head, free)
      const values = payload && file.valuesOf(head.types, payload, head.next - at + 1)
      const bytes = values?.[column]
      const isWhole = Buffer.isBuffer(bytes) && isPicture(bytes)
      return { table, at: at - 1, end, whole: isWhole ? { values: values!, column, bytes } : null }
    }
  return null
}

/**
 * A free block starts with the offset of the next block and its own size. These four bytes overwrite the start of the
 * row.
 */
function isBehindBlockHead(stretch: Buffer, at: number, begins: number): boolean {
  if (at < LOST_BYTES) return false
  const end = at - LOST_BYTES + stretch.readUInt16BE(at - 2)
  return end > begins && end <= stretch.length
}

interface Head {
  readonly types: readonly number[]
  /** Offset behind the last type. */
  readonly next: number
  readonly bodyBytes: number
}

/** @param size of the row header; null: the size is lost, and the header must contain one type for each column */
function headAt(stretch: Buffer, at: number, size: number | null, table: SqlTable): Head | null {
  const { columns, kinds, rowidColumn } = table
  if (size !== null && (size > 127 || size < 2)) return null
  const end = size === null ? stretch.length : at - 1 + size
  const types: number[] = []
  let next = at
  let bodyBytes = 0
  while (types.length < columns.length && next < end) {
    const type = varint(stretch, next)
    const column = types.length
    if (type === null) return null
    if (column === rowidColumn ? type.value !== 0 : !FITS[kinds[column]!](type.value)) return null
    const length = lengthOf(type.value)
    if (length === null) return null
    bodyBytes += length
    types.push(type.value)
    next = type.next
  }
  const isWhole =
    size === null ? types.length === columns.length : next === end && types.length * 2 >= columns.length
  return isWhole && bodyBytes <= MOST_PICTURE_BYTES ? { types, next, bodyBytes } : null
}

/** @param from offset of the byte that contains, or contained, the header size */
function payloadOf(
  file: SqliteFile,
  stretch: Buffer,
  from: number,
  { next, bodyBytes }: Head,
  free: ReadonlySet<number>,
): Buffer | null {
  const length = next - from + bodyBytes
  const local = file.localBytes(length)
  if (local === length) return from + length <= stretch.length ? stretch.subarray(from, from + length) : null
  if (from + local + 4 > stretch.length) return null
  const parts = [stretch.subarray(from, from + local)]
  let left = length - local
  let number = stretch.readUInt32BE(from + local)
  for (const seen = new Set<number>(); left > 0; ) {
    const page = free.has(number) && !seen.has(number) ? file.page(number) : null
    if (page === null) return null
    seen.add(number)
    const part = page.subarray(4, Math.min(file.usable, 4 + left))
    parts.push(part)
    left -= part.length
    number = page.readUInt32BE(0)
  }
  // The last page of a chain points to no next page. If a page was reused to list free pages, the chain does not end
  // with 0.
  return number === 0 ? Buffer.concat(parts) : null
}

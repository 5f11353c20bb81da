/**
 * Reads live rows of a table without row numbers. The rows are in an index tree, also in its inner pages, with the
 * key columns first.
 *
 * @see https://www.sqlite.org/fileformat2.html, sections 1.6, 2.4; https://www.sqlite.org/withoutrowid.html
 */
import type { SqliteFile, SqlRow, SqlTable } from './sqlite-file.ts'
import { localBytes, varint } from './varint.ts'

const MOST_DEPTH = 40
const MOST_ROW_BYTES = 1 << 24
const LEAF = 0x0a
const INTERIOR = 0x02

export function* keyedRows(file: SqliteFile, { rootPage, storedAs }: SqlTable): Generator<SqlRow> {
  for (const { stored, offset } of below(file, rootPage, 0, new Set())) {
    const values = new Array<SqlRow['values'][number]>(storedAs!.length).fill(null)
    // Rows of older schema versions are shorter.
    stored.forEach((value, i) => {
      const column = storedAs![i]
      if (column !== undefined) values[column] = value
    })
    yield { rowid: null, values, status: 'live', offset }
  }
}

interface StoredRow {
  readonly stored: SqlRow['values']
  readonly offset: number
}

function* below(file: SqliteFile, number: number, depth: number, seen: Set<number>): Generator<StoredRow> {
  const page = depth > MOST_DEPTH || seen.has(number) ? null : file.page(number)
  seen.add(number)
  const kind = page?.[0]
  if (page === null || (kind !== LEAF && kind !== INTERIOR)) return file.damaged(number)
  const head = kind === LEAF ? 8 : 12
  const most = Math.floor(((file.usable - 12) * 64) / 255) - 23
  const cells = Math.min(page.readUInt16BE(3), Math.floor(file.usable / 2))
  for (let i = 0; i < cells && head + i * 2 + 2 <= page.length; i++) {
    const at = page.readUInt16BE(head + i * 2)
    if (at + 6 > file.usable) {
      file.damaged(number)
      continue
    }
    if (kind === INTERIOR) yield* below(file, page.readUInt32BE(at), depth + 1, seen)
    const length = varint(page, kind === LEAF ? at : at + 4)
    const payload =
      length === null || length.value > MOST_ROW_BYTES
        ? null
        : file.payload(page, length.next, length.value, localBytes(file.usable, most, length.value))
    const stored = payload && file.record(payload)
    if (stored) yield { stored, offset: file.offsetOf(number) + at }
    else file.damaged(number)
  }
  if (kind === INTERIOR) yield* below(file, page.readUInt32BE(8), depth + 1, seen)
}

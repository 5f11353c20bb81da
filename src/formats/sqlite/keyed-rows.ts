/**
 * Reads live rows of a table without row numbers. The rows are in an index tree, also in its inner pages, with the
 * key columns first.
 *
 * @see https://www.sqlite.org/fileformat2.html, sections 1.6, 2.4; https://www.sqlite.org/withoutrowid.html
 */
import type { SqliteFile, SqlRow, SqlTable, Wants } from './sqlite-file.ts'
import { localBytes, typesOfRecord, varint } from './varint.ts'

const MOST_DEPTH = 40
const MOST_ROW_BYTES = 1 << 24
const LEAF = 0x0a
const INTERIOR = 0x02
/** SQLite gives each cell at least four bytes (section 1.6); a row of one flag has three. */
const LEAST_CELL_BYTES = 4

/** @param wants receives the types of a row, key columns first; when it returns false, the row is skipped and not read */
export function* keyedRows(
  file: SqliteFile,
  { rootPage, storedAs }: SqlTable,
  wants: Wants | null = null,
): Generator<SqlRow> {
  for (const { stored, offset } of below(file, rootPage, 0, new Set(), wants)) {
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

function* below(
  file: SqliteFile,
  number: number,
  depth: number,
  seen: Set<number>,
  wants: Wants | null,
): Generator<StoredRow> {
  const page = depth > MOST_DEPTH || seen.has(number) ? null : file.page(number)
  seen.add(number)
  const kind = page?.[0]
  if (page === null || (kind !== LEAF && kind !== INTERIOR)) return file.damaged(number)
  const head = kind === LEAF ? 8 : 12
  const most = Math.floor(((file.usable - 12) * 64) / 255) - 23
  const cells = Math.min(page.readUInt16BE(3), Math.floor(file.usable / 2))
  for (let i = 0; i < cells && head + i * 2 + 2 <= page.length; i++) {
    const at = page.readUInt16BE(head + i * 2)
    if (at + (kind === LEAF ? LEAST_CELL_BYTES : LEAST_CELL_BYTES + 2) > file.usable) {
      file.damaged(number)
      continue
    }
    if (kind === INTERIOR) yield* below(file, page.readUInt32BE(at), depth + 1, seen, wants)
    const length = varint(page, kind === LEAF ? at : at + 4)
    const types = wants && length && typesOfRecord(page, length.next, file.usable)
    if (wants && types && !wants(types)) continue
    const payload =
      length === null || length.value > MOST_ROW_BYTES
        ? null
        : file.payload(page, length.next, length.value, localBytes(file.usable, most, length.value))
    const stored = payload && file.record(payload)
    if (stored) yield { stored, offset: file.offsetOf(number) + at }
    else file.damaged(number)
  }
  if (kind === INTERIOR) yield* below(file, page.readUInt32BE(8), depth + 1, seen, wants)
}

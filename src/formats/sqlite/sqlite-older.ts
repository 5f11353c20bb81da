/**
 * Finds rows of a table in replaced pages: pages in a rollback journal, older frames of a write-ahead log, and pages
 * of the file that have newer copies in the log. Such a row may still be live, or live with changes. The caller must
 * compare.
 */
import type { OlderPage } from './database-state.ts'
import type { ColumnKind } from './schema.ts'
import { type DeletedSearch, isText, rowsInStretch, stretchesOf } from './sqlite-deleted.ts'
import type { SqliteFile, SqlRow, SqlTable, SqlValue, Wants } from './sqlite-file.ts'

/** Limit of bytes searched for one table: a log may contain a page thousands of times. */
const MOST_READ_BYTES = 1 << 28

export type Older = () => Iterable<OlderPage>

/** Which table owns a page now, or owned it at the time of the replaced page. Free and other pages have no owner. */
export class PageOwners {
  readonly #tables: readonly SqlTable[]
  readonly #now: ReadonlyMap<number, SqlTable>
  readonly #then = new WeakMap<SqliteFile, ReadonlyMap<number, SqlTable>>()

  constructor(file: SqliteFile, tables: Iterable<SqlTable>) {
    this.#tables = [...tables]
    this.#now = this.#of(file)
  }

  of({ number, then, isLasting }: OlderPage): SqlTable | null {
    const now = this.#now.get(number)
    if (now !== undefined || !isLasting) return now ?? null
    const before = this.#then.get(then) ?? this.#of(then)
    this.#then.set(then, before)
    return before.get(number) ?? null
  }

  #of(file: SqliteFile): ReadonlyMap<number, SqlTable> {
    const owners = new Map<number, SqlTable>()
    for (const table of this.#tables)
      for (const number of file.leavesOf(table.rootPage)) owners.set(number, table)
    return owners
  }
}

/** Oldest first. */
export function* olderRows(
  older: Older,
  owners: PageOwners,
  table: SqlTable,
  fits: (row: SqlRow) => boolean,
  search: DeletedSearch,
  wants: Wants | null = null,
): Generator<SqlRow> {
  let read = 0
  for (const replaced of older()) {
    const { number, then } = replaced
    const page = then.page(number)
    const owner = owners.of(replaced)
    if (page === null || page[number === 1 ? 100 : 0] !== 0x0d) continue
    read += page.length
    if (read > MOST_READ_BYTES) {
      search.isCut = true
      return
    }
    const isOthers = (row: SqlRow) => owner !== null && owner !== table && isOf(owner, row)
    const isOne = (row: SqlRow) => !isOthers(row) && row.values.every(isText) && fits(row)
    for (const row of then.rowsIn(number, wants))
      if (isOf(table, row) && isOne(row)) yield { ...row, status: 'deleted' }
    for (const { from, to } of stretchesOf(page, number, then.usable))
      yield* rowsInStretch(then, page.subarray(from, to), row0(then, number) + from, table, isOne)
  }
}

function row0(file: SqliteFile, number: number): number {
  return (number - 1) * file.page(number)!.length
}

/** New versions add columns to a table: a row of an older version has fewer. */
const LEAST_SHARE = 0.5

/** Whether the values fit the declared types of the columns. */
function isOf({ columns, kinds, rowidColumn }: SqlTable, { values }: SqlRow): boolean {
  if (values.length > columns.length || values.length < columns.length * LEAST_SHARE) return false
  return values.every((value, i) =>
    i === rowidColumn ? value === null : value === null || FITS[kinds[i]!](value),
  )
}

const FITS: Readonly<Record<ColumnKind, (value: Exclude<SqlValue, null>) => boolean>> = {
  whole: (value) => typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value)),
  number: (value) => typeof value === 'bigint' || typeof value === 'number',
  text: (value) => typeof value === 'string',
  any: () => true,
}

/**
 * Tables of an SQLite file by name, and their rows: first the live rows, then the deleted ones. Columns are accessed
 * by name.
 */

import { keyedRows } from './keyed-rows.ts'
import { type DeletedSearch, deletedRows, keyOf } from './sqlite-deleted.ts'
import { NotSqlite, SqliteFile, type SqlRow, type SqlTable, type SqlValue } from './sqlite-file.ts'
import { type Older, olderRows, PageOwners } from './sqlite-older.ts'

export interface NamedRow extends SqlRow {
  readonly table: SqlTable
}

/** Decides whether a deleted row may belong to a table: the column types alone fit too many rows. */
export type Plausible = (get: (name: string) => SqlValue | undefined) => boolean

export class Tables {
  readonly #file: SqliteFile
  readonly #tables: ReadonlyMap<string, SqlTable>
  readonly #read = new Set<string>()
  readonly #older: Older | null
  readonly #companion: Buffer | null
  #owners: PageOwners | null = null
  readonly #search: DeletedSearch = { isCut: false }

  /**
   * @param older pages that were replaced since
   * @param companion another database with the names of the persons in this one
   */
  constructor(file: SqliteFile, older: Older | null = null, companion: Buffer | null = null) {
    this.#file = file
    this.#companion = companion
    this.#older = older
    this.#tables = new Map(file.allTables().map((table) => [table.name, table]))
  }

  /** The search for deleted rows of a table stopped at its limit. */
  get isSearchCut(): boolean {
    return this.#search.isCut
  }

  get names(): readonly string[] {
    return [...this.#tables.keys()]
  }

  /** Tables whose rows no parser requested. */
  get unread(): readonly string[] {
    return this.names.filter((name) => !this.#read.has(name) && !name.startsWith('sqlite_'))
  }

  /** Null when there is no companion, or it is not a database. */
  companion(): Tables | null {
    if (this.#companion === null) return null
    try {
      return new Tables(new SqliteFile(this.#companion))
    } catch (error) {
      if (error instanceof NotSqlite) return null
      throw error
    }
  }

  has(name: string): boolean {
    return this.#tables.has(name)
  }

  get(name: string): SqlTable | null {
    return this.#tables.get(name) ?? null
  }

  /**
   * @param plausible absent: only live rows, as always for a table without row numbers
   * @param same columns that identify a row when other columns were changed; absent: all columns
   */
  *rowsOf(table: SqlTable, plausible?: Plausible, same?: readonly string[]): Generator<NamedRow> {
    this.#read.add(table.name)
    if (table.storedAs !== null) {
      for (const row of keyedRows(this.#file, table)) yield { ...row, table }
      return
    }
    const at = same?.map((name) => table.columns.indexOf(name)).filter((column) => column >= 0)
    const key = ({ values }: SqlRow) => keyOf(at ? at.map((column) => values[column] ?? null) : values)
    const deleted = new Map(plausible ? this.#deleted(table, plausible, key) : [])
    // A changed row keeps its number. When no other column identifies a row, the number does, and the last copy is
    // kept.
    const byNumber = new Map<bigint, string>()
    if (!at)
      for (const [of, { rowid }] of [...deleted]) {
        if (rowid === null) continue
        deleted.delete(byNumber.get(rowid) ?? '')
        byNumber.set(rowid, of)
      }
    for (const row of this.#file.rows(table.rootPage)) {
      // An older copy of a live row was moved or changed, not deleted.
      if (deleted.size > 0) {
        deleted.delete(key(row))
        if (byNumber.size > 0) deleted.delete(byNumber.get(row.rowid!) ?? '')
      }
      yield { ...row, table }
    }
    yield* deleted.values()
  }

  *#deleted(
    table: SqlTable,
    plausible: Plausible,
    key: (row: SqlRow) => string,
  ): Generator<[key: string, row: NamedRow]> {
    const fits = (row: SqlRow) => {
      const named = { ...row, table }
      return plausible((name) => column(named, name))
    }
    for (const row of deletedRows(this.#file, table, fits, this.#search)) yield [key(row), { ...row, table }]
    if (this.#older === null) return
    this.#owners ??= new PageOwners(this.#file, this.#tables.values())
    for (const row of olderRows(this.#older, this.#owners, table, fits, this.#search))
      yield [key(row), { ...row, table }]
  }
}

/** Undefined when the table, or this row, has no such column: rows of older versions are shorter. */
export function column({ table, values, rowid }: NamedRow, name: string): SqlValue | undefined {
  const at = table.columns.indexOf(name)
  if (at < 0) return undefined
  if (at === table.rowidColumn && rowid !== null && (values[at] ?? null) === null)
    return Number.isSafeInteger(Number(rowid)) ? Number(rowid) : rowid
  return values[at]
}

/** Reads rows of one ledger and puts them into the joined one, by the columns of the newest format. */
import type { Statement } from 'better-sqlite3'
import type { Db } from '../ledger/format/database.ts'
import { TABLES, type TableName, type Value } from '../ledger/format/tables.ts'

/** Values in the order of the table's columns; integers as big integers. */
export type Row = Value[]

export class JoinedRows {
  readonly db: Db
  readonly #inserts = new Map<string, Statement<unknown[]>>()
  #ordinal = 0

  constructor(db: Db) {
    this.db = db
  }

  put(table: TableName, row: Row): void {
    this.#insert(table, '').run(1, this.#ordinal++, ...row)
  }

  /** Leaves out a row whose values the table has already for this content. */
  putOnce(table: TableName, row: Row): void {
    const same = names(table).map((name) => `${name} IS ?`)
    // The equal sign lets SQLite use the index of contents.
    same[columnOf(table, 'content')] = 'content = ?'
    const where = `WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE ${same.join(' AND ')})`
    this.#insert(table, where).run(1, this.#ordinal++, ...row, ...row)
  }

  #insert(table: TableName, where: string): Statement<unknown[]> {
    const key = `${table} ${where}`
    const known = this.#inserts.get(key)
    if (known) return known
    const columns = ['batch', 'ordinal', ...names(table)]
    const marks = columns.map(() => '?').join(', ')
    const made = this.db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) SELECT ${marks} ${where}`)
    this.#inserts.set(key, made)
    return made
  }
}

/** Rows of a table of a ledger, shown in the newest format. @param order column that they are ordered by */
export function rowsOf(db: Db, table: TableName, order: string): IterableIterator<Row> {
  const sql = `SELECT ${names(table).join(', ')} FROM ${table} ORDER BY ${order}`
  return db.prepare<[], Row>(sql).raw().safeIntegers().iterate()
}

/** Place of a column in a row. */
export function columnOf(table: TableName, column: string): number {
  return TABLES[table].columns.findIndex(({ name }) => name === column)
}

function names(table: TableName): string[] {
  return TABLES[table].columns.map(({ name }) => `"${name}"`)
}

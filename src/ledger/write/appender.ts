/**
 * Appends rows in transactions, with one chain link each. Only this code inserts rows into a ledger.
 *
 * A batch's head covers the previous head, the batch's number, time and kind, and every row in the order written.
 */
import { createHash } from 'node:crypto'
import type { Statement } from 'better-sqlite3'
import { trace } from '../../base/trace.ts'
import { type Db, translating } from '../format/database.ts'
import { CanonicalEncoder } from '../format/encode.ts'
import { TABLES, type Table, type TableName, type Value } from '../format/tables.ts'
import { crashPoint } from './crash-hook.ts'

const BATCH_DOMAIN = 'seized ledger batch 1'
/** The previous head that the first batch contains. */
export const GENESIS = Buffer.alloc(32)

export type Put = (table: TableName, values: readonly Value[]) => void

/** Kind of a batch; `inventory`, `known`, `unknown` and `seal` are also crash points. */
export type BatchKind = 'start' | 'inventory' | 'known' | 'unknown' | 'event' | 'seal'

const FLUSH_BYTES = 1 << 20

export class Appender {
  readonly #db: Db
  readonly #clock: () => Date
  readonly #encoder = new CanonicalEncoder()
  /** Prepared statements by the set of null values; few of the possible sets occur. */
  readonly #inserts = Object.fromEntries(
    Object.keys(TABLES).map((table) => [table, new Map<number, Statement<unknown[]>>()]),
  ) as Readonly<Record<TableName, Map<number, Statement<unknown[]>>>>
  readonly #insertBatch: Statement<unknown[]>
  #head: Buffer
  #batch: number

  constructor(db: Db, clock: () => Date) {
    this.#db = db
    this.#clock = clock
    const last = db.prepare('SELECT batch, head FROM batch ORDER BY batch DESC LIMIT 1').get() as
      | { batch: number; head: Buffer }
      | undefined
    this.#batch = last?.batch ?? 0
    this.#head = last?.head ?? GENESIS
    this.#insertBatch = db.prepare('INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?)')
  }

  get head(): Buffer {
    return this.#head
  }

  /**
   * Writes one transaction with one link. A `seal` row is written last: nothing can follow it.
   * @throws any error of `write`, and SQLite's refusals; the ledger is then unchanged
   */
  append(kind: BatchKind, write: (put: Put, utc: string) => void): void {
    const batch = this.#batch + 1
    const utc = this.#clock().toISOString()
    const hash = createHash('sha256')
    const encoder = this.#encoder
    encoder.clear()
    beginBatch(encoder, batch, this.#head, utc, kind)
    let ordinal = 0
    let sealRow: readonly Value[] | null = null
    const put: Put = (table, values) => {
      const stored = wellFormed(values)
      encodeRow(encoder, TABLES[table], stored)
      if (encoder.length > FLUSH_BYTES) {
        hash.update(encoder.bytes)
        encoder.clear()
      }
      if (table === 'seal') sealRow = stored
      else this.#insert(table, batch, ordinal, stored)
      ordinal += 1
    }
    translating(this.#db.name, () => {
      this.#db.exec('BEGIN IMMEDIATE')
      try {
        write(put, utc)
        encoder.int(ordinal)
        const head = hash.update(encoder.bytes).digest()
        this.#insertBatch.run([batch, this.#head, head, utc, kind, ordinal])
        if (sealRow) this.#insert('seal', batch, ordinal - 1, sealRow)
        crashPoint(`${kind}:before-commit`)
        this.#db.exec('COMMIT')
        trace('ledger', () => `${kind} ${batch}: ${ordinal} rows`)
        this.#head = head
        this.#batch = batch
      } catch (error) {
        if (this.#db.inTransaction) this.#db.exec('ROLLBACK')
        throw error
      }
    })
    crashPoint(`${kind}:after-commit`)
  }

  /**
   * The statement leaves nulls out: half the values of an entry are null, and each costs as much to bind as another
   * value.
   */
  #insert(table: TableName, batch: number, ordinal: number, values: readonly Value[]): void {
    const given: Value[] = [batch, ordinal]
    // One bit for each column, also above 31 columns: exact up to 53.
    let nulls = 0
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!
      nulls *= 2
      if (value === null) nulls += 1
      else given.push(value)
    }
    const inserts = this.#inserts[table]
    let statement = inserts.get(nulls)
    if (statement === undefined) {
      statement = this.#db.prepare(insertSql(table, values))
      inserts.set(nulls, statement)
    }
    statement.run(given)
  }
}

function insertSql(table: TableName, values: readonly Value[]): string {
  const given = TABLES[table].columns.filter((_, i) => values[i] !== null).map(({ name }) => `"${name}"`)
  const columns = ['batch', 'ordinal', ...given]
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
}

// better-sqlite3 stores a lone surrogate as invalid UTF-8, and reads other text back.
function wellFormed(values: readonly Value[]): readonly Value[] {
  for (const value of values)
    if (typeof value === 'string' && !value.isWellFormed())
      return values.map((one) => (typeof one === 'string' ? one.toWellFormed() : one))
  return values
}

export function beginBatch(
  encoder: CanonicalEncoder,
  batch: number | bigint,
  prev: Buffer,
  utc: string,
  kind: string,
): void {
  encoder.text(BATCH_DOMAIN)
  encoder.int(batch)
  encoder.blob(prev)
  encoder.text(utc)
  encoder.text(kind)
}

function encodeRow(encoder: CanonicalEncoder, table: Table, values: readonly Value[]): void {
  const { columns } = table
  if (values.length !== columns.length) throw new TypeError(`${table.name} has ${columns.length} columns`)
  encoder.text(table.name)
  for (let i = 0; i < columns.length; i++) encoder.value(columns[i]!.type, values[i]!)
}

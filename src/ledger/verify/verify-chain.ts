/**
 * Recomputes every link of the chain from the rows. The tables are read in parallel, each in the order it was written,
 * and merged by (batch, ordinal): a row that was changed, removed, added or moved breaks the link of its batch.
 */
import { createHash } from 'node:crypto'
import type { Statement } from 'better-sqlite3'
import type { Db } from '../format/database.ts'
import { CanonicalEncoder } from '../format/encode.ts'
import type { ProblemSink } from '../format/problems.ts'
import type { Column, Table } from '../format/tables.ts'
import { tablesOf } from '../format/tables-of.ts'
import { beginBatch, GENESIS } from '../write/appender.ts'

export interface Chain {
  /** Every head, lower-case hex. */
  readonly heads: Set<string>
  readonly last: string
}

const TELL_EVERY = 500n

/** @param version format of the ledger @param tell receives the progress */
export function verifyChain(
  db: Db,
  version: number,
  problems: ProblemSink,
  tell: (step: string) => void,
): Chain {
  const cursors = tablesOf(version).map((table) => new TableCursor(db, table))
  const heads = new Set<string>()
  let prev: Buffer = GENESIS
  let number = 0n
  for (const batch of batches(db)) {
    number += 1n
    const name = `transaction ${batch.batch}`
    if (number % TELL_EVERY === 0n) tell(`the chain: ${name}`)
    if (batch.batch !== number)
      problems.add(`${name} stands where ${number} is expected: one was removed or added`)
    number = batch.batch
    if (!batch.prev.equals(prev)) problems.add(`${name} does not follow the transaction before it`)
    for (const cursor of cursors)
      if (cursor.skipBefore(number))
        problems.add(`${cursor.table.name} has a row that belongs to no transaction`)
    if (!headOf(batch, cursors).equals(batch.head))
      problems.add(
        `${name} (${batch.kind}, ${batch.utc}): its rows are not those that were recorded; changed, removed, added or moved`,
      )
    prev = batch.head
    heads.add(prev.toString('hex'))
  }
  for (const cursor of cursors)
    if (cursor.batch !== null) problems.add(`${cursor.table.name} has rows after the last transaction`)
  if (heads.size === 0) problems.add('the ledger holds no transaction')
  return { heads, last: prev.toString('hex') }
}

interface BatchRow {
  readonly batch: bigint
  readonly prev: Buffer
  readonly head: Buffer
  readonly utc: string
  readonly kind: string
  readonly rows: bigint
}

function* batches(db: Db): IterableIterator<BatchRow> {
  const next = db
    .prepare<[bigint], BatchRow>('SELECT * FROM batch WHERE batch > +? ORDER BY batch LIMIT 500')
    .safeIntegers()
  let page = next.all(-(2n ** 63n))
  while (page.length > 0) {
    yield* page
    page = next.all(page.at(-1)!.batch)
  }
}

const FLUSH_BYTES = 1 << 16

/** @param cursors their order changes: those of the latest rows come first */
function headOf(batch: BatchRow, cursors: TableCursor[]): Buffer {
  const hash = createHash('sha256')
  const encoder = new CanonicalEncoder()
  beginBatch(encoder, batch.batch, batch.prev, batch.utc, batch.kind)
  let ordinal = 0
  for (;;) {
    const at = cursors.findIndex((cursor) => cursor.ordinal === ordinal && cursor.batch === batch.batch)
    if (at === -1) break
    const cursor = cursors[at]!
    cursor.encode(encoder)
    cursor.advance()
    ordinal += 1
    if (at > 1) cursors.unshift(...cursors.splice(at, 1))
    if (encoder.length > FLUSH_BYTES) {
      hash.update(encoder.bytes)
      encoder.clear()
    }
  }
  encoder.int(batch.rows === BigInt(ordinal) ? ordinal : -1)
  // The remaining rows of this batch are out of order. They are skipped here and make the link wrong.
  const left = cursors.filter((cursor) => cursor.skipBefore(batch.batch + 1n))
  return left.length > 0 ? Buffer.alloc(0) : hash.update(encoder.bytes).digest()
}

type Cell = bigint | number | string | Buffer | null

/** Rows that a cursor reads at once: each call into SQLite costs as much as reading some of them. */
const PAGE_ROWS = 256

/**
 * Reads one table in the order of its row ids, which is the order in which it was written. A row is its row id, batch and ordinal, one cell for
 * each column, and the bytes of all texts and blobs as one buffer; the cell of a text or blob is its length. One buffer a row costs
 * a fifth of a buffer a column.
 */
class TableCursor {
  readonly table: Table
  readonly #first: Page
  readonly #after: Page
  #page: readonly Cell[][] = []
  #at = 0
  /** Of the current row; null after the last one. */
  batch: bigint | null = null
  /** Of the current row in its transaction; -1 after the last one. */
  ordinal = -1

  constructor(db: Db, table: Table) {
    this.table = table
    const columns = ['rowid', 'batch', 'ordinal', ...table.columns.map(selected), bytesOf(table)].join(', ')
    const page = (where: string) =>
      db
        .prepare<Cell[], Cell[]>(
          `SELECT ${columns} FROM main.${table.name} ${where} ORDER BY rowid LIMIT ${PAGE_ROWS}`,
        )
        .raw()
        .safeIntegers()
    this.#first = page('')
    this.#after = page('WHERE rowid > +?')
    this.#show(this.#first.all())
  }

  advance(): void {
    const rows = this.#page.length
    if (this.#at + 1 < rows) this.#stand(this.#at + 1)
    else this.#show(rows < PAGE_ROWS ? [] : this.#pageAfter(this.#page[this.#at]![0]!))
  }

  /** @throws RangeError where a damaged file has SQLite go back, which might never end */
  #pageAfter(last: Cell): readonly Cell[][] {
    const page = this.#after.all(last)
    if (page.length === 0 || page.at(-1)![0]! > last!) return page
    throw new RangeError(`the rows of ${this.table.name} are not in their order`)
  }

  #show(page: readonly Cell[][]): void {
    this.#page = page
    this.batch = null
    this.ordinal = -1
    if (page.length > 0) this.#stand(0)
  }

  #stand(at: number): void {
    const [, batch, ordinal] = this.#page[at]!
    if (typeof batch !== 'bigint' || typeof ordinal !== 'bigint')
      throw new TypeError(`a row of ${this.table.name} does not name its transaction`)
    this.#at = at
    this.batch = batch
    this.ordinal = Number(ordinal)
  }

  /** Skips rows of batches before `batch`. @returns whether rows were skipped */
  skipBefore(batch: bigint): boolean {
    let skipped = false
    while (this.batch !== null && this.batch < batch) {
      skipped = true
      this.advance()
    }
    return skipped
  }

  encode(encoder: CanonicalEncoder): void {
    const { columns, name } = this.table
    const row = this.#page[this.#at]!
    const bytes = row.at(-1) as Buffer
    let at = 0
    encoder.text(name)
    for (let i = 0; i < columns.length; i++) {
      const { type } = columns[i]!
      const cell = row[FIRST_COLUMN + i]!
      if (type === 'int') {
        if (typeof cell === 'number') throw new TypeError(`${name} holds a fraction`)
        encoder.value(type, cell)
      } else if (cell === null) encoder.null()
      else {
        const length = Number(cell)
        if (length < 0) throw new TypeError(`${name} holds a value that is no ${type}`)
        encoder.range(type, bytes, at, at + length)
        at += length
      }
    }
  }
}

type Page = Statement<Cell[], Cell[]>

/** After row id, batch and ordinal. */
const FIRST_COLUMN = 3

/** The length of a text or blob in bytes, or -1 for a value of another type; an integer as it is. */
function selected({ name, type }: Column): string {
  return type === 'int'
    ? name
    : `CASE typeof(${name}) WHEN '${type}' THEN octet_length(${name}) WHEN 'null' THEN NULL ELSE -1 END`
}

/** Texts are read as their stored bytes, because decoding would hide a damaged byte. */
function bytesOf({ columns }: Table): string {
  const some = columns.filter(({ type }) => type !== 'int')
  return some.length === 0
    ? "x''"
    : `CAST(${some.map(({ name }) => `ifnull(CAST(${name} AS BLOB), x'')`).join(' || ')} AS BLOB)`
}

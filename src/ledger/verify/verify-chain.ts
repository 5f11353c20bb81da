/**
 * Recomputes every link of the chain from the rows. The tables are read in parallel, each in the order it was written,
 * and merged by (batch, ordinal): a row that was changed, removed, added or moved breaks the link of its batch.
 */
import { createHash } from 'node:crypto'
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
  const cursors: TableCursor[] = []
  const heads = new Set<string>()
  let prev: Buffer = GENESIS
  let number = 0n
  try {
    for (const table of tablesOf(version)) cursors.push(new TableCursor(db, table))
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
      if (cursor.current) problems.add(`${cursor.table.name} has rows after the last transaction`)
  } finally {
    for (const cursor of cursors) cursor.close()
  }
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

function headOf(batch: BatchRow, cursors: readonly TableCursor[]): Buffer {
  const hash = createHash('sha256')
  const encoder = new CanonicalEncoder()
  beginBatch(encoder, batch.batch, batch.prev, batch.utc, batch.kind)
  let ordinal = 0n
  for (;;) {
    const cursor = cursors.find(
      ({ current }) => current?.batch === batch.batch && current.ordinal === ordinal,
    )
    if (!cursor) break
    cursor.encode(encoder)
    cursor.advance()
    ordinal += 1n
    if (encoder.length > FLUSH_BYTES) {
      hash.update(encoder.bytes)
      encoder.clear()
    }
  }
  encoder.int(batch.rows === ordinal ? ordinal : -1n)
  // The remaining rows of this batch are out of order. They are skipped here and make the link wrong.
  const left = cursors.filter((cursor) => cursor.skipBefore(batch.batch + 1n))
  return left.length > 0 ? Buffer.alloc(0) : hash.update(encoder.bytes).digest()
}

type Cell = bigint | number | string | Buffer | null

interface CurrentRow {
  readonly batch: bigint
  readonly ordinal: bigint
  readonly cells: readonly Cell[]
}

/** Reads one table in the order of its row ids, which is the order in which it was written. */
class TableCursor {
  readonly table: Table
  readonly #rows: IterableIterator<Cell[]>
  current: CurrentRow | null = null

  constructor(db: Db, table: Table) {
    this.table = table
    const columns = table.columns.map(selected).join(', ')
    this.#rows = db
      .prepare<[], Cell[]>(`SELECT batch, ordinal, ${columns} FROM main.${table.name} ORDER BY rowid`)
      .raw()
      .safeIntegers()
      .iterate()
    try {
      this.advance()
    } catch (error) {
      // An open cursor would prevent every later check from running queries.
      this.close()
      throw error
    }
  }

  advance(): void {
    const next = this.#rows.next()
    if (next.done) {
      this.current = null
      return
    }
    const [batch, ordinal, ...cells] = next.value
    if (typeof batch !== 'bigint' || typeof ordinal !== 'bigint')
      throw new TypeError(`a row of ${this.table.name} does not name its transaction`)
    this.current = { batch, ordinal, cells }
  }

  /** Skips rows of batches before `batch`. @returns whether rows were skipped */
  skipBefore(batch: bigint): boolean {
    let skipped = false
    while (this.current && this.current.batch < batch) {
      skipped = true
      this.advance()
    }
    return skipped
  }

  encode(encoder: CanonicalEncoder): void {
    const { columns, name } = this.table
    encoder.text(name)
    columns.forEach((column, i) => {
      const cell = this.current!.cells[i]!
      if (column.type === 'text' && Buffer.isBuffer(cell)) encoder.textBytes(cell)
      else if (column.type === 'int' && typeof cell === 'number')
        throw new TypeError(`${name} holds a fraction`)
      else encoder.value(column.type, cell)
    })
  }

  close(): void {
    this.#rows.return?.()
  }
}

/**
 * Text is read as its stored bytes, because decoding would hide a damaged byte. A value of another type becomes a
 * number.
 */
function selected({ name, type }: Column): string {
  return type === 'text'
    ? `CASE typeof(${name}) WHEN 'text' THEN CAST(${name} AS BLOB) WHEN 'null' THEN NULL ELSE 0 END`
    : name
}

/**
 * Encodes findings for the digests. Each finding is encoded by itself, then the encodings are sorted by their bytes:
 * neither the order of hash sets nor the order of work changes a digest. The name of a list is left out, because its
 * SHA-256 identifies the list.
 */

import type { Db } from '../format/database.ts'
import type { CanonicalEncoder } from '../format/encode.ts'
import { CanonicalEncoder as Encoder } from '../format/encode.ts'
import { IdSet } from '../format/id-set.ts'
import type { Column, Table, Value } from '../format/tables.ts'
import { isAddedIn4 } from '../format/tables-of.ts'

/** Which findings of a content: those of stage `matched`, or those of the later stages. */
export type Which = 'matched' | 'later'

/** Findings of contents. */
export class ContentFindings {
  readonly #tables: readonly FindingTable[]

  constructor(db: Db, tables: readonly Table[], which: Which) {
    this.#tables = tables.map((table) => new FindingTable(db, table, which))
  }

  encode(encoder: CanonicalEncoder, content: number, stage: string): void {
    encodeSorted(
      encoder,
      this.#tables.flatMap((table) => table.encoded(content, stage)),
    )
  }
}

/** Findings from names of entries. */
export class NameFindings {
  readonly #tables: readonly FindingTable[]

  constructor(db: Db, tables: readonly Table[]) {
    this.#tables = tables.map((table) => new FindingTable(db, table))
  }

  get isEmpty(): boolean {
    return this.#tables.every((table) => table.isEmpty)
  }

  has(entry: number): boolean {
    return this.#tables.some((table) => table.has(entry))
  }

  encode(encoder: CanonicalEncoder, entry: number): void {
    encodeSorted(
      encoder,
      this.#tables.flatMap((table) => table.encoded(entry)),
    )
  }
}

class FindingTable {
  readonly #name: string
  readonly #columns: readonly Column[]
  readonly #some: IdSet
  readonly #rows
  readonly #scratch = new Encoder()
  readonly isEmpty: boolean

  /** @param which findings of a content; absent for findings that belong to entries */
  constructor(db: Db, { name, columns }: Table, which?: Which) {
    this.#name = name
    this.#columns = columns.filter((column) => !NOT_DIGESTED.has(column.name))
    const [of, where] = which
      ? ['content', `WHERE stage ${which === 'later' ? '<>' : '='} 'matched'`]
      : ['entry', '']
    // Reads the table in its own format (`main.`): the views of as-newest.ts show old tables in the newest format.
    const table = `main.${name}`
    this.#some = IdSet.of(db, `SELECT DISTINCT ${of} FROM ${table} ${where}`)
    this.isEmpty = db.prepare(`SELECT 1 FROM ${table}`).get() === undefined
    this.#rows = db
      .prepare<(number | string)[], Value[]>(
        `SELECT ${this.#columns.map((column) => column.name).join(', ')} FROM ${table}
         WHERE ${of} = +? ${which ? 'AND stage = +?' : ''}`,
      )
      .raw()
      .safeIntegers()
  }

  has(id: number): boolean {
    return this.#some.has(id)
  }

  /** @param stage stage of a content's findings */
  encoded(id: number, ...stage: readonly string[]): Buffer[] {
    if (!this.#some.has(id)) return []
    return this.#rows.all(id, ...stage).map((row) => {
      this.#scratch.clear()
      this.#scratch.text(this.#name)
      this.#columns.forEach((column, i) => {
        const value = row[i]!
        // Added columns are encoded with their name, and only when not null: a ledger of version 3 keeps its digest.
        const isAdded = isAddedIn4(this.#name, column.name)
        if (isAdded && value === null) return
        if (isAdded) this.#scratch.text(column.name)
        this.#scratch.value(column.type, value)
      })
      return Buffer.from(this.#scratch.bytes)
    })
  }
}

const NOT_DIGESTED = new Set(['content', 'entry', 'stage', 'hash_set'])

function encodeSorted(encoder: CanonicalEncoder, rows: Buffer[]): void {
  encoder.int(rows.length)
  for (const row of rows.sort(Buffer.compare)) encoder.blob(row)
}

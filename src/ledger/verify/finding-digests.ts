/**
 * Findings as they enter the digests: each encoded by itself, then sorted by those bytes, so that neither the order of
 * hash sets nor the order of work shows. The name of a list stays out: its SHA-256 says which list it was.
 */

import type { Db } from '../format/database.ts'
import type { CanonicalEncoder } from '../format/encode.ts'
import { CanonicalEncoder as Encoder } from '../format/encode.ts'
import { IdSet } from '../format/id-set.ts'
import { type Column, TABLES, type TableName, type Value } from '../format/tables.ts'

/** Hits and digest conflicts of a content: facts, for the evidence digest. */
export class ExactFindings {
  readonly #tables: readonly FindingTable[]

  constructor(db: Db) {
    this.#tables = (['hit', 'digest_conflict'] as const).map((name) => new FindingTable(db, name, 'matched'))
  }

  encode(encoder: CanonicalEncoder, content: number): void {
    encodeSorted(
      encoder,
      this.#tables.flatMap((table) => table.encoded(content, 'matched')),
    )
  }
}

/** What a later stage found in a content, for the analysis digest. */
export class AnalysisFindings {
  readonly #tables: readonly FindingTable[]

  constructor(db: Db) {
    this.#tables = (
      [
        'hit',
        'digest_conflict',
        'near_match',
        'score',
        'signal',
        'attribute',
        'perceptual_hash',
        'preview',
      ] as const
    ).map((name) => new FindingTable(db, name, 'later'))
  }

  encode(encoder: CanonicalEncoder, content: number, stage: string): void {
    encodeSorted(
      encoder,
      this.#tables.flatMap((table) => table.encoded(content, stage)),
    )
  }
}

/** What the names of walked entries say, for the analysis digest. */
export class NameFindings {
  readonly #tables: readonly FindingTable[]
  readonly #next

  constructor(db: Db) {
    this.#tables = (['entry_score', 'entry_attribute'] as const).map((name) => new FindingTable(db, name))
    this.#next = db.prepare<[Buffer], NamedEntry>(
      `SELECT id, path FROM entry WHERE parent IS NULL AND path > ?
         AND (id IN (SELECT entry FROM entry_score) OR id IN (SELECT entry FROM entry_attribute))
       ORDER BY path LIMIT 500`,
    )
  }

  /** In order of path bytes. */
  *entries(): IterableIterator<NamedEntry> {
    if (this.#tables.every((table) => table.isEmpty)) return
    for (let page = this.#next.all(Buffer.alloc(0)); page.length > 0; ) {
      yield* page
      page = this.#next.all(page.at(-1)!.path)
    }
  }

  encode(encoder: CanonicalEncoder, entry: number): void {
    encodeSorted(
      encoder,
      this.#tables.flatMap((table) => table.encoded(entry)),
    )
  }
}

export interface NamedEntry {
  readonly id: number
  readonly path: Buffer
}

class FindingTable {
  readonly #name: TableName
  readonly #columns: readonly Column[]
  readonly #some: IdSet
  readonly #rows
  readonly #scratch = new Encoder()
  readonly isEmpty: boolean

  /** @param which of a content's findings; absent for findings that belong to entries */
  constructor(db: Db, name: TableName, which?: 'matched' | 'later') {
    this.#name = name
    this.#columns = TABLES[name].columns.filter((column) => !NOT_DIGESTED.has(column.name))
    const [of, where] = which
      ? ['content', `WHERE stage ${which === 'later' ? '<>' : '='} 'matched'`]
      : ['entry', '']
    this.#some = IdSet.of(db, `SELECT DISTINCT ${of} FROM ${name} ${where}`)
    this.isEmpty = db.prepare(`SELECT 1 FROM ${name}`).get() === undefined
    this.#rows = db
      .prepare<(number | string)[], Value[]>(
        `SELECT ${this.#columns.map((column) => column.name).join(', ')} FROM ${name}
         WHERE ${of} = ? ${which ? 'AND stage = ?' : ''}`,
      )
      .raw()
      .safeIntegers()
  }

  /** @param stage of a content's findings */
  encoded(id: number, ...stage: readonly string[]): Buffer[] {
    if (!this.#some.has(id)) return []
    return this.#rows.all(id, ...stage).map((row) => {
      this.#scratch.clear()
      this.#scratch.text(this.#name)
      this.#columns.forEach((column, i) => {
        this.#scratch.value(column.type, row[i]!)
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

/**
 * Findings as they enter the digests: each encoded by itself, then sorted by those bytes, so that neither the order of
 * hash sets nor the order of work shows. The name of a list stays out: its SHA-256 says which list it was.
 */

import type { Db } from './database.ts'
import type { CanonicalEncoder } from './encode.ts'
import { CanonicalEncoder as Encoder } from './encode.ts'
import { IdSet } from './id-set.ts'
import { type Column, TABLES, type TableName, type Value } from './tables.ts'

/** Hits and digest conflicts of a content: facts, for the evidence digest. */
export class ExactFindings {
  readonly #tables: readonly FindingTable[]

  constructor(db: Db) {
    this.#tables = (['hit', 'digest_conflict'] as const).map((name) => new FindingTable(db, name, false))
  }

  encode(encoder: CanonicalEncoder, content: number): void {
    encodeSorted(
      encoder,
      this.#tables.flatMap((table) => table.encoded(content, null)),
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
    ).map((name) => new FindingTable(db, name, true))
  }

  encode(encoder: CanonicalEncoder, content: number, stage: string): void {
    encodeSorted(
      encoder,
      this.#tables.flatMap((table) => table.encoded(content, stage)),
    )
  }
}

class FindingTable {
  readonly #name: TableName
  readonly #columns: readonly Column[]
  readonly #some: IdSet
  readonly #rows
  readonly #scratch = new Encoder()

  constructor(db: Db, name: TableName, byStage: boolean) {
    this.#name = name
    this.#columns = TABLES[name].columns.filter((column) => !NOT_DIGESTED.has(column.name))
    this.#some = IdSet.of(
      db,
      `SELECT DISTINCT content FROM ${name} WHERE stage ${byStage ? '<>' : '='} 'matched'`,
    )
    this.#rows = db
      .prepare<[number, string], Value[]>(
        `SELECT ${this.#columns.map((column) => column.name).join(', ')} FROM ${name} WHERE content = ? AND stage = ?`,
      )
      .raw()
      .safeIntegers()
  }

  encoded(content: number, stage: string | null): Buffer[] {
    if (!this.#some.has(content)) return []
    return this.#rows.all(content, stage ?? 'matched').map((row) => {
      this.#scratch.clear()
      this.#scratch.text(this.#name)
      this.#columns.forEach((column, i) => {
        this.#scratch.value(column.type, row[i]!)
      })
      return Buffer.from(this.#scratch.bytes)
    })
  }
}

const NOT_DIGESTED = new Set(['content', 'stage', 'hash_set'])

function encodeSorted(encoder: CanonicalEncoder, rows: Buffer[]): void {
  encoder.int(rows.length)
  for (const row of rows.sort(Buffer.compare)) encoder.blob(row)
}

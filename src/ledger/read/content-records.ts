/**
 * Records on the device that concern a content: references that name one of its digests, and kept records that name
 * its SHA-256 or its path. Findings go the other way: they belong to the content that contains the record.
 */

import type { RECORD_DIGESTS } from '../../contracts/record.ts'
import type { ContentRecord } from '../../contracts/view.ts'
import type { FindingRow } from '../../findings/finding-kind.ts'
import { reference } from '../../findings/reference.ts'
import { signFromRow } from '../../findings/sign.ts'
import type { Db } from '../format/database.ts'
import { Copies } from './copies.ts'
import type { Paths } from './paths.ts'

/** Limit for one content; the timeline contains all records. */
const MOST = 50

const OF_SIGNS = `SELECT c.id AS content, s.rowid AS row FROM sign s JOIN content c ON c.sha256 = s.of_sha256
  WHERE s.of_sha256 IS NOT NULL AND s.content <> c.id AND s.code <> 'named-digest' ORDER BY s.rowid`

/** Records by a digest of the content. Digests of pieces are not digests of the content, so they are left out. */
function ofReferences(column: string): string {
  return `SELECT c.id AS content, r.rowid AS row FROM reference r JOIN content c ON c.${column} = r.digest
    WHERE r.algorithm = +? AND r.on_exhibit = 1 AND r.content <> c.id ORDER BY r.rowid`
}

function directionsBy(column: string): string {
  return `SELECT DISTINCT lower(hex(c.sha256)) AS sha256, r.direction FROM reference r
    JOIN content c ON c.${column} = r.digest
    WHERE r.algorithm = +? AND r.on_exhibit = 1 AND r.content <> c.id AND r.direction IS NOT NULL`
}

/** What references say of contents: `sent`, `received`, `shared`, by the SHA-256 of the content in hex. */
export function directionsOfReferences(
  db: Db,
): readonly { readonly sha256: string; readonly direction: string }[] {
  return Object.entries(COLUMNS).flatMap(([algorithm, columns]) =>
    columns.flatMap((column) =>
      db.prepare<[string], { sha256: string; direction: string }>(directionsBy(column)).all(algorithm),
    ),
  )
}

const COLUMNS: Readonly<Record<keyof typeof RECORD_DIGESTS, readonly string[]>> = {
  md5: ['md5'],
  sha1: ['sha1'],
  sha256: ['sha256'],
  ed2k: ['ed2k_red', 'ed2k_blue'],
}

interface Named {
  readonly signs: number[]
  readonly references: number[]
}

export class ContentRecords {
  readonly #db: Db
  readonly #paths: Paths
  /** Built on first use: most ledgers contain no such records. */
  #named: ReadonlyMap<number, Named> | null = null

  constructor(db: Db, paths: Paths) {
    this.#db = db
    this.#paths = paths
  }

  of(content: number): readonly ContentRecord[] {
    this.#named ??= namedContents(this.#db)
    const named = this.#named.get(content)
    if (named === undefined) return NONE
    const one = (table: string, row: number) =>
      this.#db.prepare(`SELECT * FROM ${table} WHERE rowid = +?`).safeIntegers().get(row) as FindingRow
    const copies = new Copies(this.#db, this.#paths)
    const at = (row: FindingRow) => this.#paths.of(copies.representative(Number(row.content)).id)
    const references = named.references.map((id): ContentRecord => {
      const row = one('reference', id)
      const { record, direction, when, whenKind, moreTimes } = reference.fromRow(row)
      return { path: at(row), record, direction, when, whenKind, moreTimes, person: null, status: 'live' }
    })
    const signs = named.signs.map((id): ContentRecord => {
      const row = one('sign', id)
      const { what, direction, when, whenKind, moreTimes, person, status } = signFromRow(row)
      return { path: at(row), record: what, direction, when, whenKind, moreTimes, person, status }
    })
    return distinct([...references, ...signs]).slice(0, MOST)
  }
}

/** Removes duplicates: a record that names a content of two lists, or by two digests, counts once. */
function distinct(records: readonly ContentRecord[]): readonly ContentRecord[] {
  const byText = new Map<string, ContentRecord>()
  for (const one of records) {
    const { path, when, moreTimes, ...said } = one
    const times = [when, ...moreTimes.map((time) => time.when)].map((time) => String(time?.ns))
    byText.set(JSON.stringify([path.bytes.toString('latin1'), times, said]), one)
  }
  return [...byText.values()]
}

const NONE: readonly ContentRecord[] = []

function namedContents(db: Db): ReadonlyMap<number, Named> {
  const found = new Map<number, Named>()
  const add = (kind: keyof Named, { content, row }: { readonly content: number; readonly row: number }) => {
    const named = found.get(content) ?? { signs: [], references: [] }
    found.set(content, named)
    if (named[kind].length < MOST) named[kind].push(row)
  }
  const rows = (sql: string, ...bound: string[]) =>
    db.prepare<string[], { content: number; row: number }>(sql).iterate(...bound)
  for (const [algorithm, columns] of Object.entries(COLUMNS))
    for (const column of columns)
      for (const one of rows(ofReferences(column), algorithm)) add('references', one)
  for (const one of rows(OF_SIGNS)) add('signs', one)
  return found
}

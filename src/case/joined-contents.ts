/** Contents of several ledgers, each once, with the findings of all of them. */

import { FINDINGS } from '../findings/index.ts'
import type { Db } from '../ledger/format/database.ts'
import { columnOf, type JoinedRows, type Row, rowsOf } from './joined-rows.ts'

/** Tables whose rows belong to a content; equal rows of two exhibits become one. */
const OF_CONTENTS = [...FINDINGS.map(({ table }) => table), 'sign'] as const

const [ID, SHA256, SUPPRESSED] = ['id', 'sha256', 'suppressed_by'].map((name) =>
  columnOf('content', name),
) as [number, number, number]

export class JoinedContents {
  readonly #rows: JoinedRows
  readonly #idOf
  readonly #show
  #next = 1

  constructor(rows: JoinedRows) {
    this.#rows = rows
    this.#idOf = rows.db.prepare<[Buffer], number>('SELECT id FROM content WHERE sha256 = +?').pluck()
    this.#show = rows.db.prepare('UPDATE content SET suppressed_by = NULL WHERE id = ?')
  }

  /** @returns ids of the joined ledger by those of the ledger */
  add(db: Db): ReadonlyMap<number, number> {
    const ids = new Map<number, number>()
    const isNew = new Set<number>()
    for (const row of rowsOf(db, 'content', 'id')) {
      const known = this.#idOf.get(row[SHA256] as Buffer)
      const id = known ?? this.#next++
      ids.set(Number(row[ID]), id)
      if (known === undefined) {
        isNew.add(id)
        row[ID] = id
        this.#rows.put('content', row)
      } else if (row[SUPPRESSED] === null) this.#show.run(id)
    }
    for (const table of OF_CONTENTS) this.#addRows(db, table, ids, isNew)
    this.#addPreviews(db, ids)
    this.#addExaminations(db, ids)
    return ids
  }

  #addRows(
    db: Db,
    table: (typeof OF_CONTENTS)[number],
    ids: ReadonlyMap<number, number>,
    isNew: ReadonlySet<number>,
  ): void {
    for (const [id, row] of mapped(db, table, ids))
      if (isNew.has(id)) this.#rows.put(table, row)
      else this.#rows.putOnce(table, row)
  }

  /** Cells of the first exhibit that has some. */
  #addPreviews(db: Db, ids: ReadonlyMap<number, number>): void {
    const has = this.#rows.db.prepare<[number], number>('SELECT 1 FROM preview WHERE content = +?').pluck()
    for (const [id, row] of mapped(db, 'preview', ids))
      if (has.get(id) === undefined) this.#rows.put('preview', row)
  }

  /** One result a stage: the one of an exhibit where the stage was done, if there is one. */
  #addExaminations(db: Db, ids: ReadonlyMap<number, number>): void {
    const before = this.#rows.db
      .prepare<[number, unknown], string>('SELECT result FROM examination WHERE content = +? AND stage = +?')
      .pluck()
    const drop = this.#rows.db.prepare('DELETE FROM examination WHERE content = ? AND stage = ?')
    const [stage, result] = [columnOf('examination', 'stage'), columnOf('examination', 'result')]
    for (const [id, row] of mapped(db, 'examination', ids)) {
      const known = before.get(id, row[stage])
      if (known !== undefined && (known !== 'not-done' || row[result] === 'not-done')) continue
      drop.run(id, row[stage])
      this.#rows.put('examination', row)
    }
  }
}

/** Rows of a table with the ids of the joined ledger in the place of their content's. */
export function* mapped(
  db: Db,
  table: Parameters<typeof rowsOf>[1],
  ids: ReadonlyMap<number, number>,
  column = 'content',
): IterableIterator<[id: number, row: Row]> {
  const at = columnOf(table, column)
  for (const row of rowsOf(db, table, 'rowid')) {
    const id = ids.get(Number(row[at]))
    if (id === undefined) continue
    row[at] = id
    yield [id, row]
  }
}

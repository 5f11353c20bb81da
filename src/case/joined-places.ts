/**
 * Entries of several ledgers in one tree: each exhibit is a folder of its name.
 *
 * Members of a container are recorded once, at one copy of it, and follow at every other copy (read/places.ts). A container
 * on two exhibits was opened on both: its members stand in the joined tree once, below the copy of the first exhibit.
 */

import { WHOLE_PATH } from '../ledger/format/as-newest.ts'
import type { Db } from '../ledger/format/database.ts'
import { EXHIBIT_NODE } from '../ledger/format/evidence-tree.ts'
import { mapped } from './joined-contents.ts'
import { columnOf, type JoinedRows, type Row, rowsOf } from './joined-rows.ts'

const NODE = { id: 0, above: 1, step: 2, name: 3 } as const
const PARENT = columnOf('entry', 'parent')
const SLASH = Buffer.from('/')

export class JoinedPlaces {
  readonly #rows: JoinedRows
  readonly #nodeAt
  readonly #isEntry
  readonly #isRead
  readonly #unread
  /** The entry below which the members of a container stand, by the container's content. */
  readonly #openedAt = new Map<number, number>()
  #next = 1

  constructor(rows: JoinedRows) {
    this.#rows = rows
    this.#nodeAt = rows.db
      .prepare<[number, unknown, unknown, number, unknown, unknown], number>(
        `SELECT id FROM entry WHERE above = +? AND step = +? AND name = +?
         UNION ALL SELECT id FROM folder WHERE above = +? AND step = +? AND name = +?`,
      )
      .pluck()
    this.#isEntry = rows.db.prepare<[number], number>('SELECT 1 FROM entry WHERE id = +?').pluck()
    this.#isRead = rows.db
      .prepare<[number], number>('SELECT 1 FROM reading WHERE entry = +? AND content IS NOT NULL')
      .pluck()
    this.#unread = rows.db.prepare('DELETE FROM reading WHERE entry = ?')
  }

  /** First id of the entries that are added next. */
  get next(): number {
    return this.#next
  }

  /** @param contents ids of the joined ledger by those of the ledger */
  add(db: Db, exhibit: string, contents: ReadonlyMap<number, number>): void {
    const read = contentsRead(db, contents)
    const root = this.#next++
    this.#rows.put('folder', [root, EXHIBIT_NODE, 'file', Buffer.from(exhibit)])
    const ids = new Map<number, number>([[EXHIBIT_NODE, root]])
    /** Nodes of a container of this ledger, and the container's content. */
    const inside = new Map<number, number>()
    const kept = new Map<number, number>()
    /** Members that the joined tree has already, from another exhibit. */
    const known = new Map<number, number>()
    for (const { table, row } of nodes(db)) {
      const [own, above] = [Number(row[NODE.id]), Number(row[NODE.above])]
      const container = read.get(above) ?? inside.get(above)
      const isMember = container !== undefined && isBelowFile(table, row)
      if (isMember) inside.set(own, container)
      const at =
        isMember && read.get(above) === container
          ? this.#openedBelow(container, ids.get(above)!)
          : ids.get(above)
      if (at === undefined) throw new RangeError(`node ${own} does not lie below an earlier one`)
      const same = isMember
        ? this.#nodeAt.get(at, row[NODE.step], row[NODE.name], at, row[NODE.step], row[NODE.name])
        : undefined
      if (same !== undefined && (table === 'folder' || this.#isEntry.get(same) !== undefined)) {
        ids.set(own, same)
        if (table === 'entry') known.set(own, same)
        continue
      }
      const id = this.#next++
      ids.set(own, id)
      if (table === 'entry') kept.set(own, id)
      this.#put(table, row, id, at, contents)
    }
    const at = columnOf('reading', 'content')
    for (const [, row] of mapped(db, 'reading', kept, 'entry')) {
      if (row[at] !== null) row[at] = contents.get(Number(row[at])) ?? null
      this.#rows.put('reading', row)
    }
    for (const [entry, row] of mapped(db, 'reading', known, 'entry')) {
      if (row[at] === null || this.#isRead.get(entry) !== undefined) continue
      row[at] = contents.get(Number(row[at])) ?? null
      this.#unread.run(entry)
      this.#rows.put('reading', row)
    }
    for (const table of ['second_times', 'entry_score', 'entry_attribute'] as const)
      for (const [, row] of mapped(db, table, kept, 'entry')) this.#rows.put(table, row)
  }

  #openedBelow(container: number, here: number): number {
    const before = this.#openedAt.get(container)
    if (before !== undefined) return before
    this.#openedAt.set(container, here)
    return here
  }

  #put(
    table: 'entry' | 'folder',
    row: Row,
    id: number,
    above: number,
    contents: ReadonlyMap<number, number>,
  ): void {
    row[NODE.id] = id
    row[NODE.above] = above
    // An entry of formats 1 and 2 has its whole path as its name.
    if (row[NODE.step] === WHOLE_PATH) row[NODE.name] = Buffer.concat([SLASH, row[NODE.name] as Buffer])
    if (table === 'entry' && row[PARENT] !== null) row[PARENT] = contents.get(Number(row[PARENT])) ?? null
    this.#rows.put(table, row)
  }
}

/** Contents of the joined ledger by the entries of a ledger. */
function contentsRead(db: Db, contents: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const sql = 'SELECT entry, content FROM reading WHERE content IS NOT NULL'
  const read = new Map<number, number>()
  for (const [entry, content] of db.prepare<[], [number, number]>(sql).raw().iterate())
    read.set(entry, contents.get(content)!)
  return read
}

/** A name below a file that was read lies inside it; an entry says so by its parent. */
function isBelowFile(table: 'entry' | 'folder', row: Row): boolean {
  return table === 'folder' || row[PARENT] !== null
}

/** Entries and folders in the order of their ids: a node comes after the node above it. */
function* nodes(db: Db): IterableIterator<{ readonly table: 'entry' | 'folder'; readonly row: Row }> {
  const [entries, folders] = [rowsOf(db, 'entry', 'id'), rowsOf(db, 'folder', 'id')]
  let [entry, folder] = [entries.next(), folders.next()]
  while (!entry.done || !folder.done) {
    const isEntry =
      folder.done || (!entry.done && Number(entry.value[NODE.id]) < Number(folder.value[NODE.id]))
    if (isEntry) {
      yield { table: 'entry', row: entry.value as Row }
      entry = entries.next()
    } else {
      yield { table: 'folder', row: folder.value as Row }
      folder = folders.next()
    }
  }
}

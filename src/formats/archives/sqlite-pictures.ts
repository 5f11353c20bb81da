/**
 * Extracts pictures and videos from rows of a database. Messengers and browsers keep thumbnails there whose originals
 * may be deleted. The content of a value tells whether it is a picture, or a container or a text with one, in any table. In a
 * known table, the member has the name of the file that the thumbnail shows. The names of members from deleted rows
 * start with `deleted`.
 */
import { hash } from 'node:crypto'
import { companionFilesIn } from '../../wire/companion-names.ts'
import { type DatabaseState, stateOf } from '../sqlite/database-state.ts'
import { isEncryptedBehindHeader } from '../sqlite/encrypted-pages.ts'
import { keyedRows } from '../sqlite/keyed-rows.ts'
import {
  NotSqlite,
  type SqliteFile,
  type SqlRow,
  type SqlTable,
  type SqlValue,
} from '../sqlite/sqlite-file.ts'
import {
  type Beside,
  type Budget,
  ContainerDamaged,
  ContainerEncrypted,
  type Extractor,
  type Member,
  NO_COMPANIONS,
  wholeOf,
} from './common/container.ts'
import { deletedPictures } from './deleted-pictures.ts'
import { writtenName } from './embedded/written.ts'
import { isQuickLook, QUICK_LOOK_DATA, quickLookMembers } from './quick-look.ts'
import { shownFiles } from './shown-files.ts'
import { heldIn, mayHold } from './value-pictures.ts'

export const sqlitePictures: Extractor = {
  id: 'sqlite',
  mediaTypes: ['application/x-sqlite3'],
  inMemory: true,
  async *members(source, budget, beside = NO_COMPANIONS) {
    const bytes = wholeOf(source)
    if (isEncryptedBehindHeader(bytes)) throw new ContainerEncrypted()
    const state = opened(bytes, beside)
    const { file } = state
    const all = file.allTables()
    const tables = all.filter(({ storedAs }) => storedAs === null)
    const named = shownFiles(file, tables)
    const seen = new Set<string>()
    for (const table of all)
      for (const { rowid, values, offset } of rowsOf(file, table))
        for (const [i, value] of values.entries())
          for (const { bytes: held, number } of heldIn(value, budget)) {
            seen.add(hash('sha1', held))
            const shown = named(table, (column) => columnOf(table, rowid, values, column))
            const row = rowOf(rowid, offset)
            const name = `${table.name} ${row} ${table.columns[i] ?? i}`
            yield member(number === null ? name : `${name} ${writtenName(number, held)}`, shown, held, budget)
          }
    const search = { isCut: false }
    for (const { table, rowid, values, offset, column, bytes } of deletedPictures(state, tables, search)) {
      const digest = hash('sha1', bytes)
      // A moved or changed row leaves copies of live data, and one row may leave several copies.
      if (seen.has(digest)) continue
      seen.add(digest)
      const shown = named(table, (name) => columnOf(table, rowid, values, name))
      const row = rowOf(rowid, offset)
      const of = member(
        `deleted ${table.name} ${row} ${table.columns[column] ?? column}`,
        shown,
        bytes,
        budget,
      )
      yield { ...of, isDeleted: true }
    }
    const thumbnails = beside.get(QUICK_LOOK_DATA)
    if (thumbnails && isQuickLook(tables)) yield* quickLookMembers(file, tables, thumbnails, budget)
    if (file.damagedPages > 0)
      throw new ContainerDamaged({ code: 'records-unreadable', params: { records: file.damagedPages } })
    if (search.isCut) throw new ContainerDamaged({ code: 'deleted-rows-left', params: {} })
    if (state.isLogUnread) throw new ContainerDamaged({ code: 'log-not-read', params: {} })
  },
}

function opened(bytes: Buffer, beside: Beside): DatabaseState {
  try {
    return stateOf(bytes, companionFilesIn([...beside].map(([name, of]) => ({ name, bytes: of }))))
  } catch (cause) {
    if (cause instanceof NotSqlite)
      throw new ContainerDamaged({ code: 'ends-inside-header', params: {} }, { cause })
    throw cause
  }
}

function rowsOf(file: SqliteFile, table: SqlTable): Iterable<SqlRow> {
  const wants = (types: readonly number[]) => types.some(mayHold)
  return table.storedAs === null ? file.rows(table.rootPage, wants) : keyedRows(file, table, wants)
}

/** A row without a number is named by its offset. */
function rowOf(rowid: bigint | null, offset: number): string {
  return rowid === null ? `at ${offset}` : String(rowid)
}

function columnOf(
  table: SqlTable,
  rowid: bigint | null,
  values: readonly SqlValue[],
  column: string,
): SqlValue {
  const at = table.columns.indexOf(column)
  return at === table.rowidColumn && rowid !== null ? Number(rowid) : (values[at] ?? null)
}

function member(name: string, shown: string | null, bytes: Buffer, budget: Budget): Member {
  budget.entry()
  return {
    kind: 'embedded',
    name: Buffer.from(shown === null ? name : `${name} ${shown}`),
    entryKind: 'file',
    sizeBytes: BigInt(bytes.length),
    modified: null,
    linkTarget: null,
    read: async () => {
      budget.charge(bytes.length)
      return bytes
    },
  }
}

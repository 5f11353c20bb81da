/**
 * Pictures and videos that stand in rows of a database, as messengers and browsers keep thumbnails of what may be gone. What is one
 * is told by its content, in whatever table; where a table is known, the name is that of the file which it shows.
 */

import { lookOf } from '../../media-types/applies.ts'
import { identify } from '../../media-types/index.ts'
import { NotSqlite, SqliteFile, type SqlTable, type SqlValue } from '../../sqlite-file/sqlite-file.ts'
import { newerPages } from '../artefacts/sqlite-wal.ts'
import {
  type Budget,
  ContainerDamaged,
  type Member,
  NOTHING_BESIDE,
  type Opener,
  wholeOf,
} from './container.ts'
import { shownFiles } from './shown-files.ts'

export const sqlitePictures: Opener = {
  id: 'sqlite',
  mediaTypes: ['application/x-sqlite3'],
  inMemory: true,
  async *members(source, budget, beside = NOTHING_BESIDE) {
    const log = [...beside.values()][0]
    const file = opened(wholeOf(source), log)
    const tables = file.tables()
    const named = shownFiles(file, tables)
    for (const table of tables) yield* picturesIn(file, table, (row) => named(table, row), budget)
    if (file.damagedPages > 0)
      throw new ContainerDamaged({ code: 'records-unreadable', params: { records: file.damagedPages } })
  },
}

function opened(bytes: Buffer, log: Buffer | undefined): SqliteFile {
  try {
    return new SqliteFile(bytes, (log && newerPages(log))?.pages)
  } catch (cause) {
    if (cause instanceof NotSqlite)
      throw new ContainerDamaged({ code: 'ends-inside-header', params: {} }, { cause })
    throw cause
  }
}

/** No picture is smaller. */
const LEAST_BYTES = 32
const LEAST_TYPE = 12 + LEAST_BYTES * 2

/** Types of values that are bytes are even, from twelve on. */
function mayHold(types: readonly number[]): boolean {
  return types.some((type) => type >= LEAST_TYPE && type % 2 === 0)
}

type NameOf = (get: (column: string) => SqlValue) => string | null

function* picturesIn(file: SqliteFile, table: SqlTable, nameOf: NameOf, budget: Budget): Generator<Member> {
  for (const { rowid, values } of file.rows(table.rootPage, mayHold))
    for (const [i, value] of values.entries()) {
      if (!Buffer.isBuffer(value) || !isPicture(value)) continue
      const get = (column: string) => {
        const at = table.columns.indexOf(column)
        return at === table.rowidColumn ? Number(rowid) : (values[at] ?? null)
      }
      const shown = nameOf(get)
      budget.entry()
      yield {
        kind: 'embedded',
        name: Buffer.from(
          `${table.name} ${rowid} ${table.columns[i] ?? i}${shown === null ? '' : ` ${shown}`}`,
        ),
        entryKind: 'file',
        sizeBytes: BigInt(value.length),
        modified: null,
        linkTarget: null,
        read: async () => {
          budget.charge(value.length)
          return value
        },
      }
    }
}

function isPicture(bytes: Buffer): boolean {
  if (bytes.length < LEAST_BYTES || !BEGINNINGS.some(([at, begins]) => starts(bytes, at, begins)))
    return false
  return lookOf(identify(bytes.subarray(0, HEAD_BYTES), bytes.length).mediaType) !== null
}

const HEAD_BYTES = 4096

/** JPEG, PNG, GIF, RIFF (WebP), boxes (HEIC, MP4), Matroska, TIFF; what is told by less is not believed of a few bytes in a row. */
const BEGINNINGS: readonly (readonly [offset: number, bytes: Buffer])[] = [
  [0, Buffer.from('ffd8ff', 'hex')],
  [0, Buffer.from('89504e47', 'hex')],
  [0, Buffer.from('GIF8')],
  [0, Buffer.from('RIFF')],
  [4, Buffer.from('ftyp')],
  [0, Buffer.from('1a45dfa3', 'hex')],
  [0, Buffer.from('49492a00', 'hex')],
  [0, Buffer.from('4d4d002a', 'hex')],
]

function starts(bytes: Buffer, at: number, begins: Buffer): boolean {
  for (let i = 0; i < begins.length; i++) if (bytes[at + i] !== begins[i]) return false
  return true
}

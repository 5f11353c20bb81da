/**
 * NSRL RDSv3, a SQLite database: minimal (table FILE) or full (table METADATA with a view FILE).
 *
 * Every row of FILE is read, and duplicates are counted here: SQLite would sort tens of gigabytes in a temporary file
 * for distinct rows.
 * Its only meaning is "known". A delta is SQL and no list; it is never run.
 */
import type Database from 'better-sqlite3'
import { UsageError } from '../../base/errors.ts'
import { type AlgorithmPlace, decodeHexText, MD5, SHA1, SHA256 } from '../records/algorithms.ts'
import type { Detection, HashSetFormat, ReadOptions } from '../records/format.ts'
import type { ListFile } from '../records/list-file.ts'
import { RecordBatch } from '../records/record-batch.ts'
import { columnsOf, isSqlite, openSqliteList, readQuery, requireSoundTable } from './sqlite-list.ts'

/** Tables with hashes, in the order of search; the size has two names. */
const TABLES = ['FILE', 'METADATA', 'DISTINCT_HASH'] as const
const DIGESTS: readonly AlgorithmPlace[] = [SHA256, SHA1, MD5]

export const nsrlRds3: HashSetFormat = {
  id: 'nsrl-rds3',
  title: 'NSRL RDSv3 (SQLite, minimal or full)',

  detect(head: Buffer, _fileSize: number, path: string): Detection {
    if (!isSqlite(head)) return { matches: false, reason: 'not a SQLite database' }
    const database = openSqliteList(path)
    try {
      const found = findTable(database)
      return found === null
        ? {
            matches: false,
            reason: 'a SQLite database without FILE, METADATA or DISTINCT_HASH that hold digests',
          }
        : { matches: true, reason: `a SQLite database whose ${found.table} has ${found.columns.join(', ')}` }
    } finally {
      database.close()
    }
  },

  async *read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
    const database = openSqliteList(file.path)
    const found = findTable(database)
    if (found === null)
      throw new UsageError('The database has no table FILE, METADATA or DISTINCT_HASH with digests.')
    readVersion(database, file, options)
    const batch = new RecordBatch()
    const { table, digests, size } = found
    const columns = [...digests.map((place) => place.name), ...(size === null ? [] : [size])]
    yield* readQuery(file, database, columns, table, batch, (values, row) => {
      let present = 0
      let unread: string | null = null
      for (let i = 0; i < digests.length; i++) {
        const value = values[i]
        const place = digests[i]!
        if (value === null || value === '') continue
        if (
          typeof value !== 'string' ||
          value.length !== place.bytes * 2 ||
          !decodeHexText(value, batch.digests, batch.offset(place), place.bytes)
        )
          unread ??= `column ${place.name} holds no ${place.title} digest`
        else present |= place.bit
      }
      const bytes = size === null ? null : values[digests.length]
      const isSize = typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0
      if (present === 0) {
        batch.reject(row, unread ?? 'no digest in the row')
        return
      }
      if (unread !== null) batch.unread.push({ line: row, reason: unread })
      batch.keep(row, present, isSize ? bytes : Number.NaN, null, null)
    })
  },
}

function findTable(database: Database.Database) {
  for (const table of TABLES) {
    const columns = columnsOf(database, table)
    const digests = DIGESTS.filter((place) => columns.includes(place.name))
    if (digests.length === 0) continue
    const size = ['file_size', 'bytes'].find((name) => columns.includes(name)) ?? null
    return { table, digests, size, columns: digests.map((place) => place.name) }
  }
  return null
}

const FACTS = ['version', 'build_set', 'build_date', 'release_date', 'description']

/** Table VERSION contains the list's name and edition. */
function readVersion(database: Database.Database, file: ListFile, options: ReadOptions): void {
  const columns = columnsOf(database, 'VERSION')
  if (!columns.includes('version')) return
  requireSoundTable(file.path, 'VERSION')
  const said = FACTS.filter((name) => columns.includes(name)).map(
    (name) => `substr(${name}, 1, 1000) AS ${name}`,
  )
  const row = database.prepare(`SELECT ${said.join(', ')} FROM VERSION LIMIT 1`).get() as
    | Record<string, unknown>
    | undefined
  if (row === undefined) return
  const text = (name: string) => String(row[name] ?? '').trim()
  const edition = [text('version'), text('release_date') && `released ${text('release_date')}`]
  options.onFacts?.({
    name: `NSRL RDS ${text('build_set')}`.trim(),
    edition: edition.filter((part) => part !== '').join(', '),
    ...(text('description') === '' ? {} : { note: text('description').slice(0, 1000) }),
  })
}

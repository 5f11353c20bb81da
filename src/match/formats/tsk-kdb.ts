/** The Sleuth Kit's and Autopsy's hash database (.kdb): SQLite with digests as blobs. Its names and comments stay there. */
import { UsageError } from '../../base/errors.ts'
import { type AlgorithmPlace, MD5, SHA1, SHA256 } from '../records/algorithms.ts'
import type { Detection, HashSetFormat } from '../records/format.ts'
import type { ListFile } from '../records/list-file.ts'
import { RecordBatch } from '../records/record-batch.ts'
import { columnsOf, isSqlite, openSqliteList, readQuery } from './sqlite-list.ts'

const COLUMNS: readonly (readonly [string, AlgorithmPlace])[] = [
  ['md5', MD5],
  ['sha1', SHA1],
  ['sha2_256', SHA256],
]

export const tskKdb: HashSetFormat = {
  id: 'tsk-kdb',
  title: 'Sleuth Kit hash database (.kdb, SQLite)',

  detect(head: Buffer, _fileSize: number, path: string): Detection {
    if (!isSqlite(head)) return { matches: false, reason: 'not a SQLite database' }
    const database = openSqliteList(path)
    try {
      const columns = columnsOf(database, 'hashes')
      const matches =
        COLUMNS.every(([name]) => columns.includes(name)) && columnsOf(database, 'db_properties').length > 0
      return {
        matches,
        reason: matches
          ? 'a SQLite database with hashes(md5, sha1, sha2_256) and db_properties'
          : 'a SQLite database without the tables of a .kdb',
      }
    } finally {
      database.close()
    }
  },

  async *read(file: ListFile): AsyncGenerator<RecordBatch> {
    const database = openSqliteList(file.path)
    if (columnsOf(database, 'hashes').length === 0)
      throw new UsageError('The database has no table "hashes".')
    const batch = new RecordBatch()
    yield* readQuery(
      file,
      database,
      COLUMNS.map(([name]) => name),
      'hashes',
      batch,
      (values, row) => {
        let present = 0
        let unread: string | null = null
        for (const [i, [name, place]] of COLUMNS.entries()) {
          const value = values[i]
          if (value === null) continue
          if (!Buffer.isBuffer(value) || value.length !== place.bytes) {
            unread ??= `column ${name} is not ${place.bytes} bytes`
            continue
          }
          batch.digests.set(value, batch.offset(place))
          present |= place.bit
        }
        if (present === 0) {
          batch.reject(row, unread ?? 'no digest in the row')
          return
        }
        if (unread !== null) batch.unread.push({ line: row, reason: unread })
        batch.keep(row, present, Number.NaN, null, null)
      },
    )
  },
}

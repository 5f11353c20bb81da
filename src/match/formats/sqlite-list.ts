/**
 * Opens a hash list that is a SQLite database, and never writes beside it.
 *
 * A database in WAL mode cannot be opened on a read-only medium, and elsewhere SQLite would create files beside it. It
 * is read from memory with a patched header, and refused when a write-ahead log contains part of it.
 *
 * A crafted file can keep SQLite busy without end: by computed parts (views, generated columns, checks), and by pages
 * that are used repeatedly. Computed parts are never queried. Pages are walked before SQLite reads them: first those
 * that it reads when it opens a file, then those of a table before its rows are read.
 */
import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { soundPages, UnsoundPages } from '../../formats/sqlite/sound-pages.ts'
import type { ListFile } from '../records/list-file.ts'
import type { RecordBatch } from '../records/record-batch.ts'

const MAGIC = 'SQLite format 3\0'
const HEADER_BYTES = 100
/** @see https://www.sqlite.org/fileformat.html, offsets 16, 18, 19, 28 and 92 */
const [PAGE_SIZE_AT, WRITE_VERSION_AT, READ_VERSION_AT, PAGE_COUNT_AT, CHANGE_AT, VALID_FOR_AT] = [
  16, 18, 19, 28, 24, 92,
]
const ROLLBACK = 1
const WAL = 2
/** Read whole into memory, and checked for inner damage, up to this size. */
const SMALL_BYTES = 1024 * 1024 * 1024

export function isSqlite(head: Buffer): boolean {
  return head.subarray(0, MAGIC.length).toString('latin1') === MAGIC
}

/** @throws UsageError when it is truncated or damaged, or part of it is in another file */
export function openSqliteList(path: string): Database.Database {
  const { header, sizeBytes } = readHeader(path)
  for (const suffix of ['-wal', '-journal']) {
    if ((statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0) > 0) {
      throw new UsageError(
        `${path} is not complete without ${path}${suffix}: a program has it open or left it so. Close it there, or open and close a copy with sqlite3.`,
      )
    }
  }
  checkLength(path, header, sizeBytes)
  const isWal = header[WRITE_VERSION_AT] === WAL || header[READ_VERSION_AT] === WAL
  if (isWal && sizeBytes > SMALL_BYTES) {
    throw new UsageError(
      `${path} is in WAL mode and larger than 1 GiB. Run "PRAGMA journal_mode=DELETE" on a copy with sqlite3 and use that.`,
    )
  }
  try {
    for (const _ of walked(path, []));
    const database = isWal
      ? new Database(withRollbackHeader(path), { readonly: true })
      : new Database(path, { readonly: true, fileMustExist: true })
    database.pragma('trusted_schema = OFF')
    database.pragma('query_only = ON')
    // The check below would evaluate them.
    database.pragma('ignore_check_constraints = ON')
    requireNothingComputed(database, path)
    if (sizeBytes <= SMALL_BYTES) {
      const checked = database.pragma('quick_check(1)', { simple: true }) as string
      if (checked !== 'ok') throw new UsageError(`The SQLite list ${path} is damaged: ${checked}.`)
    }
    return database
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(`The SQLite list ${path} cannot be read: ${(cause as Error).message}.`, { cause })
  }
}

/** Walks the pages that SQLite reads when it opens the file, and those of `tables`. @throws UsageError */
function* walked(path: string, tables: readonly string[]): Generator<number> {
  const file = openSync(path, 'r')
  const names = tables.map((table) => table.toLowerCase())
  try {
    yield* soundPages(file, ({ table }) => names.includes(table))
  } catch (cause) {
    if (!(cause instanceof UnsoundPages)) throw cause
    throw new UsageError(
      `The SQLite list ${path} is damaged, or was made to keep a reader busy: ${cause.message}. Nothing more is asked of this file.`,
      { cause },
    )
  } finally {
    closeSync(file)
  }
}

/** Walks the pages of one table at once. @throws UsageError */
export function requireSoundTable(path: string, table: string): void {
  for (const _ of walked(path, [table]));
}

/** @throws UsageError where any table has a computed column: checks and `*` would compute it */
function requireNothingComputed(database: Database.Database, path: string): void {
  const computed = database
    .prepare(
      `SELECT s.name FROM sqlite_schema AS s, pragma_table_xinfo(s.name) AS x
       WHERE s.type = 'table' AND s.sql LIKE 'CREATE TABLE%' AND x.hidden IN (2, 3) LIMIT 1`,
    )
    .pluck()
    .get() as string | undefined
  if (computed !== undefined)
    throw new UsageError(
      `The SQLite list ${path} is not read: its table ${printText(computed)} has a column that is computed.`,
    )
}

/**
 * Names of the columns that a table stores, in lower case; empty when there is no such table.
 * A view, a virtual table or a computed column runs code of the list's author without a time limit, so these are left
 * out.
 */
export function columnsOf(database: Database.Database, table: string): readonly string[] {
  const stored = database
    .prepare(
      "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE AND sql LIKE 'CREATE TABLE%'",
    )
    .get(table)
  if (stored === undefined) return []
  const rows = database
    .prepare('SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0')
    .pluck()
    .all(table) as string[]
  return rows.map((name) => name.toLowerCase())
}

/**
 * Reads a table: calls `keep` for each row with its number, and yields the batch when full.
 * @throws UsageError with the row at which the database proved damaged
 */
export async function* readQuery(
  file: ListFile,
  database: Database.Database,
  columns: readonly string[],
  table: string,
  batch: RecordBatch,
  keep: (values: readonly unknown[], row: number) => void,
): AsyncGenerator<RecordBatch> {
  let row = 0
  try {
    // SQLite's own check of a small file finds them too.
    if (file.sizeBytes > SMALL_BYTES)
      for (const _ of walked(file.path, [table])) await new Promise(setImmediate)
    const expected = expectedRows(database, table)
    const rows = database
      .prepare(`SELECT ${columns.map(bounded).join(', ')} FROM ${table} NOT INDEXED`)
      .raw()
      .iterate() as IterableIterator<unknown[]>
    for (const values of rows) {
      keep(values, ++row)
      if (!batch.full) continue
      file.bytesShown = file.sizeBytes * Math.min(1, row / expected)
      yield batch
      batch.clear()
      // Rows come synchronously; this lets signals and the display in.
      await new Promise(setImmediate)
    }
  } catch (cause) {
    if ((cause as { code?: string }).code?.startsWith('SQLITE') !== true) throw cause
    throw new UsageError(`The SQLite list cannot be read after row ${row}: ${(cause as Error).message}.`, {
      cause,
    })
  } finally {
    database.close()
  }
  if (batch.rows > 0) yield batch
  batch.clear()
}

/** Longer than any digest or size. */
const LONGEST_VALUE_BYTES = 4096

/** Null where the value is longer: a value can be as long as the file. */
function bounded(column: string): string {
  return `CASE WHEN octet_length(${column}) <= ${LONGEST_VALUE_BYTES} THEN ${column} END`
}

/** For progress only: the largest row number, which SQLite knows without counting. A view has none. */
function expectedRows(database: Database.Database, table: string): number {
  const isTable =
    database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== undefined
  const largest = isTable ? database.prepare(`SELECT max(rowid) FROM ${table}`).pluck().get() : null
  return typeof largest === 'number' && largest > 0 ? largest : Number.POSITIVE_INFINITY
}

function readHeader(path: string): { header: Buffer; sizeBytes: number } {
  const fd = openSync(path, 'r')
  try {
    const header = Buffer.alloc(HEADER_BYTES)
    readSync(fd, header, 0, HEADER_BYTES, 0)
    return { header, sizeBytes: fstatSync(fd).size }
  } finally {
    closeSync(fd)
  }
}

/** The header counts pages; SQLite itself reads a shorter file as far as it goes. */
function checkLength(path: string, header: Buffer, sizeBytes: number): void {
  const stated = header.readUInt16BE(PAGE_SIZE_AT)
  const pageSize = stated === 1 ? 65_536 : stated
  const pages = header.readUInt32BE(PAGE_COUNT_AT)
  const isValid = pages > 0 && header.readUInt32BE(CHANGE_AT) === header.readUInt32BE(VALID_FOR_AT)
  if (sizeBytes < HEADER_BYTES || (isValid && sizeBytes < pages * pageSize)) {
    throw new UsageError(`The SQLite list ${path} is truncated: ${sizeBytes} bytes of ${pages * pageSize}.`)
  }
}

function withRollbackHeader(path: string): Buffer {
  const bytes = readFileSync(path)
  bytes[WRITE_VERSION_AT] = ROLLBACK
  bytes[READ_VERSION_AT] = ROLLBACK
  return bytes
}

/**
 * Opens SQLite files with the settings that a ledger needs. A change of a pragma here changes which data a crash can
 * lose.
 *
 * Frequent queries compare with `+?`, not `?`. SQLite is built with STAT4 here: where a bound value could change the
 * plan (a join, an index that is not unique), SQLite plans the query again at every call. That costs ten times as much
 * as reading a row. The plus sign tells SQLite that the value cannot change the plan.
 */

import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { LedgerDamaged, TryAgain, UsageError } from '../../base/errors.ts'

export type Db = Database.Database

export const FORMAT_VERSION = 4
/** Migration files that create an empty file of each version, version 1 first. */
const MIGRATIONS = [['0001.sql'], ['0001.sql', '0002.sql'], ['0003.sql'], ['0003.sql', '0004.sql']]
/** "SEIZ": the application id that `file` and SQLite's header show for a ledger. */
export const APPLICATION_ID = 0x5345495a

/** The SQL statements that create an empty ledger of a version, by default the newest. */
export function schemaSql(version = FORMAT_VERSION): string {
  return MIGRATIONS[version - 1]!.map(migrationSql).join('\n')
}

export function migrationSql(file: string): string {
  return readFileSync(new URL(`./migrations/${file}`, import.meta.url), 'utf8')
}

/**
 * Folds the log (WAL or journal) next to a file into the file, or rolls back an unfinished transaction. This function
 * does not read the schema, so SQLite follows no page but the first.
 * @param first called before anything is written
 */
export function foldLogIn(path: string, first?: (db: Db) => void): void {
  const db = new Database(path, { fileMustExist: true, timeout: 500 })
  try {
    db.pragma('locking_mode = EXCLUSIVE')
    first?.(db)
    db.exec('BEGIN IMMEDIATE; COMMIT')
  } finally {
    db.close()
  }
}

/**
 * Creates a file that contains only the empty tables, in one-file mode: once closed, it needs no log. The file is not
 * durable yet; the caller syncs it before it gives the file its name.
 */
export function createDatabase(path: string): Db {
  return translating(path, () => {
    const db = new Database(path)
    setUp(db)
    db.pragma('journal_mode = MEMORY')
    db.pragma('synchronous = OFF')
    db.exec(`BEGIN; ${schemaSql()} COMMIT;`)
    return db
  })
}

/** @returns the version of its format */
export function requireLedger(db: Db, path: string): number {
  const id = db.pragma('application_id', { simple: true })
  const version = db.pragma('user_version', { simple: true }) as number
  if (id !== APPLICATION_ID) throw new LedgerDamaged(`${path} is not a ledger of seized`)
  if (!isKnownVersion(version))
    throw new LedgerDamaged(
      `${path} has ledger format ${version}; this version reads formats 1 to ${FORMAT_VERSION}`,
    )
  return version
}

export function isKnownVersion(version: number): boolean {
  return version >= 1 && version <= FORMAT_VERSION
}

/** Runs `work`, and turns an error of SQLite into a message that tells the user what to do. */
export function translating<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw isSqliteError(error) ? translated(path, error) : error
  }
}

/** The same for work that runs in steps. */
export function* translatingSteps<T, R>(path: string, steps: Generator<T, R>): Generator<T, R> {
  try {
    return yield* steps
  } catch (error) {
    throw isSqliteError(error) ? translated(path, error) : error
  }
}

export function setUp(db: Db): void {
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  // Without it, INSERT OR REPLACE deletes a row and no trigger fires.
  db.pragma('recursive_triggers = ON')
  db.pragma('trusted_schema = OFF')
}

/**
 * The same for code that interprets values of a ledger. Tables are STRICT and the schema was compared, so a value that
 * cannot be interpreted here is one that no run writes: the ledger is damaged or forged.
 */
export function reading<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw readError(path, error)
  }
}

/** The same for rows that are read one at a time. */
export function* readingAll<T>(path: string, rows: Iterable<T>): IterableIterator<T> {
  try {
    yield* rows
  } catch (error) {
    throw readError(path, error)
  }
}

function readError(path: string, error: unknown): unknown {
  // An error in a function of SQLite (malformed JSON) has no code of its own.
  const isValue = isSqliteError(error) && error.code === 'SQLITE_ERROR'
  if (isSqliteError(error) && !isValue) return translated(path, error)
  if (isValue || error instanceof RangeError || error instanceof TypeError || error instanceof SyntaxError)
    return new LedgerDamaged(`${path} is damaged: it holds a value that no run writes (${error.message})`, {
      cause: error,
    })
  return error
}

interface SqliteError extends Error {
  readonly code: string
}

export function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Database.SqliteError
}

function translated(path: string, cause: SqliteError): Error {
  const code = cause.code
  if (code.startsWith('SQLITE_BUSY'))
    return new TryAgain(
      `${path}: another seized process has this ledger open; wait for it to end or use another ledger`,
      'ledger-busy',
      { cause },
    )
  if (code === 'SQLITE_IOERR_NOMEM' || code === 'SQLITE_NOMEM')
    return new TryAgain(
      `${path}: this machine has too little memory left (${cause.message}); make room, then go on`,
      'machine-short',
      { cause },
    )
  if (code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR'))
    return new TryAgain(
      `${path}: the ledger could not be written (${code === 'SQLITE_FULL' ? 'the disk is full' : cause.message}); ` +
        'nothing that was recorded is lost: make room, then run "seized resume"',
      'disk-full',
      { cause },
    )
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT'))
    return new LedgerDamaged(`${path} is damaged or not a ledger (${cause.message})`, { cause })
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY'))
    return new UsageError(`${path}: the ledger could not be opened for writing (${cause.message})`, { cause })
  return cause
}

/**
 * Opens a ledger for reading without writing a byte, neither to the file nor next to it.
 *
 * A closed ledger is one file in rollback mode, which SQLite reads in place. After a crash the log remains as a
 * companion file. SQLite would fold that log into the ledger, which only the writer may do; so a private copy of both
 * files is read instead.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { LedgerDamaged, UsageError } from '../../base/errors.ts'
import { showAsNewest } from './as-newest.ts'
import { type Db, foldLogIn, isSqliteError, translating } from './database.ts'
import { requireSchema } from './schema.ts'
import { requireSoundPages } from './sound.ts'

export interface ReadableDatabase {
  readonly db: Db
  /** Closes the database and removes the private copy, if there was one. */
  close(): void
}

/** State of the file's first bytes and of its companion files, read before SQLite opens the file. */
export interface FileState {
  readonly isSqlite: boolean
  /**
   * True when the header states that changes go to a log next to the file (bytes 18 and 19, SQLite file format
   * §1.3.3).
   */
  readonly walMode: boolean
  readonly log: boolean
  readonly journal: boolean
}

export function fileState(path: string): FileState {
  const header = Buffer.alloc(20)
  const file = openSync(path, 'r')
  try {
    readSync(file, header, 0, header.length, 0)
  } finally {
    closeSync(file)
  }
  return {
    isSqlite: header.toString('latin1', 0, 16) === 'SQLite format 3\0',
    walMode: header[18] !== 1 || header[19] !== 1,
    log: hasBytes(`${path}-wal`),
    journal: hasBytes(`${path}-journal`),
  }
}

/** Cache of pages, in KiB, for a process that keeps several connections open: SQLite takes up to 16 MB for each. */
export const SMALL_CACHE_KIB = 2000

/** Copies that this process reads in place of ledgers that a run is writing, by the path of the ledger. */
const inPlaceOf = new Map<string, string>()

/** From now on every reader of this process reads the copy. @returns ends that */
export function readInPlaceOf(path: string, copy: string): () => void {
  inPlaceOf.set(path, copy)
  return () => {
    if (inPlaceOf.get(path) === copy) inPlaceOf.delete(path)
  }
}

/** The file that readers of this ledger read. */
export function pathRead(path: string): string {
  return inPlaceOf.get(path) ?? path
}

/**
 * @param cacheKib most that SQLite keeps of pages; null: as SQLite has it
 * @throws UsageError when the file does not exist or a run is writing to it; LedgerDamaged when it is not a SQLite
 * file
 */
export function openForReading(ledger: string, cacheKib: number | null = null): ReadableDatabase {
  const path = pathRead(ledger)
  if (!existsSync(path)) throw new UsageError(`${path}: there is no such ledger`)
  const state = fileState(path)
  if (!state.isSqlite) throw new LedgerDamaged(`${path} is not a ledger of seized`)
  if (state.log && !state.walMode)
    throw new LedgerDamaged(`${path}-wal does not belong to the ledger that it lies beside: move it away`)
  return translating(path, () => {
    const opened = state.walMode || state.journal ? openCopy(path) : openInPlace(path)
    if (cacheKib !== null) opened.db.pragma(`cache_size = -${cacheKib}`)
    return opened
  })
}

function openInPlace(path: string): ReadableDatabase {
  requireSoundPages(path)
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 1000 })
  try {
    forReading(db)
    requireSchema(db, path)
    if (isSealed(db)) holdLock(db)
    showAsNewest(db)
  } catch (error) {
    db.close()
    throw error
  }
  return { db, close: () => db.close() }
}

function openCopy(path: string): ReadableDatabase {
  requireNoWriter(path)
  const folder = mkdtempSync(join(tmpdir(), 'seized-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const copy = join(folder, 'ledger.sqlite')
    for (const suffix of ['', '-wal', '-journal'])
      if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix)
    foldLogIn(copy)
    requireSoundPages(copy, path)
    const db = new Database(copy, { fileMustExist: true })
    forReading(db)
    requireSchema(db, path)
    holdLock(db)
    showAsNewest(db)
    return {
      db,
      close: () => {
        db.close()
        remove()
      },
    }
  } catch (error) {
    remove()
    throw error
  }
}

/** @throws the error of SQLite when another process writes to the file */
function requireNoWriter(path: string): void {
  const busy = busyWith(path)
  if (busy !== null) throw busy
}

/** True while a run holds the file: from its start until it pauses or ends. */
export function isBeingWritten(path: string): boolean {
  if (!existsSync(path)) return false
  const { isSqlite, walMode } = fileState(path)
  return isSqlite && walMode && busyWith(path) !== null
}

/**
 * A writer holds an exclusive lock on the whole file, so a request for an exclusive lock is refused as busy. Without a
 * writer the request fails on the read-only descriptor instead, before SQLite touches the log.
 */
function busyWith(path: string): Error | null {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 0 })
  try {
    db.pragma('locking_mode = EXCLUSIVE')
    db.pragma('user_version')
    return null
  } catch (error) {
    return isSqliteError(error) && error.code.startsWith('SQLITE_BUSY') ? error : null
  } finally {
    db.close()
  }
}

function forReading(db: Db): void {
  db.pragma('trusted_schema = OFF')
}

/** False for a file that is not a ledger: it has no table `seal`. */
function isSealed(db: Db): boolean {
  const table = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'seal'")
  return table.get() !== undefined && db.prepare('SELECT 1 FROM seal').get() !== undefined
}

/**
 * Keeps the shared lock of the first read until the file is closed. A lock for every query costs eight system calls,
 * more than most queries. Only for a file that no process may write any more; other readers may still read it.
 */
function holdLock(db: Db): void {
  db.pragma('locking_mode = EXCLUSIVE')
}

function hasBytes(path: string): boolean {
  return existsSync(path) && statSync(path).size > 0
}

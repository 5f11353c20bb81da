/**
 * Opens a ledger for its one writer: EXCLUSIVE before WAL keeps the WAL index in memory (no -shm file) and refuses every second opener.
 */
import Database from 'better-sqlite3'
import { UsageError } from '../../base/errors.ts'
import {
  type Db,
  FORMAT_VERSION,
  foldLogIn,
  isSqliteError,
  requireLedger,
  setUp,
  translating,
} from './database.ts'
import { requireSoundPages } from './sound.ts'

const CACHE_KIB = 16 * 1024
/** 4 KiB pages: the log is folded into the file every 16 MiB. */
const CHECKPOINT_PAGES = 4096

/**
 * @param first asked under the lock, before anything is written
 * @throws UsageError when another process has it open; LedgerDamaged when it is no ledger
 */
export function openForWriting(path: string, first?: (db: Db) => void): Db {
  return translating(path, () => {
    foldLogIn(path, (db) => requireLedger(db, path))
    requireSoundPages(path)
    return locked(path, WAIT_MS, (db) => {
      db.exec('BEGIN IMMEDIATE; COMMIT')
      if (requireLedger(db, path) !== FORMAT_VERSION)
        throw new UsageError(
          `${path} was begun by an earlier version of seized: it can be reported and verified, not gone on with. Scan into a new ledger.`,
        )
      first?.(db)
      intoLogMode(db)
    })
  })
}

/**
 * A ledger of this process that has just got its name. Its first connection holds a shared lock, under the name that the file had:
 * this one takes its own beside it before that is let go, so that no other process can write between the two.
 * @param rest lets the first connection go
 * @param first asked under the lock, before anything is written
 */
export function openNamed(path: string, rest: () => void, first: (db: Db) => void): Db {
  return translating(path, () =>
    locked(path, WAIT_MS, (db) => {
      // Reading takes the shared lock, and this way of locking keeps it. Nothing of the file may be opened otherwise until then:
      // closing a descriptor lets all locks go that the process has on the file (POSIX, fcntl).
      requireLedger(db, path)
      first(db)
      rest()
      patiently(() => intoLogMode(db))
    }),
  )
}

const WAIT_MS = 500
/** Others that came meanwhile hold a lock for as long as they wait, and give up before this. */
const OUTWAIT_MS = 20 * WAIT_MS
const BETWEEN_MS = 7

/** SQLite does not wait by itself where two connections would wait for each other. This one keeps its shared lock all the while. */
function patiently(work: () => void): void {
  const until = performance.now() + OUTWAIT_MS
  for (;;)
    try {
      work()
      return
    } catch (error) {
      const isBusy = isSqliteError(error) && error.code.startsWith('SQLITE_BUSY')
      if (!isBusy || performance.now() > until) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BETWEEN_MS)
    }
}

function locked(path: string, timeout: number, begin: (db: Db) => void): Db {
  const db = new Database(path, { fileMustExist: true, timeout })
  try {
    db.pragma('locking_mode = EXCLUSIVE')
    begin(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function intoLogMode(db: Db): void {
  db.pragma('journal_mode = WAL')
  setUp(db)
  db.pragma(`cache_size = -${CACHE_KIB}`)
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  db.exec('BEGIN IMMEDIATE; COMMIT')
}

/**
 * Opens a ledger for its one writer. The EXCLUSIVE locking mode, set before WAL, keeps the WAL index in memory (no
 * -shm file) and refuses every second opener.
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
 * @param first called under the lock, before anything is written
 * @throws UsageError when another process has the file open; LedgerDamaged when it is not a ledger
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
 * Opens a ledger that this process has just renamed to its final name. The first connection holds a shared lock, taken
 * under the temporary name. The new connection takes its own shared lock before the first one is released, so that no
 * other process can write between the two.
 * @param rest releases the first connection
 * @param first called under the lock, before anything is written
 */
export function openNamed(path: string, rest: () => void, first: (db: Db) => void): Db {
  return translating(path, () =>
    locked(path, WAIT_MS, (db) => {
      // The first read takes the shared lock, and the exclusive locking mode keeps it. Until then no other code may
      // open the file: closing a descriptor releases all locks that the process has on the file (POSIX, fcntl).
      requireLedger(db, path)
      first(db)
      rest()
      patiently(() => intoLogMode(db))
    }),
  )
}

const WAIT_MS = 500
/** Other processes that arrive meanwhile hold a lock for as long as they wait, and give up before this time. */
const OUTWAIT_MS = 20 * WAIT_MS
const BETWEEN_MS = 7

/**
 * SQLite does not wait where two connections would wait for each other. This function retries, and the connection
 * keeps its shared lock meanwhile.
 */
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

/**
 * A snapshot of a ledger that a run is writing. The copy takes no lock, so the run neither waits nor notices.
 *
 * A run commits into the log next to the file. From time to time the log is folded into the file, and restarts with
 * other salts in its header. A copy of the file, then of the log, is a valid state of the ledger if the log did not
 * restart meanwhile: pages that were folded in during the copy are still in the log.
 * @see SQLite, "Database File Format", §4.1 and §4.5
 */
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { LedgerDamaged, TryAgain } from '../../base/errors.ts'
import { foldLogIn, translating } from '../format/database.ts'
import {
  isBeingWritten,
  openForReading,
  type ReadableDatabase,
  readInPlaceOf,
} from '../format/open-readonly.ts'
import { requireSoundPages } from '../format/sound.ts'

export interface Snapshot {
  /** Path of the ledger in one file that belongs to this process alone. */
  readonly path: string
  readonly utc: string
  remove(): void
}

/**
 * Maximum number of attempts. A log that restarts more often while the file is copied belongs to a large ledger with a
 * very fast run.
 */
const MOST_TRIES = 20

/** @returns null when no process is writing to the ledger @throws TryAgain when it changes too fast to be copied */
export function snapshotOf(path: string): Snapshot | null {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if (!isBeingWritten(path)) return null
    const folder = mkdtempSync(join(tmpdir(), 'seized-'))
    const remove = () => rmSync(folder, { recursive: true, force: true })
    try {
      const utc = new Date().toISOString()
      const copy = join(folder, 'ledger.sqlite')
      if (!copied(path, copy)) {
        remove()
        continue
      }
      translating(path, () => intoOneFile(copy))
      return { path: copy, utc, remove }
    } catch (error) {
      remove()
      throw error
    }
  }
  throw new TryAgain(
    `${path} changes too fast to be looked at while it is written; ask again, or when its run has ended`,
    'ledger-busy',
  )
}

/** Every reader of this process reads the copy until it is closed; then it is removed. */
export function openSnapshot(ledger: string, { path, remove }: Snapshot): ReadableDatabase {
  const { db, close } = openForReading(path)
  const end = readInPlaceOf(ledger, path)
  return {
    db,
    close: () => {
      close()
      end()
      remove()
    },
  }
}

/** @returns false when the log restarted meanwhile, or the run ended */
function copied(path: string, copy: string): boolean {
  const before = logHeader(path)
  copyFileSync(path, copy, constants.COPYFILE_FICLONE)
  if (before !== null) {
    try {
      copyFileSync(`${path}-wal`, `${copy}-wal`, constants.COPYFILE_FICLONE)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
      throw error
    }
  }
  return logHeader(path) === before
}

/** Length of the log header, which contains its checkpoint number and its salts (§4.1). */
const LOG_HEADER_BYTES = 32

/** Null when there is no log, or the log is empty. */
function logHeader(path: string): string | null {
  const header = Buffer.alloc(LOG_HEADER_BYTES)
  if (!existsSync(`${path}-wal`)) return null
  const file = openSync(`${path}-wal`, 'r')
  try {
    return readSync(file, header, 0, header.length, 0) === 0 ? null : header.toString('hex')
  } finally {
    closeSync(file)
  }
}

function intoOneFile(copy: string): void {
  foldLogIn(copy)
  requireSoundPages(copy)
  const db = new Database(copy, { fileMustExist: true })
  try {
    db.pragma('synchronous = OFF')
    db.pragma('trusted_schema = OFF')
    if (db.pragma('journal_mode = DELETE', { simple: true }) !== 'delete')
      throw new LedgerDamaged(`${copy}: its log could not be folded in`)
  } finally {
    db.close()
  }
}

/** The form of a ledger that is not being written: one file, and read-only once it is sealed. */
import { chmodSync } from 'node:fs'
import { permitted } from '../../base/file-modes.ts'
import type { Db } from '../format/database.ts'

/** Sealed evidence is read-only, for the accounts that may read it at all. */
const PROTECTED_MODE = 0o444

/** A sealed ledger is never written again, so its file mode becomes read-only. */
export function protectSealed(path: string): void {
  chmodSync(path, permitted(PROTECTED_MODE))
}

/** Folds the log into the file: a closed ledger is one file, and a copy of it is then complete. */
export function intoOneFile(db: Db): void {
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.pragma('journal_mode = DELETE')
}

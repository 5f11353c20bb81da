/** What a ledger is when nobody writes it: one file, and read-only once it is sealed. */
import { chmodSync } from 'node:fs'
import { permitted } from '../../base/file-modes.ts'
import type { Db } from '../format/database.ts'

/** Sealed evidence is read-only, for those who may read it at all. */
const PROTECTED_MODE = 0o444

/** A sealed ledger is never written again: the file's mode says so too. */
export function protectSealed(path: string): void {
  chmodSync(path, permitted(PROTECTED_MODE))
}

/** A closed ledger is one file, with no log beside it: what is copied is then whole. */
export function intoOneFile(db: Db): void {
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.pragma('journal_mode = DELETE')
}

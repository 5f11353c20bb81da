/**
 * Opens a file in rollback mode for reading without writing one byte: what a crash left half done is undone in a private copy, which
 * has no name any more when it is read.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { type Db, isSqliteError } from '../format/database.ts'

/** @param timeout how long another process that writes to it is waited for, in milliseconds */
export function openAsItWas(path: string, timeout: number): Db {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout })
  if (!existsSync(`${path}-journal`)) return db
  try {
    // A journal beside it is that of a process that writes now, or one that was killed: this asks which.
    db.pragma('user_version')
    return db
  } catch (error) {
    db.close()
    if (!isSqliteError(error) || error.code !== 'SQLITE_READONLY_ROLLBACK') throw error
    return openUndone(path)
  }
}

function openUndone(path: string): Db {
  const folder = mkdtempSync(join(tmpdir(), 'seized-'))
  try {
    const copy = join(folder, 'custody.sqlite')
    for (const suffix of ['', '-journal']) copyFileSync(path + suffix, copy + suffix)
    const db = new Database(copy, { fileMustExist: true })
    db.pragma('user_version')
    return db
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

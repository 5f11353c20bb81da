/**
 * Opens a file in rollback mode for reading without writing a byte to it. When a crash left a hot journal, the
 * rollback happens in a private copy, whose name is removed before the copy is read.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { type Db, isSqliteError } from '../format/database.ts'

/** @param timeout how long to wait for another process that writes to the file, in milliseconds */
export function openAsItWas(path: string, timeout: number): Db {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout })
  if (!existsSync(`${path}-journal`)) return db
  try {
    // A journal next to the file belongs to a process that is writing now, or to one that was killed. This query tells
    // which.
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

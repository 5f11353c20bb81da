/**
 * How a ledger gets its name: it is created under a temporary name, and locked against every other process while it is
 * renamed. Also removes temporary files that killed runs left behind.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { isAlive } from '../../base/alive.ts'
import { LedgerDamaged, UsageError } from '../../base/errors.ts'
import type { Db } from '../format/database.ts'

export const CREATING = '.creating'

export function refuseExisting(path: string): void {
  if (existsSync(path))
    throw new UsageError(
      `${path} exists already: use "seized resume" to go on with it, or name another ledger`,
      { code: 'ledger-exists' },
    )
}

export interface Held {
  readonly head: Buffer
  readonly release: () => void
}

/** Keeps every other process from writing to the file, under any name, until it is released. */
export function hold(file: string): Held {
  const db = new Database(file, { readonly: true, fileMustExist: true })
  try {
    db.exec('BEGIN')
    return { head: headOf(db), release: () => db.close() }
  } catch (error) {
    db.close()
    throw error
  }
}

function headOf(db: Db): Buffer {
  return db.prepare('SELECT head FROM batch ORDER BY batch DESC LIMIT 1').pluck().get() as Buffer
}

/** @throws LedgerDamaged when another process wrote to the file: locks do not hold on some file systems */
export function requireHead(db: Db, head: Buffer, path: string): void {
  if (!headOf(db).equals(head))
    throw new LedgerDamaged(
      `${path} is not what this run had just made of it: another process wrote to it. Use a ledger on a disk of this machine.`,
    )
}

/** Removes temporary files of a run that was killed before its ledger had a name: they contain no record. */
export function removeUnborn(path: string): void {
  for (const name of namesIn(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`)) continue
    const [, pid] = /^\.(\d+)\.creating(?:-journal|-wal)?$/.exec(name.slice(basename(path).length)) ?? []
    if (pid !== undefined && (Number(pid) === process.pid || !isAlive(Number(pid))))
      rmSync(join(dirname(path), name))
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new UsageError(`No ledger can be made in ${folder} (${code}). Make the folder, or name another.`, {
      cause,
    })
  }
}

/** A hard link refuses an existing name in one step. Where links are not possible, a check comes first. */
export function takeName(temporary: string, path: string): void {
  try {
    linkSync(temporary, path)
    rmSync(temporary)
  } catch {
    refuseExisting(path)
    renameSync(temporary, path)
  }
  sync(dirname(path))
}

/** After a power cut, either the whole file exists under its name, or no file. */
export function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

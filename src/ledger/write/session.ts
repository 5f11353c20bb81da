/**
 * Creates and resumes ledgers: the only writer. Every record* call is one transaction, durable when it returns.
 *
 * A ledger is created under a temporary name, in one-file mode, and gets its own name once what begins a run is in it:
 * no half-made ledger ever stands where one is expected.
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
import { LedgerDamaged, TryAgain, UsageError } from '../../base/errors.ts'
import { osAccount } from '../../base/os-account.ts'
import { parseStoredJson, storedJson } from '../../base/stored-json.ts'
import type { CaseInfo, Exhibit, Plan } from '../../contracts/case.ts'
import type { Session, ToolInfo } from '../../contracts/ledger.ts'
import { createDatabase, type Db, FORMAT_VERSION, openForWriting, requireLedger } from '../format/database.ts'
import { fileState, openForReading } from '../format/open-readonly.ts'
import { requireSchema } from '../format/schema.ts'
import { readSeal } from '../format/seal-row.ts'
import { Appender } from './appender.ts'
import { putImage } from './image-rows.ts'
import { LedgerWriter } from './writer.ts'

export interface NewLedger {
  readonly path: string
  readonly case: CaseInfo
  readonly exhibit: Exhibit
  readonly plan: Plan
  readonly tool: ToolInfo
  /** Operating-system account; by default the one this process runs as. */
  readonly account?: string
  /** For tests and fixtures whose times must not change. */
  readonly clock?: () => Date
}

/**
 * @param record what a run records first: it stands in the ledger before that has its name, so that `resume` can go on with
 *   whatever has one
 * @throws UsageError when the file exists already or cannot be made
 */
export function createLedger(options: NewLedger, record?: (session: Session) => void): Session {
  const { path, clock = now, account = osAccount() } = options
  refuseExisting(path)
  removeUnborn(path)
  const temporary = `${path}.${process.pid}${CREATING}`
  try {
    begin(temporary, options, account, clock, record)
    takeName(temporary, path)
  } catch (error) {
    for (const name of ['', '-journal', '-wal', '-shm']) rmSync(`${temporary}${name}`, { force: true })
    throw notMade(path, error)
  }
  return session(openForWriting(path), path, account, clock)
}

function begin(
  temporary: string,
  { exhibit, ...options }: NewLedger,
  account: string,
  clock: () => Date,
  record: ((session: Session) => void) | undefined,
): void {
  const db = createDatabase(temporary)
  try {
    new Appender(db, clock).append('start', (put, utc) => {
      put('meta', ['format', String(FORMAT_VERSION)])
      put('meta', ['case', storedJson(options.case)])
      put('meta', ['exhibit', storedJson({ ...exhibit, image: undefined })])
      put('meta', ['plan', storedJson(options.plan)])
      put('meta', ['tool', storedJson(options.tool)])
      put('event', [utc, 'created', account, storedJson({})])
      if (exhibit.image) putImage(put, exhibit.image)
    })
    record?.(new LedgerWriter(db, temporary, options.plan, account, clock))
  } finally {
    db.close()
  }
}

const FULL: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'disk-full'])

/** Nothing was begun: there is nothing to go on with, and the sentence must not say so. */
function notMade(path: string, cause: unknown): unknown {
  if (!FULL.has((cause as { readonly code?: unknown }).code)) return cause
  return new TryAgain(
    `${path}: the ledger could not be made (the disk is full). Nothing was begun and nothing is left of it: make room, or name another disk, then scan again.`,
    'disk-full',
    { cause },
  )
}

/**
 * Opens a paused ledger, after a clean pause or a crash. When the crash came between the seal and the write protection,
 * the session is `sealed` and only seal() is left to be called.
 * @throws UsageError when it is sealed or another process has it open; LedgerDamaged when it is no ledger
 */
export function resumeLedger(
  path: string,
  { account = osAccount(), clock = now }: { readonly account?: string; readonly clock?: () => Date } = {},
): Session {
  if (!existsSync(path)) throw new UsageError(`${path}: there is no such ledger`, { code: 'ledger-missing' })
  refuseSealed(path)
  return session(openForWriting(path), path, account, clock)
}

function session(db: Db, path: string, account: string, clock: () => Date): Session {
  requireSchema(db, path)
  const text = db.prepare("SELECT value FROM meta WHERE key = 'plan'").pluck().get()
  if (typeof text !== 'string') throw new LedgerDamaged(`${path} holds no plan`)
  return new LedgerWriter(db, path, parseStoredJson(text) as Plan, account, clock)
}

function now(): Date {
  return new Date()
}

function refuseExisting(path: string): void {
  if (existsSync(path))
    throw new UsageError(
      `${path} exists already: use "seized resume" to go on with it, or name another ledger`,
      { code: 'ledger-exists' },
    )
}

const CREATING = '.creating'

/** What a run left that was killed before its ledger had a name: nothing was recorded in it. */
function removeUnborn(path: string): void {
  for (const name of namesIn(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`)) continue
    const [, pid] = /^\.(\d+)\.creating(?:-journal|-wal)?$/.exec(name.slice(basename(path).length)) ?? []
    if (pid !== undefined && (Number(pid) === process.pid || !isRunning(Number(pid))))
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

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Of another account, but running.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A hard link refuses an existing name in one step; where links are not possible, the check comes first. */
function takeName(temporary: string, path: string): void {
  sync(temporary)
  try {
    linkSync(temporary, path)
    rmSync(temporary)
  } catch {
    refuseExisting(path)
    renameSync(temporary, path)
  }
  sync(dirname(path))
}

/** A power cut must find the whole file under its name, or no file. */
function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Sealing ends with the log mode switched off: a seal in log mode is one that a crash interrupted. */
function refuseSealed(path: string): void {
  const { walMode } = fileState(path)
  if (walMode) return
  const { db, close } = openForReading(path)
  try {
    requireLedger(db, path)
    if (!readSeal(db)) return
  } finally {
    close()
  }
  throw new UsageError(`${path} is sealed: it is complete, and nothing can be added to it`, {
    code: 'ledger-sealed',
  })
}

/**
 * Creates and resumes ledgers: the only writer. Every record* call is one transaction, durable when it returns.
 *
 * A ledger is created under a temporary name, in one-file mode. It gets its own name after the first records of the
 * run are in it: an incomplete ledger never exists under the final name.
 */
import { existsSync, rmSync } from 'node:fs'
import { LedgerDamaged, TryAgain, UsageError } from '../../base/errors.ts'
import { osAccount } from '../../base/os-account.ts'
import { parseStoredJson, storedJson } from '../../base/stored-json.ts'
import type { CaseInfo, Exhibit, Plan } from '../../contracts/case.ts'
import type { ToolInfo } from '../../contracts/ledger.ts'
import type { Session } from '../../contracts/session.ts'
import { createDatabase, type Db, FORMAT_VERSION, requireLedger } from '../format/database.ts'
import { fileState, openForReading } from '../format/open-readonly.ts'
import { openForWriting, openNamed } from '../format/open-writing.ts'
import { rememberSchema, requireSchema } from '../format/schema.ts'
import { readSeal } from '../format/seal-row.ts'
import { Appender } from './appender.ts'
import { crashPoint } from './crash-hook.ts'
import { putImage } from './image-rows.ts'
import {
  CREATING,
  type Held,
  hold,
  refuseExisting,
  removeUnborn,
  requireHead,
  sync,
  takeName,
} from './naming.ts'
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
 * @param record writes the first records of the run. The ledger contains them before it has its name, so that `resume`
 * can continue every ledger that has a name.
 * @throws UsageError when the file already exists or cannot be created
 */
export function createLedger(options: NewLedger, record?: (session: Session) => void): Session {
  const { path, clock = now, account = osAccount() } = options
  refuseExisting(path)
  removeUnborn(path)
  const temporary = `${path}.${process.pid}${CREATING}`
  let held: Held | null = null
  try {
    begin(temporary, options, account, clock, record)
    sync(temporary)
    held = hold(temporary)
    takeName(temporary, path)
  } catch (error) {
    held?.release()
    for (const name of ['', '-journal', '-wal', '-shm']) rmSync(`${temporary}${name}`, { force: true })
    throw notMade(path, error)
  }
  crashPoint('named')
  const { head, release } = held
  try {
    const db = openNamed(path, release, (opened) => requireHead(opened, head, path))
    return session(db, path, account, clock)
  } finally {
    release()
  }
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
    rememberSchema(db)
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

/** No run was begun, so there is nothing to resume, and the message must not offer it. */
function notMade(path: string, cause: unknown): unknown {
  if (!FULL.has((cause as { readonly code?: unknown }).code)) return cause
  return new TryAgain(
    `${path}: the ledger could not be made (the disk is full). Nothing was begun and nothing is left of it: make room, or name another disk, then scan again.`,
    'disk-full',
    { cause },
  )
}

/**
 * Opens a paused ledger, after a clean pause or a crash. When the crash came between the seal and the write
 * protection, the session is `sealed` and the caller only calls seal().
 * @throws UsageError when the ledger is sealed or another process has it open; LedgerDamaged when it is not a ledger
 */
export function resumeLedger(
  path: string,
  { account = osAccount(), clock = now }: { readonly account?: string; readonly clock?: () => Date } = {},
): Session {
  if (!existsSync(path)) throw new UsageError(`${path}: there is no such ledger`, { code: 'ledger-missing' })
  refuseSealed(path)
  crashPoint('to-be-locked')
  return session(
    openForWriting(path, (db) => refuseSealedUnderLock(db, path)),
    path,
    account,
    clock,
  )
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

/** Sealing ends when the log mode is switched off. A seal in log mode was interrupted by a crash. */
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
  throw sealed(path)
}

/** Checks again under the lock: another process may have sealed the ledger since the first check. */
function refuseSealedUnderLock(db: Db, path: string): void {
  const isInterrupted = db.pragma('journal_mode', { simple: true }) === 'wal'
  if (!isInterrupted && readSeal(db)) throw sealed(path)
}

function sealed(path: string): UsageError {
  return new UsageError(`${path} is sealed: it is complete, and nothing can be added to it`, {
    code: 'ledger-sealed',
  })
}

/**
 * The custody sidecar `<ledger>.custody.sqlite`: what happened to a ledger after it was written, and what persons decided.
 *
 * The sealed ledger never changes, so later events need their own file. Its first link names a head of the ledger; SQLite
 * orders two processes that append at once, and rolls back what a crash cut off.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { UsageError } from '../../base/errors.ts'
import type { CustodyEvent } from '../../contracts/ledger.ts'
import { type Db, isSqliteError, migrationSql, requireLedger, translating } from '../format/database.ts'
import { CanonicalEncoder } from '../format/encode.ts'
import { parseStoredJson, storedJson } from '../format/stored-json.ts'
import { openForReading } from '../read/open-readonly.ts'

export interface NewCustodyEvent {
  readonly event: string
  /** The person, as declared; null when nobody was named. */
  readonly operator: string | null
  /** Operating-system account. */
  readonly account: string
  readonly detail: Readonly<Record<string, string>>
}

export const CUSTODY_APPLICATION_ID = 0x53454943
export const CUSTODY_VERSION = 1
const CUSTODY_DOMAIN = 'seized custody event 1'
/** Longest wait for another process that is appending. */
const APPEND_WAIT_MS = 20_000
/** The event could not be logged: what needs logging must then not happen. */
export class CustodyUnavailable extends UsageError {}

export function custodyPath(ledgerPath: string): string {
  return `${ledgerPath}.custody.sqlite`
}

/** @throws CustodyUnavailable when the event cannot be logged, for example on a write-protected copy */
export function appendCustody(ledgerPath: string, event: NewCustodyEvent): CustodyEvent {
  return appendAfter(ledgerPath, event, () => translating(ledgerPath, () => ledgerHead(ledgerPath)))
}

/** @param ledgerHead asked for when this is the first event */
export function appendAfter(
  ledgerPath: string,
  event: NewCustodyEvent,
  ledgerHead: () => Buffer,
): CustodyEvent {
  const path = custodyPath(ledgerPath)
  const first = existsSync(path) ? null : ledgerHead()
  return translatingCustody(path, () => {
    const db = new Database(path, { timeout: APPEND_WAIT_MS })
    try {
      db.pragma('synchronous = EXTRA')
      db.pragma('recursive_triggers = ON')
      return db.transaction(() => insert(db, event, first ?? ledgerHead)).immediate()
    } finally {
      db.close()
    }
  })
}

/** Every event in order; none when there is no sidecar. */
export function readCustody(ledgerPath: string): readonly CustodyEvent[] {
  return custodyRows(ledgerPath).map(({ utc, account, operator, event, detail, head }) => ({
    utc,
    account,
    operator,
    event,
    detail: parseStoredJson(detail) as CustodyEvent['detail'],
    head: head.toString('hex'),
  }))
}

export interface CustodyRow {
  readonly number: number
  readonly prev: Buffer
  readonly head: Buffer
  readonly utc: string
  readonly account: string
  readonly operator: string | null
  readonly event: string
  readonly detail: string
}

export function custodyRows(ledgerPath: string): readonly CustodyRow[] {
  const path = custodyPath(ledgerPath)
  if (!existsSync(path)) return []
  return translatingCustody(path, () => {
    const db = openSidecar(path)
    try {
      return db.prepare('SELECT * FROM custody ORDER BY number').all() as CustodyRow[]
    } finally {
      db.close()
    }
  })
}

export function openSidecar(path: string): Db {
  // A crash can leave a rollback journal, which only a writing connection may undo.
  const readonly = !existsSync(`${path}-journal`)
  const db = new Database(path, { readonly, fileMustExist: true, timeout: APPEND_WAIT_MS })
  db.pragma('trusted_schema = OFF')
  return db
}

/** Head of one event: covers everything in its row and, by `prev`, all events before it. */
export function custodyHead(row: Omit<CustodyRow, 'head'>): Buffer {
  const encoder = new CanonicalEncoder()
  encoder.text(CUSTODY_DOMAIN)
  encoder.int(row.number)
  encoder.blob(row.prev)
  encoder.text(row.utc)
  encoder.text(row.account)
  encoder.value('text', row.operator)
  encoder.text(row.event)
  encoder.text(row.detail)
  return createHash('sha256').update(encoder.bytes).digest()
}

function insert(db: Db, given: NewCustodyEvent, first: Buffer | (() => Buffer)): CustodyEvent {
  if (db.pragma('user_version', { simple: true }) === 0) db.exec(migrationSql('custody-0001.sql'))
  const last = db.prepare('SELECT number, head FROM custody ORDER BY number DESC LIMIT 1').get() as
    | { number: number; head: Buffer }
    | undefined
  const row = {
    number: (last?.number ?? 0) + 1,
    prev: last?.head ?? (typeof first === 'function' ? first() : first),
    utc: new Date().toISOString(),
    account: given.account.toWellFormed(),
    operator: given.operator?.toWellFormed() ?? null,
    event: given.event,
    detail: storedJson(given.detail),
  }
  const head = custodyHead(row)
  db.prepare('INSERT INTO custody VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
    row.number,
    row.prev,
    head,
    row.utc,
    row.account,
    row.operator,
    row.event,
    row.detail,
  )
  return { ...row, detail: given.detail, head: head.toString('hex') }
}

function ledgerHead(ledgerPath: string): Buffer {
  const { db, close } = openForReading(ledgerPath)
  try {
    requireLedger(db, ledgerPath)
    return db.prepare('SELECT head FROM batch ORDER BY batch DESC LIMIT 1').pluck().get() as Buffer
  } finally {
    close()
  }
}

function translatingCustody<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!isSqliteError(error)) throw error
    throw new CustodyUnavailable(
      `${path}: the custody log could not be used (${error.message}); it must be writable beside the ledger`,
      { cause: error },
    )
  }
}

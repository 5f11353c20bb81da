/**
 * The custody sidecar `<ledger>.custody.sqlite`: events of a ledger after the run, and decisions of persons.
 * The sealed ledger never changes, so later events need their own file. Its first link names a head of the ledger.
 * SQLite orders two processes that append at once, and rolls back a transaction that a crash cut off.
 */
import { existsSync, statSync } from 'node:fs'
import Database, { type Statement } from 'better-sqlite3'
import { LedgerDamaged, UsageError } from '../../base/errors.ts'
import { parseStoredJson, storedJson } from '../../base/stored-json.ts'
import { CLOCK_TOLERANCE_MS } from '../../contracts/clock.ts'
import type { CustodyEvent, CustodyFact } from '../../contracts/custody.ts'
import { type Db, isSqliteError, migrationSql, requireLedger, translating } from '../format/database.ts'
import { openForReading } from '../format/open-readonly.ts'
import { schemaDifferences } from '../format/schema.ts'
import { requireSoundPages } from '../format/sound.ts'
import { type CustodyRow, custodyHead } from './custody-head.ts'
import { type FactRow, factDetail, factsOf, rowOfFact } from './fact-rows.ts'
import { openAsItWas } from './open-as-it-was.ts'

export interface NewCustodyEvent {
  readonly event: string
  /** The person, as declared; null when no person was named. */
  readonly operator: string | null
  /** Operating-system account. */
  readonly account: string
  readonly detail: Readonly<Record<string, string>>
  readonly fact?: CustodyFact | null
}

export const CUSTODY_APPLICATION_ID = 0x53454943
export const CUSTODY_VERSION = 2
/** Each migration adds tables to those of the migrations before it. */
const MIGRATIONS = ['custody-0001.sql', 'custody-0002.sql']
/** Longest wait for another process that is appending. */
const APPEND_WAIT_MS = 20_000
/** The event could not be logged; the act that needs it must then not happen. */
export class CustodyUnavailable extends UsageError {}

export function custodyPath(ledgerPath: string): string {
  return `${ledgerPath}.custody.sqlite`
}

/** @throws CustodyUnavailable when the event cannot be logged, for example on a write-protected copy */
export function appendCustody(ledgerPath: string, event: NewCustodyEvent): CustodyEvent {
  return appendAllCustody(ledgerPath, [event])[0]!
}

/**
 * Appends all events in one transaction, with one link of the chain for each. Either all events are logged or no event
 * is logged.
 * @throws CustodyUnavailable as for {@link appendCustody}
 */
export function appendAllCustody(ledgerPath: string, events: EventsToAppend): readonly CustodyEvent[] {
  return appendAfter(ledgerPath, events, () => translating(ledgerPath, () => ledgerHead(ledgerPath)))
}

/** Events, or the function that makes them of the log as it is inside the transaction; its exception logs no event. */
export type EventsToAppend = readonly NewCustodyEvent[] | ((db: Db) => readonly NewCustodyEvent[])

/** @param ledgerHead called when these are the first events */
export function appendAfter(
  ledgerPath: string,
  events: EventsToAppend,
  ledgerHead: () => Buffer,
): readonly CustodyEvent[] {
  const path = custodyPath(ledgerPath)
  const first = hasSidecar(path) ? null : ledgerHead()
  return translatingCustody(path, () => {
    const db = new Database(path, { timeout: APPEND_WAIT_MS })
    try {
      db.pragma('synchronous = EXTRA')
      db.pragma('recursive_triggers = ON')
      requireSidecarSchema(db, path)
      return db.transaction(() => insertAll(db, events, first ?? ledgerHead)).immediate()
    } finally {
      db.close()
    }
  })
}

/**
 * An empty file does not count as a sidecar: a process that was killed while it created the sidecar leaves an empty
 * file with a journal.
 */
export function hasSidecar(path: string): boolean {
  if (!existsSync(path)) return false
  if (!existsSync(`${path}-journal`)) return statSync(path).size > 0
  return translatingCustody(path, () => {
    const db = openAsItWas(path, APPEND_WAIT_MS)
    try {
      return (db.pragma('page_count', { simple: true }) as number) > 0
    } finally {
      db.close()
    }
  })
}

/** Every event in order; empty when there is no sidecar. */
export function readCustody(ledgerPath: string): readonly CustodyEvent[] {
  const path = custodyPath(ledgerPath)
  if (!hasSidecar(path)) return []
  return translatingCustody(path, () => {
    const db = openSidecar(path)
    try {
      const facts = factsOf(db, db.pragma('user_version', { simple: true }) as number)
      return (db.prepare('SELECT * FROM custody ORDER BY number').all() as CustodyRow[]).map((row) =>
        eventOf(row, facts.get(row.number) ?? null),
      )
    } finally {
      db.close()
    }
  })
}

export function eventOf(row: CustodyRow, fact: CustodyFact | null): CustodyEvent {
  const { prev: _, detail, head, ...said } = row
  const all = { ...(parseStoredJson(detail) as CustodyEvent['detail']), ...factDetail(fact) }
  return { ...said, detail: all, fact, head: head.toString('hex') }
}

/** Newest head; null when there is no sidecar. */
export function newestCustodyHead(ledgerPath: string): string | null {
  const path = custodyPath(ledgerPath)
  if (!hasSidecar(path)) return null
  return translatingCustody(path, () => {
    const db = openSidecar(path)
    try {
      return lastOf(db)?.head.toString('hex') ?? null
    } finally {
      db.close()
    }
  })
}

/** Opens the sidecar for reading. This function writes nothing, even when a crash left a journal. */
export function openSidecar(path: string): Db {
  const db = openAsItWas(path, APPEND_WAIT_MS)
  db.pragma('trusted_schema = OFF')
  try {
    requireSidecarSchema(db, path)
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

/** Checks the schema before any other query, as for a ledger. @throws LedgerDamaged */
function requireSidecarSchema(db: Db, path: string): void {
  // This pragma rolls back a half-written transaction of a crash; it reads no schema.
  const version = db.pragma('user_version', { simple: true }) as number
  requireSoundPages(path)
  if (version < 1 || version > CUSTODY_VERSION) return
  const [difference] = schemaDifferences(db, custodySql(version))
  if (difference !== undefined)
    throw new LedgerDamaged(
      `${path}: the schema was changed: ${difference}; nothing more is asked of this file`,
    )
}

function insertAll(db: Db, events: EventsToAppend, first: Buffer | (() => Buffer)): readonly CustodyEvent[] {
  const version = db.pragma('user_version', { simple: true }) as number
  for (const file of MIGRATIONS.slice(version)) db.exec(migrationSql(file))
  const insert = db.prepare('INSERT INTO custody VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const insertFact = factInserter(db)
  const inserted: CustodyEvent[] = []
  let { number, head: prev, utc: last } = lastOf(db) ?? { number: 0, head: null, utc: null }
  for (const given of typeof events === 'function' ? events(db) : events) {
    prev ??= typeof first === 'function' ? first() : first
    const fact = given.fact ? rowOfFact(given.fact) : null
    const utc = new Date().toISOString()
    const row = {
      number: ++number,
      prev,
      utc,
      account: given.account.toWellFormed(),
      operator: given.operator?.toWellFormed() ?? null,
      event: given.event,
      detail: storedJson({ ...given.detail, ...clockBehind(utc, last) }),
    }
    const head = custodyHead(row, fact)
    insert.run(row.number, row.prev, head, row.utc, row.account, row.operator, row.event, row.detail)
    if (fact) insertFact(number, fact)
    inserted.push(eventOf({ ...row, head }, given.fact ?? null))
    prev = head
    last = utc
  }
  return inserted
}

/**
 * The stored time of an event may be earlier than that of the event before it. The clock is then behind, or was ahead
 * before. The detail of the event records the earlier event's time.
 */
function clockBehind(utc: string, last: string | null): { readonly clockBehind?: string } {
  const isBehind = last !== null && Date.parse(last) > Date.parse(utc) + CLOCK_TOLERANCE_MS
  return isBehind ? { clockBehind: last } : {}
}

/** Statements are prepared once for each table, because thousands of decisions come in one transaction. */
function factInserter(db: Db): (number: number, fact: FactRow) => void {
  const statements = new Map<string, Statement>()
  return (number, { table: { name }, values }) => {
    const insert =
      statements.get(name) ?? db.prepare(`INSERT INTO ${name} VALUES (?${', ?'.repeat(values.length)})`)
    statements.set(name, insert)
    insert.run(number, ...values)
  }
}

function lastOf(db: Db): { number: number; head: Buffer; utc: string } | undefined {
  return db.prepare('SELECT number, head, utc FROM custody ORDER BY number DESC LIMIT 1').get() as
    | { number: number; head: Buffer; utc: string }
    | undefined
}

/** The SQL statements that create an empty sidecar of a version. */
function custodySql(version: number): string {
  return MIGRATIONS.slice(0, version).map(migrationSql).join('\n')
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

export function translatingCustody<T>(path: string, work: () => T): T {
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

/** A database with its companion files: the state as SQLite would read it, and the pages that were replaced since. */
import type { CompanionFiles } from '../../wire/companion-files.ts'
import { type RollbackJournal, rollbackJournal, rolledBack } from './rollback-journal.ts'
import { NotSqlite, SqliteFile } from './sqlite-file.ts'
import { type NewerPages, newerPages } from './write-ahead-log.ts'

/** A page that was replaced since, in the database of that time. */
export interface OlderPage {
  readonly number: number
  /** Valid until the next page is requested. */
  readonly then: SqliteFile
  /** The same file for all pages of the transaction, so computing which table owned each page pays off. */
  readonly isLasting: boolean
}

export interface DatabaseState {
  readonly file: SqliteFile
  /** The main file, with the pages of an incomplete transaction restored. */
  readonly bytes: Buffer
  readonly newer: NewerPages | null
  readonly journal: RollbackJournal | null
  /** A companion file is not a log of this database, or it is unknown whether its transaction was completed. */
  readonly isLogUnread: boolean
  /** Oldest first. */
  readonly older: () => Iterable<OlderPage>
}

/** @throws NotSqlite */
export function stateOf(given: Buffer, { log, journal: beside }: CompanionFiles): DatabaseState {
  const before = beside === null ? null : rollbackJournal(beside, pageSizeOf(given))
  const bytes = before?.isHot ? rolledBack(given, before) : given
  const newer = log === null ? null : newerPages(log)
  const file = new SqliteFile(bytes, newer?.pages)
  const unreadJournal = beside !== null && before === null && beside.some((byte) => byte !== 0)
  return {
    file,
    bytes,
    newer,
    journal: before,
    isLogUnread: unreadJournal || before?.isOfSeveral === true || (before?.isHot === true && before.left > 0),
    older: () => olderPages(bytes, newer, before),
  }
}

function pageSizeOf(bytes: Buffer): number {
  if (bytes.length < 18) throw new NotSqlite()
  const stated = bytes.readUInt16BE(16)
  return stated === 1 ? 65_536 : stated
}

function* olderPages(
  bytes: Buffer,
  newer: NewerPages | null,
  journal: RollbackJournal | null,
): Generator<OlderPage> {
  if (journal !== null && !journal.isHot) yield* beforeTransactions(bytes, newer, journal)
  if (newer === null) return
  const pages = new Map<number, Buffer>()
  const then = new SqliteFile(bytes, pages)
  for (const [number, page] of newer.folded) {
    if (number < 1 || then.page(number)?.equals(page)) continue
    pages.set(number, page)
    yield { number, then, isLasting: false }
  }
  pages.clear()
  for (const commit of newer.commits) {
    for (const [number, page] of commit) {
      const old = then.page(number)
      if (old !== null && !old.equals(page)) yield { number, then, isLasting: false }
    }
    for (const [number, page] of commit) pages.set(number, page)
  }
}

/** Pages that a journal contains of completed transactions. */
function* beforeTransactions(
  bytes: Buffer,
  newer: NewerPages | null,
  { transactions, pageSize }: RollbackJournal,
): Generator<OlderPage> {
  if (pageSize !== pageSizeOf(bytes)) return
  for (let last = transactions.length - 1; last >= 0; last--) {
    const pages = new Map(newer?.pages)
    for (const transaction of transactions.slice(0, last + 1))
      for (const [number, page] of transaction) pages.set(number, page)
    const then = new SqliteFile(bytes, pages)
    for (const [number] of transactions[last]!) yield { number, then, isLasting: true }
  }
}

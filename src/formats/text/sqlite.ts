/**
 * Extracts text of SQLite databases. In a known messenger database, each chat is extracted separately. In other
 * databases, every text value is extracted, and messages from tables with chat columns. A companion write-ahead log
 * is applied. The database is opened from memory and effectively read-only: views, triggers and virtual tables are
 * never run.
 */

import Database from 'better-sqlite3'
import type { TextNote } from '../../contracts/text-note.ts'
import { NO_COMPANION_FILES } from '../../wire/companion-files.ts'
import { detailOf } from '../bytes/coded-error.ts'
import { chatStoreOf } from '../chats/index.ts'
import {
  chatText,
  type ExtractedText,
  type TextBeside,
  TextCollector,
  TextDamaged,
  TextEncrypted,
  type TextExtractor,
  type TextMessage,
} from '../documents/text-extractor.ts'
import { type DatabaseState, stateOf } from '../sqlite/database-state.ts'
import { isEncryptedBehindHeader } from '../sqlite/encrypted-pages.ts'
import { NotSqlite } from '../sqlite/sqlite-file.ts'
import { Tables } from '../sqlite/sqlite-tables.ts'
import { laidOver } from '../sqlite/write-ahead-log.ts'
import { messagesInRows } from './chat.ts'
import { type Messenger, messengerIn } from './messenger.ts'

const MAX_TABLES = 1000
const MAX_ROWS = 2_000_000
const LEAST_CHAT_ROWS = 2
const NO_COMPANIONS: TextBeside = { logs: NO_COMPANION_FILES, privileged: null }

/** The library loads its native part when it opens the first database. */
export function prepareSqlite(): void {
  new Database(':memory:').close()
}

export const sqlite: TextExtractor = {
  id: 'sqlite',
  reads: (mediaType) => mediaType === 'application/x-sqlite3' || mediaType === 'application/vnd.sqlite3',
  extract(given, limits, beside = NO_COMPANIONS) {
    if (isEncryptedBehindHeader(given)) throw new TextEncrypted()
    const state = stateIn(given, beside)
    const bytes =
      state === null ? given : state.newer === null ? state.bytes : laidOver(state.bytes, state.newer)
    const isLogMissing = given[18] === 2 && (state?.newer ?? null) === null
    const notes: TextNote[] =
      isLogMissing || state?.isLogUnread ? [{ code: 'write-ahead-log-not-read', params: {} }] : []
    const sink = new TextCollector(limits)
    const chats = state && chatsIn(state, beside, sink)
    if (chats === null) return everyTable(bytes, sink, notes, () => true)
    const { messenger, isRead } = chats
    const { conversations, closed, warnings } = messenger
    const of = { conversations, closed, messages: conversations.flatMap(({ messages }) => messages) }
    const said = [...notes, ...messenger.notes]
    if (closed > 0)
      return { ...of, text: sink.text(), warnings: [...warnings, ...sink.warnings()], notes: said }
    // The other tables also contain text, such as names and subjects.
    const others = everyTable(bytes, sink, said, (name) => !isRead(name))
    return { ...of, text: others.text, warnings: [...warnings, ...others.warnings], notes: said }
  },
}

/** Null when the bytes are not a database: SQLite itself then reports the error. */
function stateIn(bytes: Buffer, { logs }: TextBeside): DatabaseState | null {
  try {
    return stateOf(bytes, logs)
  } catch (error) {
    if (error instanceof NotSqlite) return null
    throw error
  }
}

function chatsIn(
  { file, older }: DatabaseState,
  beside: TextBeside,
  sink: TextCollector,
): { readonly messenger: Messenger; readonly isRead: (table: string) => boolean } | null {
  const tables = new Tables(file, older, beside.logs.companion)
  const messenger = messengerIn(() => chatStoreOf(tables), beside, sink)
  if (messenger === null) return null
  const warnings: readonly TextNote[] = tables.isSearchCut
    ? [...messenger.warnings, { code: 'messages-not-searched', params: {} }]
    : messenger.warnings
  const unread = new Set(tables.unread)
  const known = new Set(tables.names)
  return { messenger: { ...messenger, warnings }, isRead: (name) => known.has(name) && !unread.has(name) }
}

function everyTable(
  bytes: Buffer,
  sink: TextCollector,
  notes: readonly TextNote[],
  wanted: (table: string) => boolean,
): ExtractedText {
  const db = opened(bytes)
  const messages: TextMessage[] = []
  let unreadable = 0
  try {
    for (const name of tablesOf(db)) {
      if (sink.isFull) break
      if (!wanted(name.toLowerCase())) continue
      try {
        readTable(db, name, sink, messages)
      } catch (error) {
        if (!(error instanceof Database.SqliteError)) throw error
        unreadable++
      }
    }
  } catch (error) {
    throw new TextDamaged(detailOf(error), { cause: error })
  } finally {
    db.close()
  }
  const warnings: TextNote[] =
    unreadable > 0 ? [{ code: 'tables-unreadable', params: { tables: unreadable } }] : []
  return {
    text: sink.text(),
    ...(messages.length > 0 ? { messages } : {}),
    warnings: [...warnings, ...sink.warnings()],
    notes,
  }
}

function opened(bytes: Buffer): Database.Database {
  const copy = Buffer.from(bytes)
  // A file in WAL mode cannot be opened from memory; bytes 18 and 19 state the mode (SQLite file format 1.3.3).
  if (copy.length > 20) copy.fill(1, 18, 20)
  const db = new Database(copy)
  db.pragma('trusted_schema = OFF')
  db.pragma('cell_size_check = ON')
  db.pragma('query_only = ON')
  return db
}

function tablesOf(db: Database.Database): string[] {
  return db
    .prepare(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%' ORDER BY name LIMIT ${MAX_TABLES}`,
    )
    .pluck()
    .all() as string[]
}

function readTable(db: Database.Database, name: string, sink: TextCollector, messages: TextMessage[]): void {
  const rows: Record<string, unknown>[] = []
  let count = 0
  const statement = db.prepare(`SELECT * FROM "${name.replaceAll('"', '""')}"`).safeIntegers()
  const flush = () => {
    const chat = messagesInRows(rows)
    if (chat.length >= LEAST_CHAT_ROWS && chat.length * 2 >= rows.length) {
      for (const message of chat) messages.push(message)
      sink.add(`${chatText(chat)}\n`)
    } else for (const row of rows) sink.add(textsOf(row))
    rows.length = 0
  }
  for (const row of statement.iterate() as Iterable<Record<string, unknown>>) {
    rows.push(row)
    if (rows.length === 1000) flush()
    if (++count >= MAX_ROWS || sink.isFull) break
  }
  flush()
}

function textsOf(row: Readonly<Record<string, unknown>>): string {
  const texts = Object.values(row).filter((value) => typeof value === 'string' && value !== '')
  return texts.length === 0 ? '' : `${texts.join('\t')}\n`
}

/** SQLite databases that programs keep: which one it is, its tables say. Those that nobody here reads are not built: they may hold records. */
import { attribute } from '../../contracts/attribute.ts'
import { SqliteFile } from '../../sqlite-file/sqlite-file.ts'
import type { ArtefactReader, RecordSink } from './artefact.ts'
import { readChromium } from './browser-chromium.ts'
import { readFirefox } from './browser-firefox.ts'
import { readAndroidDownloads, readFirefoxDownloads, readQuarantine, readSafari } from './browser-others.ts'
import { readChats } from './chats/chat-records.ts'
import { readGoogleDrive, readMediaStore } from './file-stores.ts'
import { readPhotoLibrary } from './photo-library.ts'
import { Tables } from './sqlite-tables.ts'
import { newerPages } from './sqlite-wal.ts'

/** Each takes what it knows, and says whether it knows the database. */
const DATABASES: readonly ((tables: Tables, sink: RecordSink) => boolean)[] = [
  readChromium,
  readFirefox,
  readChats,
  readGoogleDrive,
  readMediaStore,
  readSafari,
  readQuarantine,
  readFirefoxDownloads,
  readAndroidDownloads,
  readPhotoLibrary,
]

export const sqliteDatabases: ArtefactReader = {
  id: 'sqlite',
  mediaTypes: ['application/x-sqlite3'],
  read(bytes, sink, { log }) {
    const newer = log === null ? null : newerPages(log)
    const file = new SqliteFile(bytes, newer?.pages)
    const tables = new Tables(file)
    const known = DATABASES.filter((read) => read(tables, sink))
    if (file.damagedPages > 0) sink.spoiled(file.firstDamagedAt!, file.damagedPages)
    // A database without a table holds none.
    sink.isNotBuilt = known.length === 0 && tables.names.length > 0
    const inLogMode = bytes[18] === 2
    return [
      ...(known.length === 0
        ? [attribute('database-unknown', { tables: tables.names.length })]
        : [attribute('tables-not-read', { tables: tables.unread.length })]),
      ...(newer === null ? [] : [attribute('log-laid-over', { frames: newer.frames, left: newer.left })]),
      ...(inLogMode && log === null ? [attribute('log-not-found', {})] : []),
    ]
  },
}

/**
 * Reads SQLite databases of programs; the tables tell which program it is. A database without a reader is reported as
 * not built, because it may contain records.
 */
import { attribute } from '../../contracts/attribute.ts'
import { readChats } from '../chats/index.ts'
import type { ArtefactReader, RecordCollector } from '../records/artefact.ts'
import { stateOf } from '../sqlite/database-state.ts'
import { isEncryptedBehindHeader } from '../sqlite/encrypted-pages.ts'
import type { RollbackJournal } from '../sqlite/rollback-journal.ts'
import { Tables } from '../sqlite/sqlite-tables.ts'
import { readAndroidContacts } from './android-contacts/android-contacts.ts'
import { readAndroidDownloads } from './android-downloads/android-downloads.ts'
import { readMediaStore } from './android-media/android-media.ts'
import { readAppleContacts } from './apple-contacts/apple-contacts.ts'
import { readChromium } from './chromium/history.ts'
import { readTyped } from './chromium/typed.ts'
import { readFirefoxDownloads } from './firefox/downloads.ts'
import { readFirefox } from './firefox/history.ts'
import { readGoogleDrive } from './google-drive/google-drive.ts'
import { readQuarantine } from './macos-quarantine/macos-quarantine.ts'
import { readPhotoLibrary } from './photo-library/photo-library.ts'
import { readInvoke } from './picture-generators/invokeai.ts'
import { readSafari } from './safari/history.ts'

/** Each reader takes the records it knows, and returns whether it knows the database. */
export const DATABASES: readonly ((tables: Tables, sink: RecordCollector) => boolean)[] = [
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
  readInvoke,
  readTyped,
  readAndroidContacts,
  readAppleContacts,
]

export const sqliteDatabases: ArtefactReader = {
  id: 'sqlite',
  mediaTypes: ['application/x-sqlite3'],
  read(bytes, sink, beside) {
    if (isEncryptedBehindHeader(bytes)) {
      sink.isEncrypted = true
      return [attribute('locked-store', { program: 'sqlcipher', form: 'database' })]
    }
    const { file, newer, journal, older, isLogUnread } = stateOf(bytes, beside)
    const tables = new Tables(file, older, beside.companion)
    const known = DATABASES.filter((read) => read(tables, sink))
    if (file.damagedPages > 0) sink.spoiled(file.firstDamagedAt!, file.damagedPages)
    // A database without tables contains no records.
    sink.isNotBuilt = known.length === 0 && tables.names.length > 0
    sink.isLogUnread = isLogUnread
    sink.isSearchCut = tables.isSearchCut
    const inLogMode = bytes[18] === 2
    return [
      ...sink.notes,
      ...(known.length === 0
        ? [attribute('database-unknown', { tables: tables.names.length })]
        : [attribute('tables-not-read', { tables: tables.unread.length })]),
      ...(newer === null ? [] : [attribute('log-laid-over', { frames: newer.frames, left: newer.left })]),
      ...journalNotes(journal),
      ...(inLogMode && beside.log === null ? [attribute('log-not-found', {})] : []),
    ]
  },
}

function journalNotes(journal: RollbackJournal | null) {
  if (journal === null) return []
  const pages = journal.transactions.reduce((sum, one) => sum + one.length, 0)
  return [attribute(journal.isHot ? 'journal-rolled-back' : 'journal-read', { pages, left: journal.left })]
}

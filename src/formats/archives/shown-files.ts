/**
 * Finds the name of the file that a picture in a database was made from. The name is in a column of the same row; in
 * WhatsApp databases (Android) it is in the row of the message. @see ALEAPP, WhatsApp artifacts
 */
import type { SqliteFile, SqlTable, SqlValue } from '../sqlite/sqlite-file.ts'

/** Null: no row contains the name. */
export type ShownFile = (table: SqlTable, get: (column: string) => SqlValue) => string | null

const NAMES = [
  'file_path',
  'path',
  '_data',
  'media_name',
  'file_name',
  'filename',
  'page_url',
  'url',
  'uri',
  'name',
]

export function shownFiles(file: SqliteFile, tables: readonly SqlTable[]): ShownFile {
  const byKey = keysOf(file, tables)
  return (_table, get) => {
    for (const column of NAMES) {
      const text = get(column)
      if (typeof text === 'string' && text !== '') return text
    }
    for (const columns of KEYS) {
      const key = keyOf(columns.map((column) => get(column)))
      const shown = key === null ? undefined : byKey.get(columns.join(' '))?.get(key)
      if (shown !== undefined) return shown
    }
    return null
  }
}

/** Thumbnail columns that identify the message or the content. */
const KEYS = [['message_row_id'], ['media_hash'], ['key_remote_jid', 'key_from_me', 'key_id']] as const

/** Tables and columns that contain the same keys. */
const SOURCES: readonly (readonly [
  keys: (typeof KEYS)[number],
  table: string,
  columns: readonly string[],
])[] = [
  [KEYS[0], 'message_media', ['message_row_id']],
  [KEYS[1], 'message_media', ['file_hash']],
  [KEYS[2], 'messages', ['key_remote_jid', 'key_from_me', 'key_id']],
]

function keysOf(file: SqliteFile, tables: readonly SqlTable[]) {
  const found = new Map<string, Map<string, string>>()
  for (const [keys, name, columns] of SOURCES) {
    const table = tables.find((one) => one.name === name)
    const at = table && columns.map((column) => table.columns.indexOf(column))
    const shown =
      table && NAMES.map((column) => table.columns.indexOf(column)).filter((column) => column >= 0)
    // Names are needed only when another table with the same keys may contain pictures.
    const asked = tables.some((one) => one !== table && keys.every((key) => one.columns.includes(key)))
    if (!table || !asked || at!.includes(-1)) continue
    const byKey = new Map<string, string>()
    for (const { rowid, values } of file.rows(table.rootPage)) {
      const key = keyOf(at!.map((i) => (i === table.rowidColumn ? Number(rowid) : (values[i] ?? null))))
      const text = shown!.map((i) => values[i]).find((value) => typeof value === 'string' && value !== '')
      if (key !== null && typeof text === 'string') byKey.set(key, text)
    }
    found.set(keys.join(' '), byKey)
  }
  return found
}

function keyOf(values: readonly SqlValue[]): string | null {
  return values.some((value) => value === null) ? null : values.map(String).join('\0')
}

/**
 * Who is who in Snapchat: `main.db` of Android has a row a friend; `primary.docobjects` of iOS one a user, whose shown name stands in a
 * document (FlatBuffers) of which only what is checked against the row is taken.
 *
 * @see ALEAPP and iLEAPP, "snapchat"; flatbuffers.dev, "FlatBuffer Internals"
 */
import { textOf } from '../sqlite/row-values.ts'
import { column, type Tables } from '../sqlite/sqlite-tables.ts'
import { personOf } from './persons.ts'
import { liveRows } from './rows.ts'

/** By number. */
export function snapchatNames(tables: Tables | null): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  if (tables === null) return names
  for (const row of liveRows(tables, 'friend')) {
    const id = textOf(row, 'userid')
    if (id !== undefined) names.set(id, personOf(id, [textOf(row, 'displayname'), textOf(row, 'username')]))
  }
  const accounts = new Map<bigint | null, string | undefined>()
  for (const row of liveRows(tables, 'index_snapchatterusername'))
    accounts.set(row.rowid, textOf(row, 'username'))
  for (const row of liveRows(tables, 'snapchatter')) {
    const id = textOf(row, 'userid')
    if (id === undefined) continue
    const about = column(row, 'p')
    const shown = Buffer.isBuffer(about) ? shownName(about, id) : undefined
    names.set(id, personOf(id, [shown, accounts.get(row.rowid)]))
  }
  return names
}

const USER_ID = 0
const SHOWN_NAME = 2

function shownName(document: Buffer, id: string): string | undefined {
  return textAt(document, USER_ID) === id ? (textAt(document, SHOWN_NAME) ?? undefined) : undefined
}

/** A text of a document's outermost table, by the place of its field; null: there is none there. */
function textAt(bytes: Buffer, field: number): string | null {
  const table = within(bytes, 0)
  if (table === null || table + 4 > bytes.length) return null
  const offsets = table - bytes.readInt32LE(table)
  if (offsets < 0 || offsets + 4 > bytes.length) return null
  const entry = offsets + 4 + field * 2
  if (entry + 2 > Math.min(bytes.length, offsets + bytes.readUInt16LE(offsets))) return null
  const offset = bytes.readUInt16LE(entry)
  const text = offset === 0 ? null : within(bytes, table + offset)
  if (text === null || text + 4 > bytes.length) return null
  const length = bytes.readUInt32LE(text)
  return text + 4 + length > bytes.length ? null : bytes.toString('utf8', text + 4, text + 4 + length)
}

/** Where a number says that something stands, counted from itself; null: behind the end. */
function within(bytes: Buffer, at: number): number | null {
  if (at + 4 > bytes.length) return null
  const there = at + bytes.readUInt32LE(at)
  return there < bytes.length ? there : null
}

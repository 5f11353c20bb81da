/**
 * Reads the names of Snapchat users. `main.db` of Android has a row for each friend. `primary.docobjects` of iOS has
 * a row for each user; a FlatBuffers document contains the display name. A name is used only when the document
 * contains the same user id as the row.
 *
 * @see ALEAPP and iLEAPP, "snapchat"; flatbuffers.dev, "FlatBuffer Internals"
 */
import { textOf } from '../../sqlite/row-values.ts'
import { column, type Tables } from '../../sqlite/sqlite-tables.ts'
import { personOf } from '../common/persons.ts'
import { liveRows } from '../common/rows.ts'

/** Names by user id. */
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

/** A text field of the root table of a document, by field number; null: no such field. */
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

/** Target of a relative offset, counted from its own position; null: behind the end. */
function within(bytes: Buffer, at: number): number | null {
  if (at + 4 > bytes.length) return null
  const there = at + bytes.readUInt32LE(at)
  return there < bytes.length ? there : null
}

/**
 * Reads the address book of Android (`contacts2.db` of com.android.providers.contacts): one record for each telephone
 * number and mail address of an entry.
 *
 * A number stands as a person typed it; Android writes the full form with its country beside it where it knows one.
 *
 * @see AOSP, ContactsDatabaseHelper, ContactsContract.CommonDataKinds; ALEAPP, "contacts"
 */
import { millisecondTime } from '../../bytes/times.ts'
import { addContact, type ContactEntry } from '../../chats/common/contact-records.ts'
import { hasColumns, liveRows, textsBy } from '../../chats/common/rows.ts'
import type { RecordCollector } from '../../records/artefact.ts'
import { textOf } from '../../sqlite/row-values.ts'
import { column, type Tables } from '../../sqlite/sqlite-tables.ts'

const PHONE = 'vnd.android.cursor.item/phone_v2'
const MAIL = 'vnd.android.cursor.item/email_v2'
/** With its country (E.164). */
const FULL_NUMBER = /^\+\d{7,15}$/

export function readAndroidContacts(tables: Tables, sink: RecordCollector): boolean {
  if (!hasColumns(tables, 'data', ['raw_contact_id', 'mimetype_id', 'data1'])) return false
  if (!hasColumns(tables, 'raw_contacts', ['display_name'])) return false
  const kinds = textsBy(tables, 'mimetypes', '_id', 'mimetype')
  const accounts = textsBy(tables, 'accounts', '_id', 'account_name')
  const changed = new Map<unknown, unknown>()
  for (const row of liveRows(tables, 'contacts'))
    changed.set(column(row, '_id'), column(row, 'contact_last_updated_timestamp'))
  const entries = new Map<unknown, ContactEntry>()
  for (const row of liveRows(tables, 'raw_contacts')) {
    const name = textOf(row, 'display_name')?.trim()
    if (name === undefined || name === '') continue
    entries.set(column(row, '_id'), {
      program: 'android-contacts',
      name,
      account: textOf(row, 'account_name') ?? accounts.get(column(row, 'account_id')),
      when: millisecondTime(changed.get(column(row, 'contact_id'))),
      status: column(row, 'deleted') === 1 ? 'deleted' : 'live',
    })
  }
  for (const row of liveRows(tables, 'data')) {
    const kind = kinds.get(column(row, 'mimetype_id'))
    const entry = entries.get(column(row, 'raw_contact_id'))
    const stated = textOf(row, 'data1')?.trim()
    if (entry === undefined || stated === undefined || stated === '' || (kind !== PHONE && kind !== MAIL))
      continue
    const full = kind === PHONE ? textOf(row, 'data4') : undefined
    const isFull = full !== undefined && FULL_NUMBER.test(full)
    addContact(sink, entry, kind === PHONE ? 'number' : 'mail', stated, isFull ? full : stated)
  }
  return true
}

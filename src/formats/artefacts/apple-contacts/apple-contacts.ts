/**
 * Reads the address book of iOS (`AddressBook.sqlitedb`): one record for each telephone number and mail address of an
 * entry. A number stands as a person typed it, often without its country.
 *
 * @see iLEAPP, "addressBook"; Apple, ABPerson (properties 3 and 4)
 */
import { cocoaTime } from '../../bytes/times.ts'
import { addContact, type ContactEntry } from '../../chats/common/contact-records.ts'
import { hasColumns, liveRows } from '../../chats/common/rows.ts'
import type { RecordCollector } from '../../records/artefact.ts'
import { textOf } from '../../sqlite/row-values.ts'
import { column, type NamedRow, type Tables } from '../../sqlite/sqlite-tables.ts'

/** kABPersonPhoneProperty and kABPersonEmailProperty. */
const [PHONE, MAIL] = [3, 4]
const NAME_PARTS = ['first', 'middle', 'last'] as const

export function readAppleContacts(tables: Tables, sink: RecordCollector): boolean {
  if (!hasColumns(tables, 'abmultivalue', ['record_id', 'property', 'value'])) return false
  if (tables.get('abperson') === null) return false
  const entries = new Map<string, ContactEntry>()
  for (const row of liveRows(tables, 'abperson')) {
    const name = nameOf(row)
    if (row.rowid !== null && name !== undefined)
      entries.set(String(row.rowid), {
        program: 'apple-contacts',
        name,
        when: cocoaTime(column(row, 'modificationdate')),
        status: row.status,
      })
  }
  for (const row of liveRows(tables, 'abmultivalue')) {
    const property = column(row, 'property')
    const entry = entries.get(String(column(row, 'record_id')))
    const stated = textOf(row, 'value')?.trim()
    if (entry === undefined || stated === undefined || stated === '') continue
    if (property !== PHONE && property !== MAIL) continue
    addContact(sink, entry, property === PHONE ? 'number' : 'mail', stated)
  }
  return true
}

function nameOf(row: NamedRow): string | undefined {
  const person = NAME_PARTS.map((part) => textOf(row, part)?.trim() ?? '')
    .filter((part) => part !== '')
    .join(' ')
  return [person, textOf(row, 'nickname')?.trim(), textOf(row, 'organization')?.trim()].find((one) => one)
}

/** Address books of telephones: the name of each number and mail address, and nothing of a person that must not be read. */
import { describe, expect, it } from 'vitest'
import { ANDROID_CONTACTS_SCHEMA, APPLE_CONTACTS_SCHEMA } from '../../../fixtures/device/stores.ts'
import { readAndroidContacts } from '../../../src/formats/artefacts/android-contacts/android-contacts.ts'
import { readAppleContacts } from '../../../src/formats/artefacts/apple-contacts/apple-contacts.ts'
import { type GivenRecord, RecordCollector } from '../../../src/formats/records/artefact.ts'
import { SqliteFile } from '../../../src/formats/sqlite/sqlite-file.ts'
import { Tables } from '../../../src/formats/sqlite/sqlite-tables.ts'
import { databaseOf } from '../sample.ts'
import { samples as android } from './android-contacts/sample.ts'
import { samples as apple } from './apple-contacts/sample.ts'

function readBy(read: typeof readAndroidContacts, bytes: Buffer, closed: readonly string[] = []) {
  const records: GivenRecord[] = []
  const privileged = closed.length === 0 ? null : { addresses: closed, domains: [] }
  const sink = new RecordCollector(100, (record) => records.push(record), privileged)
  expect(read(new Tables(new SqliteFile(bytes)), sink)).toBe(true)
  return { records, closed: sink.closed }
}

describe('contacts2.db of Android', () => {
  it('gives each number with its country where the telephone worked it out, the mail address, and the account', () => {
    const { records } = readBy(readAndroidContacts, android[0]!.make())
    const common = { program: 'android-contacts', name: 'Ben Example', account: 'ona@example.org' }
    expect(records).toMatchObject([
      {
        what: { code: 'contact', params: { ...common, number: '8 600 00006' } },
        person: '+37060000006 (Ben Example)',
        when: { ns: '1790000000000000000' },
        status: 'live',
      },
      {
        what: { code: 'contact', params: { ...common, mail: 'ben@example.org' } },
        person: 'ben@example.org (Ben Example)',
      },
    ])
  })

  it('says that an entry is in the bin, and loses none to rows that name nobody', () => {
    const { records } = readBy(
      readAndroidContacts,
      databaseOf(
        ANDROID_CONTACTS_SCHEMA,
        `INSERT INTO raw_contacts (_id, deleted, display_name) VALUES (1, 1, 'Cy Example'), (2, 0, NULL), (3, 0, '  ');
         INSERT INTO data (mimetype_id, raw_contact_id, data1, data4) VALUES (5, 1, '+370 600 00001', 'no number'), (5, 2, '+37060000002', NULL), (5, 3, '+37060000003', NULL), (5, 77, '+37060000004', NULL), (99, 1, 'x', NULL), (5, 1, NULL, NULL), (5, 1, ' ', NULL);`,
      ),
    )
    expect(records.map(({ person, status }) => [person, status])).toEqual([
      ['+370 600 00001 (Cy Example)', 'deleted'],
    ])
  })
})

describe('AddressBook.sqlitedb of iOS', () => {
  it('tells the number from the name where both have parentheses', () => {
    const { records } = readBy(
      readAppleContacts,
      databaseOf(
        APPLE_CONTACTS_SCHEMA,
        `INSERT INTO ABPerson (ROWID, First, Last) VALUES (1, 'Dana', '(work)');
         INSERT INTO ABMultiValue VALUES (1, 1, 3, 0, 1, '+370 (600) 00007');`,
      ),
    )
    expect(records[0]!.person).toBe('+370 600 00007 (Dana (work))')
    expect(records[0]!.what.params).toMatchObject({ name: 'Dana (work)', number: '+370 (600) 00007' })
  })

  it('gives persons and organisations by their numbers and addresses, with the last change', () => {
    const { records } = readBy(readAppleContacts, apple[0]!.make())
    expect(records.map(({ person, what, when }) => [person, what.code, when?.ns])).toEqual([
      ['+370 600 00005 (Ada Example)', 'contact', '1678307200000000000'],
      ['ada@example.org (Ada Example)', 'contact', '1678307200000000000'],
      ['112 (Harbour)', 'contact', '1678307200000000000'],
    ])
  })

  it('is no other database with a table of that name', () => {
    const tables = new Tables(
      new SqliteFile(databaseOf(APPLE_CONTACTS_SCHEMA.replace('property', 'kind'), '')),
    )
    expect(readAppleContacts(tables, new RecordCollector(9, () => {}))).toBe(false)
  })
})

it.each([
  ['by number', '+37060000006', readAndroidContacts, android],
  ['by the number in another form', '37060000005', readAppleContacts, apple],
  ['by name', 'ada example', readAppleContacts, apple],
] as const)(
  'an entry of a person of the privilege list is counted and not read, %s',
  (_how, listed, read, [sample]) => {
    const { records, closed } = readBy(read, sample!.make(), [listed])
    expect(closed).toBeGreaterThan(0)
    const all = readBy(read, sample!.make()).records.length
    expect(records).toHaveLength(all - closed)
  },
)

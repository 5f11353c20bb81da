/**
 * Accounts of a case whose names only one exhibit has: stated with both places, never merged; the nodes of CASE against the
 * published shapes; and the accounts as a section of the working report of the case.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { FACEBOOK_THREADS_SCHEMA } from '../../fixtures/device/messengers.ts'
import {
  ANDROID_CONTACTS_SCHEMA,
  ANDROID_MESSAGES_SCHEMA,
  APPLE_CONTACTS_SCHEMA,
  APPLE_WHATSAPP_SCHEMA,
} from '../../fixtures/device/stores.ts'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { scanArgs, seized } from '../e2e/seized.ts'
import { databaseOf } from '../formats/sample.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { SCHEMAS_ARE_HERE } from '../report/exchange/schemas.ts'
import { shapesIn } from '../report/exchange/shapes.ts'

const AT = Date.UTC(2026, 9, 14, 12)
const ADA = '4200000000000042'
const THREAD = `ONE_TO_ONE:${ADA}:7`

/** A chat with one account. @param name in the program's list of contacts; null: it has none */
function facebook(name: string | null): Buffer {
  const user =
    name === null
      ? ''
      : `INSERT INTO thread_users VALUES ('FACEBOOK:${ADA}', NULL, NULL, NULL, '${name}', 1);`
  return databaseOf(
    FACEBOOK_THREADS_SCHEMA,
    `INSERT INTO threads VALUES ('${THREAD}', NULL, NULL, ${AT}); ${user}
     INSERT INTO messages VALUES ('m1', '${THREAD}', 'the boats are dry', '{"user_key":"FACEBOOK:${ADA}"}', ${AT}, 0, NULL, NULL, NULL, NULL),
       ('m2', '${THREAD}', 'then we row', '{"user_key":"FACEBOOK:7"}', ${AT + 60_000}, 0, NULL, NULL, NULL, NULL);`,
  )
}

const NUMBER = '37060000006'
/** Seconds since 2001. */
const COCOA = AT / 1000 - 978_307_200

/** The telephone's address book names the other person: WhatsApp on iOS keeps that name with the conversation. */
const PARTNER = databaseOf(
  `${APPLE_WHATSAPP_SCHEMA} CREATE TABLE ZWACHATSESSION (Z_PK INTEGER PRIMARY KEY, ZCONTACTJID VARCHAR, ZPARTNERNAME VARCHAR);`,
  `INSERT INTO ZWACHATSESSION VALUES (1, '${NUMBER}@s.whatsapp.net', 'Ben Example');
   INSERT INTO ZWAMESSAGE VALUES (1, 0, ${COCOA}.0, '${NUMBER}@s.whatsapp.net', NULL, 'the boats are dry');`,
)
const SMS = databaseOf(
  ANDROID_MESSAGES_SCHEMA,
  `INSERT INTO sms (_id, thread_id, address, date, type, body) VALUES (1, 7, '+370 600 00006', ${AT}, 1, 'bring the thermos'), (2, 8, '+370 600 00007', ${AT}, 1, 'bring the oars')`,
)

/** Address books of two telephones: each names the number that only LTU-09 wrote with, and one names a person that nobody wrote with. */
const ANDROID_BOOK = databaseOf(
  ANDROID_CONTACTS_SCHEMA,
  `INSERT INTO raw_contacts (_id, display_name) VALUES (1, 'Dana from the boats'), (2, 'Nobody Wrote');
   INSERT INTO data (mimetype_id, raw_contact_id, data1, data4) VALUES (5, 1, '8 600 00007', '+37060000007'), (5, 2, '+37060000099', NULL);`,
)
const APPLE_BOOK = databaseOf(
  APPLE_CONTACTS_SCHEMA,
  `INSERT INTO ABPerson (ROWID, First, Last) VALUES (1, 'Dana', '(work)'), (2, 'No', 'Country');
   INSERT INTO ABMultiValue VALUES (1, 1, 3, 0, 1, '+370 (600) 00007'), (2, 2, 3, 0, 1, '60000007');`,
)

describe('names of accounts in a case', { timeout: 240_000 }, () => {
  const folder = temporaryFolderForFile()
  const dir = join(folder, 'case')
  const of = (...args: string[]) => seized(args, { XDG_STATE_HOME: join(folder, 'state') })
  const ledger = (exhibit: string) => join(folder, `${exhibit}.sqlite`)
  const listed = Buffer.from('a drawing of a lake\n'.repeat(30))

  beforeAll(() => {
    const list = join(folder, 'list.csv')
    writeFileSync(list, `sha256\n${createHash('sha256').update(listed).digest('hex')}\n`)
    const basis = ['--text', '--basis', 'warrant 7/2026']
    for (const [exhibit, name, more] of [
      ['LTU-07', 'Not Read', []],
      ['LTU-08', 'Ada <b>Example', basis],
      ['LTU-09', null, basis],
    ] as const) {
      mkdirSync(join(folder, exhibit))
      writeFileSync(join(folder, exhibit, 'threads_db2'), facebook(name))
      writeFileSync(join(folder, exhibit, 'lake.txt'), listed)
      if (exhibit === 'LTU-08') {
        writeFileSync(join(folder, exhibit, 'ChatStorage.sqlite'), PARTNER)
        writeFileSync(join(folder, exhibit, 'contacts2.db'), ANDROID_BOOK)
      }
      if (exhibit !== 'LTU-08') writeFileSync(join(folder, exhibit, 'AddressBook.sqlitedb'), APPLE_BOOK)
      if (exhibit === 'LTU-09') writeFileSync(join(folder, exhibit, 'mmssms.db'), SMS)
      const args = scanArgs(
        join(folder, exhibit),
        ledger(exhibit),
        [`illegal:${list}`],
        ...['--workers', '1', ...more],
      )
      const { status, stderr } = of(...args.map((one, i) => (args[i - 1] === '--exhibit' ? exhibit : one)))
      if (![0, 3, 10, 13].includes(status ?? -1)) throw new Error(`${exhibit}: ${status} ${stderr}`)
    }
    const from = ['LTU-07', 'LTU-08', 'LTU-09'].flatMap((one) => ['--from', ledger(one)])
    expect(of('case', 'init', 'T-1', '--dir', dir, ...from).status).toBe(0)
  }, 240_000)

  const made = new Map<string, string>()
  const written = (format: string): string => {
    const text = made.get(format) ?? writtenNow(format)
    made.set(format, text)
    return text
  }

  function writtenNow(format: string): string {
    const out = join(folder, `accounts.${format}`)
    const { status, stderr } = of('case', 'accounts', dir, '--format', format, '--out', out)
    expect([status, stderr]).toEqual([0, expect.any(String)])
    return readFileSync(out, 'utf8')
  }

  it('links the account to the name of the other exhibit, with the reason and both places', () => {
    const said = JSON.parse(written('json'))
    const account = `facebook-messenger:${ADA}`
    expect(said.links.filter((one: { account: string }) => one.account === account)).toEqual([
      {
        account,
        name: 'Ada <b>Example',
        reason: 'identifier',
        named: { from: 'contact', exhibit: 'LTU-08', program: 'facebook-messenger', path: 'threads_db2' },
        recorded: { exhibit: 'LTU-09', program: 'facebook-messenger', path: 'threads_db2' },
      },
    ])
    expect(said.links.filter((each: { account: string }) => each.account === `tel:${NUMBER}`)).toEqual([
      {
        account: `tel:${NUMBER}`,
        name: 'Ben Example',
        reason: 'number',
        named: { from: 'conversation', exhibit: 'LTU-08', program: 'whatsapp', path: 'ChatStorage.sqlite' },
        recorded: { exhibit: 'LTU-09', program: expect.any(String), path: 'mmssms.db' },
      },
    ])
    // A conversation without a name is recorded by a number or an address, which is no name.
    const all = said.accounts.flatMap((each: { names: { name: string }[] }) =>
      each.names.map(({ name }) => name),
    )
    expect(all.sort()).toEqual([
      'Ada <b>Example',
      'Ben Example',
      // As each telephone has it: two names of one number, and none of the exhibit without a basis.
      'Dana (work)',
      'Dana from the boats',
    ])
    const [one] = said.accounts.filter((each: { account: string }) => each.account === account)
    expect(one.names.map(({ name, exhibit }: { name: string; exhibit: string }) => [name, exhibit])).toEqual([
      ['Ada <b>Example', 'LTU-08'],
    ])
    const rows = written('csv').split('\r\n').join('\n').split('\n')
    const own = rows.filter((row) => row.startsWith('"account",') && row.includes(ADA))
    expect(own).toHaveLength(2)
    expect(own.filter((row) => row.includes('Ada <b>Example'))).toHaveLength(1)
    expect(rows.filter((row) => row.startsWith('"name",') && row.includes(ADA))).toEqual([
      expect.stringMatching(/"LTU-09".*"identifier".*"LTU-08"/),
    ])
    expect(JSON.stringify(said)).not.toContain('Not Read')
  })

  it('names an account as the address books of the telephones do, each with its exhibit', () => {
    const said = JSON.parse(written('json'))
    const [dana, ...more] = said.accounts.filter(
      (each: { account: string }) => each.account === 'tel:37060000007',
    )
    expect(more).toEqual([])
    // Of both books the records of LTU-09 alone count, and an entry of a book is no record of a message.
    expect(dana.on).toMatchObject([{ exhibit: 'LTU-09', sent: 0, received: 1 }])
    expect(dana.names).toEqual([
      {
        name: 'Dana (work)',
        from: 'address-book',
        exhibit: 'LTU-09',
        program: 'apple-contacts',
        path: 'AddressBook.sqlitedb',
      },
      {
        name: 'Dana from the boats',
        from: 'address-book',
        exhibit: 'LTU-08',
        program: 'android-contacts',
        path: 'contacts2.db',
      },
    ])
    const page = written('html')
    for (const words of ['named on LTU-09 as “Dana (work)”', 'named on LTU-08 as “Dana from the boats”'])
      expect(page).toContain(words)
    for (const text of [page, written('csv'), written('case'), JSON.stringify(said)]) {
      expect(text).not.toContain('Nobody Wrote')
      expect(text).not.toContain('No Country')
    }
    // A ledger keeps them on the legal basis for text alone.
    const timeline = (exhibit: string) => of('timeline', ledger(exhibit), '--format', 'jsonl').stdout
    expect(timeline('LTU-08')).toContain('entry “Dana from the boats” of the address book')
    expect(timeline('LTU-07')).not.toContain('Dana')
  })

  it.skipIf(!SCHEMAS_ARE_HERE)(
    'is CASE and UCO by the published shapes, and a broken twin is not',
    async () => {
      const violations = shapesIn('case/', 'uco/')
      const text = written('case')
      expect(text).toContain('named on LTU-08 as “Ada <b>Example”')
      expect(await violations(text)).toEqual([])
      const broken = text.replace(
        '"@type":"xsd:boolean","@value":"true"',
        '"@type":"xsd:boolean","@value":"perhaps"',
      )
      expect(broken).not.toBe(text)
      expect(await violations(broken)).not.toEqual([])
    },
  )

  it('is a section of the working report of the case, drawn without a script, with a basis for text alone', () => {
    const out = join(folder, 'working.html')
    const report = (...args: string[]) => of('report', dir, '--edition', 'working', ...args)
    expect(report('--format', 'pdf', '--out', out).status).toBe(2)
    const made = report('--format', 'html', '--out', out, '--operator', 'A. Example')
    expect([made.status, made.stderr]).toEqual([0, expect.stringContaining('Working report of the case')])
    const page = readFileSync(out, 'utf8')
    expect(page).not.toMatch(/<script|javascript:|\son\w+=|<b>/i)
    expect(page).toContain("default-src 'none'")
    const text = page.replace(/<[^>]*>/g, ' ')
    // The listed content once, with its places by exhibit.
    expect(page.split(createHash('sha256').update(listed).digest('hex'))).toHaveLength(2)
    for (const exhibit of ['LTU-07', 'LTU-08', 'LTU-09'])
      expect(text).toMatch(new RegExp(`${exhibit}: +lake\\.txt`))
    expect(text).toContain('on list list.csv (illegal)')
    const section = page.slice(page.indexOf('<section id="accounts">'))
    expect(section.match(/<line /g)).toHaveLength(5)
    expect(section).toContain('it may be that of a group')
    expect(section).toContain('LTU-07: no legal basis for text was given')
    expect(section).toContain('the same identifier of the same program')
    expect(page).not.toContain('Not Read')
    const events = readCustody(join(dir, 'case')).filter(({ event }) => event === 'reported')
    expect(events.at(-1)?.detail).toMatchObject({ edition: 'working', format: 'html' })
    const verified = of('case', 'verify', dir)
    expect([verified.status, verified.stdout]).toEqual([0, expect.stringContaining('VERIFIED')])
  })
})

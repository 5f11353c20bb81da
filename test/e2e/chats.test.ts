/** Chats on a phone, from a scan to the timeline: words searchable, records in order, files joined, and what stays closed. */
import { hash } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { simpleEntry } from '../../fixtures/device/caches.ts'
import { discordAnswer } from '../../fixtures/device/discord.ts'
import { ANDROID_MESSAGES_SCHEMA, WHATSAPP_CHATS_SCHEMA } from '../../fixtures/device/stores.ts'
import { exported, scanArgs, seized, temporaryFolder } from './seized.ts'

const LAKE = Buffer.from('a drawing of a lake\n'.repeat(30))
const HERON = Buffer.from('a drawing of a heron\n'.repeat(30))
const AT = 1_600_000_000

/** WhatsApp with its newest messages in the log alone, SMS with one MMS, and the files that were attached. */
function phone(folder: string): string {
  const root = join(folder, 'exhibit')
  const whatsapp = join(root, 'data/data/com.whatsapp/databases')
  const telephony = join(root, 'data/user_de/0/com.android.providers.telephony')
  const media = join(root, 'data/media/0/WhatsApp/Media/WhatsApp Images')
  for (const one of [whatsapp, join(telephony, 'databases'), join(telephony, 'app_parts'), media])
    mkdirSync(one, { recursive: true })
  writeFileSync(join(media, 'IMG-1.txt'), LAKE)
  writeFileSync(join(telephony, 'app_parts/PART_1_heron.txt'), HERON)
  const made = join(folder, 'msgstore.db')
  const db = new Database(made)
  db.pragma('journal_mode = WAL')
  db.pragma('wal_autocheckpoint = 0')
  db.exec(`${WHATSAPP_CHATS_SCHEMA}
    INSERT INTO jid VALUES (4, '37060000001', 's.whatsapp.net', '37060000001@s.whatsapp.net'), (5, '37060000009', 's.whatsapp.net', '37060000009@s.whatsapp.net');
    INSERT INTO chat VALUES (1, 4, 0, NULL), (2, 5, 0, NULL);
    INSERT INTO message VALUES (1, 1, 0, 'K1', 0, 0, ${AT}000, 0, 0, 'the heron came back to the pond', 1),
      (2, 1, 1, 'K2', 0, 5, ${AT + 60}000, 0, 1, NULL, 2), (3, 2, 0, 'K3', 0, 0, ${AT + 90}000, 0, 0, 'your appointment is on Tuesday', 3);
    INSERT INTO message_media VALUES (2, 1, 'Media/WhatsApp Images/IMG-1.txt', ${LAKE.length}, 'text/plain', NULL, NULL, '${hash('sha256', LAKE, 'base64')}');`)
  for (const end of ['', '-wal']) copyFileSync(made + end, join(whatsapp, `msgstore.db${end}`))
  db.close()
  const sms = new Database(join(telephony, 'databases/mmssms.db'))
  sms.exec(`${ANDROID_MESSAGES_SCHEMA}
    INSERT INTO sms (_id, thread_id, address, date, type, body) VALUES (1, 7, '+37060000002', ${AT + 120}000, 1, 'bring the thermos tomorrow');
    INSERT INTO pdu (_id, thread_id, date, msg_box, m_type) VALUES (1, 7, ${AT + 180}, 1, 132);
    INSERT INTO addr (msg_id, address, type) VALUES (1, '+37060000002', 137), (1, 'insert-address-token', 151);
    INSERT INTO part (mid, ct, cl, _data) VALUES (1, 'text/plain', 'heron.txt', '/data/user_de/0/com.android.providers.telephony/app_parts/PART_1_heron.txt');
    UPDATE part SET ct = 'image/jpeg';`)
  sms.close()
  return root
}

const BASIS = ['--text', '--basis', 'warrant 7/2026', '--workers', '1']

describe('chats on a phone', () => {
  it('are searchable, in order in the timeline, and joined to the files that they name', () => {
    const folder = temporaryFolder()
    const ledger = join(folder, 'case.sqlite')
    const list = join(folder, 'list.csv')
    writeFileSync(list, `sha256\n${'0'.repeat(64)}\n`)
    const run = seized(scanArgs(phone(folder), ledger, [`illegal:${list}`], ...BASIS))
    expect([run.status, run.stderr]).toEqual([expect.any(Number), expect.any(String)])
    // The words stand in the log alone.
    expect(seized(['search', ledger, 'heron']).stdout).toContain('msgstore.db')
    expect(seized(['search', ledger, 'thermos']).stdout).toContain('mmssms.db')
    const told = seized(['timeline', ledger, '--format', 'jsonl']).stdout
    const lines = told.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
    const shown = lines.map(({ record, direction, person, datetime }) => [
      record,
      direction,
      person,
      datetime?.slice(11, 19),
    ])
    expect(shown).toEqual([
      ['message', 'received', '37060000001@s.whatsapp.net', '12:26:40'],
      ['message-media', 'sent', '37060000001@s.whatsapp.net', '12:27:40'],
      ['conversation', null, '37060000001@s.whatsapp.net', '12:27:40'],
      ['message', 'received', '37060000009@s.whatsapp.net', '12:28:10'],
      ['conversation', null, '37060000009@s.whatsapp.net', '12:28:10'],
      ['message', 'received', '+37060000002', '12:28:40'],
      ['message-media', 'received', '+37060000002', '12:29:40'],
      ['conversation', null, '+37060000002', '12:29:40'],
    ])
    const sketch = seized(['timeline', ledger, '--format', 'timesketch', '--person', '37060000002']).stdout
    expect(
      sketch
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      {
        message: expect.stringContaining('message in a chat'),
        datetime: '2020-09-13T12:28:40.000000000Z',
        timestamp_desc: 'Time of the record (message)',
      },
      { data_type: 'seized:record:message-media' },
      { data_type: 'seized:record:conversation' },
    ])
    const out = join(folder, 'timeline.html')
    expect(seized(['timeline', ledger, '--format', 'html', '--out', out]).status).toBe(0)
    expect(readFileSync(out, 'utf8')).toMatch(
      /37060000001@s\.whatsapp\.net<\/bdi><\/td><td>3 records: 1 sent, 1 received/,
    )
    const joined = lines.find(({ params }) => params.name === 'heron.txt')
    expect(joined.params.lies).toBe(
      'data/user_de/0/com.android.providers.telephony/app_parts/PART_1_heron.txt',
    )
    expect(told).not.toMatch(/appointment|thermos/)
    expect(seized(['verify', ledger]).status).toBe(0)
    const store = exported(ledger, folder).find(({ path }) => path.endsWith('msgstore.db'))
    expect(store.attributes).toContainEqual(
      expect.objectContaining({ code: 'conversations', params: { program: 'whatsapp', conversations: 2 } }),
    )
  }, 180_000)

  it('stay closed for a person of the privilege list, whose number is written otherwise; the other chats are read', () => {
    const folder = temporaryFolder()
    const ledger = join(folder, 'case.sqlite')
    const list = join(folder, 'list.csv')
    writeFileSync(list, `sha256\n${'0'.repeat(64)}\n`)
    const privileged = join(folder, 'privileged.txt')
    writeFileSync(privileged, 'address:8 600 00009\n')
    const more = ['--privileged', privileged, ...BASIS]
    seized(scanArgs(phone(folder), ledger, [`illegal:${list}`], ...more))
    expect(seized(['search', ledger, 'appointment']).stdout).not.toContain('msgstore.db')
    expect(seized(['search', ledger, 'heron']).stdout).toContain('msgstore.db')
    const told = seized(['timeline', ledger, '--format', 'jsonl']).stdout
    expect(told).toContain('37060000001')
    expect(told).not.toContain('37060000009')
    expect(readFileSync(ledger).includes('37060000009')).toBe(false)
    const store = exported(ledger, folder).find(({ path }) => path.endsWith('msgstore.db'))
    expect(store.stages['text-read']).toMatchObject({
      result: 'done-with-warnings',
      detail: { code: 'conversations-privileged', params: { conversations: 1 } },
    })
    expect(store.stages['records-read']).toMatchObject({ detail: { code: 'records-privileged' } })
  }, 180_000)
})

describe('chats in a cache', () => {
  it('are searchable, and what was attached is the body that lies there under its address', () => {
    const folder = temporaryFolder()
    const cache = join(folder, 'exhibit/discord/Cache/Cache_Data')
    mkdirSync(cache, { recursive: true })
    const url = 'https://cdn.discordapp.com/attachments/1/2/lake.txt?ex=1&is=2'
    const author = ['2000000000000000042', 'ada.example', 'Ada'] as const
    const attachments = [{ id: '9', filename: 'lake.txt', size: LAKE.length, url }]
    const body = discordAnswer([
      { id: '2', at: AT + 60, author, words: '', attachments },
      { id: '1', at: AT, author, words: 'the heron came back to the pond' },
    ])
    const answered = 'https://discord.com/api/v9/channels/1000000000000000007/messages?limit=50'
    writeFileSync(join(cache, '0123456789abcdef_0'), simpleEntry({ url: answered, body, at: AT }))
    writeFileSync(join(cache, '0123456789abcde0_0'), simpleEntry({ url, body: LAKE, at: AT }))
    const list = join(folder, 'list.csv')
    writeFileSync(list, `sha256\n${hash('sha256', LAKE)}\n`)
    const ledger = join(folder, 'case.sqlite')
    expect(seized(scanArgs(join(folder, 'exhibit'), ledger, [`illegal:${list}`], ...BASIS)).status).toBe(10)
    expect(seized(['search', ledger, 'heron']).stdout).toContain('messages?limit=50')
    const told = seized(['timeline', ledger, '--format', 'jsonl']).stdout
    const lines = told.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
    expect(lines.find(({ record }) => record === 'message-media')).toMatchObject({
      person: '2000000000000000042 (Ada / ada.example)',
      params: {
        name: 'lake.txt',
        lies: `discord/Cache/Cache_Data/0123456789abcde0_0 » member ${url}`,
      },
    })
    const page = join(folder, 'report.html')
    expect(seized(['report', ledger, '--format', 'html', '--out', page]).status).toBe(0)
    for (const shown of [told, readFileSync(page, 'utf8')])
      expect(shown).toMatch(/file in a chat.*\(Discord\)/)
    // Beside the hit stands what was said of it.
    const hit = exported(ledger, folder).find(({ hits }) => hits?.length > 0)
    expect(hit.records).toContainEqual(expect.objectContaining({ record: 'message-media' }))
  }, 180_000)
})

describe('Signal on a desktop', () => {
  const MADE = join(import.meta.dirname, '../../fixtures/device/sqlcipher')
  const KEY: string = JSON.parse(readFileSync(join(MADE, 'signal-config.json'), 'utf8')).key
  const at = 'home/x/.config/Signal'

  function scanned(settings: string | null, ...more: readonly string[]) {
    const folder = temporaryFolder()
    const root = join(folder, 'exhibit')
    mkdirSync(join(root, at, 'sql'), { recursive: true })
    for (const end of ['', '-wal'])
      copyFileSync(join(MADE, `signal.db${end}`), join(root, at, `sql/db.sqlite${end}`))
    if (settings !== null) writeFileSync(join(root, at, 'config.json'), settings)
    // A copy that comes first, with no settings by it.
    mkdirSync(join(root, 'copies'))
    copyFileSync(join(MADE, 'signal.db'), join(root, 'copies/a.db'))
    const list = join(folder, 'list.csv')
    // What the third message says that was attached; it lies nowhere.
    writeFileSync(list, `sha256\n${'cd'.repeat(32)}\n`)
    const ledger = join(folder, 'case.sqlite')
    const run = seized(scanArgs(root, ledger, [`illegal:${list}`], ...BASIS, ...more))
    const entries = exported(ledger, folder)
    const database = entries.find(({ path }) => path.endsWith('db.sqlite'))
    return { folder, ledger, run, entries, database }
  }

  it.each([
    ['as its versions wrote them', readFileSync(join(MADE, 'signal-config.json'), 'utf8')],
    ['that name nothing else', JSON.stringify({ key: KEY })],
  ])(
    'is opened with the key of settings %s, log and all; the key is kept nowhere',
    (_how, settings) => {
      const { folder, ledger, run, database } = scanned(settings)
      expect(run.status).toBe(10)
      expect(database.stages.opened).toMatchObject({ result: 'done', reason: null })
      // The second stands in the log alone.
      for (const word of ['sandwiches', 'nine'])
        expect(seized(['search', ledger, word]).stdout).toContain('db.sqlite » member database')
      const told = seized(['timeline', ledger, '--format', 'jsonl']).stdout
      const lines = told.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
      const person = '+37060000001 (Ada / Ada Example / aaaaaaaa-0001-4000-8000-000000000001)'
      expect(
        lines.map(({ record, direction, datetime, ...of }) => [
          record,
          direction,
          of.person,
          datetime.slice(11, 19),
        ]),
      ).toEqual([
        ['message', 'received', person, '12:26:40'],
        ['message', 'sent', person, '12:27:40'],
        ['message-media', 'sent', null, '12:28:40'],
        ['message', 'sent', person, '12:29:40'],
        ['conversation', null, person, '12:29:40'],
      ])
      expect(told).toContain('27 characters (Signal)')
      const page = join(folder, 'report.html')
      expect(seized(['report', ledger, '--format', 'html', '--out', page]).status).toBe(0)
      const [raw, hex] = [Buffer.from(KEY, 'hex'), Buffer.from(KEY, 'latin1')]
      for (const file of [ledger, `${ledger}.text.sqlite`, page]) {
        const bytes = readFileSync(file)
        expect([file, bytes.includes(raw), bytes.includes(hex)]).toEqual([file, false, false])
      }
      expect([told, run.stdout, run.stderr].join('')).not.toContain(KEY)
      expect(seized(['verify', ledger]).status).toBe(0)
    },
    180_000,
  )

  it.each([
    ['there are no settings', null],
    ['the system encrypted the key', `{"encryptedKey": "763130${'ab'.repeat(40)}"}`],
    ['the key is that of another', `{"key": "${'ab'.repeat(32)}", "mediaPermissions": true}`],
  ])(
    'is not done, encrypted, where %s',
    (_why, settings) => {
      const { run, entries, database, ledger } = scanned(settings)
      expect(run.status).toBe(3)
      expect(database.stages.opened).toMatchObject({ result: 'not-done', reason: 'encrypted' })
      expect(database.attributes).toContainEqual(
        expect.objectContaining({
          code: 'locked-store',
          params: { program: 'signal-database', form: 'database' },
        }),
      )
      expect(entries.filter(({ path }) => path.includes('»'))).toEqual([])
      expect(seized(['search', ledger, 'sandwiches']).stdout).not.toContain('db.sqlite')
    },
    180_000,
  )
})

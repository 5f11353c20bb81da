/**
 * A phone's file system as a folder, and the same as a ZIP or TAR on a disk: the same chats, names and attachments. A database in
 * an archive finds its log, its key, the database with its names, and its media beside it in that archive.
 */
import { hash } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { SNAPCHAT_FRIENDS_SCHEMA } from '../../fixtures/device/snapchat.ts'
import { ANDROID_MESSAGES_SCHEMA, WHATSAPP_CHATS_SCHEMA } from '../../fixtures/device/stores.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { tarOf, zipOf } from '../child/archives.ts'
import { messengers } from '../formats/chats/snapchat/sample.ts'
import { databaseOf } from '../formats/sample.ts'
import { exported, scanArgs, seized, temporaryFolder } from './seized.ts'

const SIGNAL = join(import.meta.dirname, '../../fixtures/device/sqlcipher')
const AT = 1_600_000_000
const ADA = 'aaaaaaaa-0001-4000-8000-000000000001'
const HERON = Buffer.from('a drawing of a heron\n'.repeat(30))
const picture = await jpeg({ seed: 8, width: 96, height: 72 })

type Files = ReadonlyMap<string, Buffer>

/** Databases whose newest rows stand in their logs alone; Snapchat's names in another database; Signal's key in its settings. */
function phone(): Files {
  const folder = temporaryFolder()
  const files = new Map<string, Buffer>()
  const whatsapp = 'data/data/com.whatsapp/databases/msgstore.db'
  const made = join(folder, 'msgstore.db')
  const db = new Database(made)
  db.pragma('journal_mode = WAL')
  db.pragma('wal_autocheckpoint = 0')
  db.exec(`${WHATSAPP_CHATS_SCHEMA}
    INSERT INTO jid VALUES (4, '37060000001', 's.whatsapp.net', '37060000001@s.whatsapp.net');
    INSERT INTO chat VALUES (1, 4, 0, NULL);
    INSERT INTO message VALUES (1, 1, 0, 'K1', 0, 0, ${AT}000, 0, 0, 'the heron came back to the pond', 1);
    CREATE TABLE thumbnails (id INTEGER, picture BLOB);`)
  // Pictures of rows that stand in the log alone are members of the database.
  db.prepare('INSERT INTO thumbnails VALUES (1, ?)').run(picture)
  for (const end of ['', '-wal']) {
    copyFileSync(made + end, join(folder, `copy${end}`))
    files.set(whatsapp + end, readFileSync(join(folder, `copy${end}`)))
  }
  db.close()
  const telephony = 'data/user_de/0/com.android.providers.telephony'
  files.set(`${telephony}/app_parts/PART_1_heron.txt`, HERON)
  files.set(
    `${telephony}/databases/mmssms.db`,
    databaseOf(
      ANDROID_MESSAGES_SCHEMA,
      `INSERT INTO sms (_id, thread_id, address, date, type, body) VALUES (1, 7, '+37060000002', ${AT + 120}000, 1, 'bring the thermos tomorrow');
       INSERT INTO pdu (_id, thread_id, date, msg_box, m_type) VALUES (1, 7, ${AT + 180}, 1, 132);
       INSERT INTO addr (msg_id, address, type) VALUES (1, '+37060000002', 137), (1, 'insert-address-token', 151);
       INSERT INTO part (mid, ct, cl, _data) VALUES (1, 'image/jpeg', 'heron.txt', '/data/user_de/0/com.android.providers.telephony/app_parts/PART_1_heron.txt')`,
    ),
  )
  const snapchat = 'data/data/com.snapchat.android/databases'
  files.set(`${snapchat}/arroyo.db`, messengers[0]!.make())
  files.set(
    `${snapchat}/main.db`,
    databaseOf(
      SNAPCHAT_FRIENDS_SCHEMA,
      `INSERT INTO Friend VALUES (1, 'ada.example', '${ADA}', 'Ada', NULL, 1)`,
    ),
  )
  for (const end of ['', '-wal'])
    files.set(`home/x/.config/Signal/sql/db.sqlite${end}`, readFileSync(join(SIGNAL, `signal.db${end}`)))
  files.set('home/x/.config/Signal/config.json', readFileSync(join(SIGNAL, 'signal-config.json')))
  return files
}

function asFolder(files: Files, root: string): void {
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), bytes)
  }
}

const FORMS: Readonly<Record<string, (files: Files) => Buffer | Promise<Buffer>>> = {
  'phone.zip': (files) => zipOf(Object.fromEntries(files)),
  'phone.tar': (files) => tarOf([...files].map(([name, content]) => ({ name, content }))),
}

/** What a scan gets out of it. Only the place of the archive, which stands before each path, is left out. */
function told(root: string, list: string) {
  const folder = temporaryFolder()
  const ledger = join(folder, 'case.sqlite')
  const basis = ['--text', '--basis', 'warrant 7/2026', '--workers', '1']
  const ran = seized(scanArgs(root, ledger, [`illegal:${list}`], ...basis))
  const bare = (path: string) => path.replace(/^phone\.\w+ » member /, '')
  const timeline = seized(['timeline', ledger, '--format', 'jsonl']).stdout
  const records = timeline
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
    .map(({ record, direction, person, datetime, params }) => {
      const { lies, ...of } = params
      return JSON.stringify([record, direction, person, datetime, of, lies && bare(lies)])
    })
    .sort()
  const entries = exported(ledger, folder)
  const contents = entries
    // A ZIP need not list its folders.
    .filter(({ path, kind }) => kind !== 'directory' && !/^phone\.\w+$/.test(path))
    .map(({ path, content, stages }) => [
      bare(path),
      content?.sha256 ?? content?.digests?.sha256,
      Object.entries(stages as Record<string, { result: string; reason: string | null }>)
        .map(([stage, { result, reason }]) => `${stage} ${result} ${reason ?? ''}`.trim())
        .sort(),
    ])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
  // The heron stands in the log of WhatsApp alone, nine in that of Signal.
  const words = ['heron', 'nine'].flatMap((word) =>
    [...seized(['search', ledger, word]).stdout.matchAll(/[\w.]+\.(?:db|sqlite)\b/g)].map(
      ([name]) => `${word} ${name}`,
    ),
  )
  const hits = entries.filter(({ hits: of }) => of?.length > 0).map(({ path }) => bare(path))
  return { status: ran.status, records, contents, words, hits, verified: seized(['verify', ledger]).status }
}

describe('a phone’s file system in an archive', { timeout: 240_000 }, () => {
  it('gives the chats, names, attachments and pictures that the same files give as a folder', async () => {
    const folder = temporaryFolder()
    const files = phone()
    const list = join(folder, 'list.csv')
    writeFileSync(list, `sha256\n${hash('sha256', picture)}\n`)
    asFolder(files, join(folder, 'plain'))
    const plain = told(join(folder, 'plain'), list)
    expect([...new Set(plain.words)]).toEqual(['heron msgstore.db', 'nine db.sqlite'])
    expect(plain.records.filter((one) => one.includes('(Ada / ada.example)'))).not.toEqual([])
    expect(plain.records.filter((one) => one.includes('PART_1_heron.txt'))).not.toEqual([])
    expect(plain.hits).toEqual([expect.stringContaining('msgstore.db » ')])
    for (const [name, pack] of Object.entries(FORMS)) {
      const root = join(folder, `disk-${name}`)
      mkdirSync(root)
      writeFileSync(join(root, name), await pack(files))
      expect(readdirSync(root)).toEqual([name])
      expect({ [name]: told(root, list) }).toEqual({ [name]: plain })
    }
  })
})

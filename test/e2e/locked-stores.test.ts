/** Encrypted stores of messengers, and the key of the phone in hand: chats, pictures, and what stays closed. */
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import { ANDROID_SECRET, IOS_KEY_AND_SALT } from '../../fixtures/device/sqlcipher/phones.ts'
import { WHATSAPP_CHATS_SCHEMA } from '../../fixtures/device/stores.ts'
import { signalBackup } from '../../fixtures/locked/signal-backup.ts'
import { WHATSAPP_KEY_FILE, WHATSAPP_ROOT, whatsappBackup } from '../../fixtures/locked/whatsapp-backup.ts'
import { smallPicture } from '../../src/base/small-files.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { formsOf, LockedExhibit, lacking } from './locked-files.ts'
import { seized } from './seized.ts'

const folder = temporaryFolderForFile()
const SQLCIPHER = join(import.meta.dirname, '../../fixtures/device/sqlcipher')
/** Of fixtures/device/sqlcipher/signal-config.json. */
const DESKTOP_KEY = '0f1e2d3c4b5a69788796a5b4c3d2e1f00123456789abcdeffedcba9876543210'
const AT = 1_600_000_000
const PASSPHRASE = '12345 67890 09876 54321 11223 34455'
const attached = Buffer.from('a drawing that came\n'.repeat(20))
const sent = Buffer.from('a drawing that was sent\n'.repeat(20))

function messages(words: string): Buffer {
  const db = new Database(':memory:')
  const digest = createHash('sha256').update(sent).digest('base64')
  db.exec(`${WHATSAPP_CHATS_SCHEMA}
    INSERT INTO jid VALUES (4, '37060000001', 's.whatsapp.net', '37060000001@s.whatsapp.net');
    INSERT INTO chat VALUES (1, 4, 0, NULL);
    INSERT INTO message VALUES (1, 1, 0, 'K1', 0, 0, ${AT}000, 0, 0, '${words}', 1), (2, 1, 1, 'K2', 0, 5, ${AT + 60}000, 0, 1, NULL, 2);
    INSERT INTO message_media VALUES (2, 1, 'Media/IMG-1.txt', ${sent.length}, 'text/plain', NULL, NULL, '${digest}');`)
  const bytes = db.serialize()
  db.close()
  return bytes
}

const PLACES = {
  android: 'data/data/org.thoughtcrime.securesms/databases/signal.db',
  ios: 'private/var/mobile/Containers/Shared/AppGroup/A/grdb/signal.sqlite',
  desktop: 'home/a/.config/Signal/sql/db.sqlite',
} as const

let of: LockedExhibit
let keys: string
beforeAll(() => {
  const exhibit = join(folder, 'exhibit')
  const put = (name: string, bytes: Buffer) => {
    mkdirSync(dirname(join(exhibit, name)), { recursive: true })
    writeFileSync(join(exhibit, name), bytes)
  }
  put('WhatsApp/msgstore.db.crypt15', whatsappBackup(messages('the heron came back'), { form: 'crypt15' }))
  put('WhatsApp/msgstore.db.crypt14', whatsappBackup(messages('the otter too'), { form: 'crypt14' }))
  put('WhatsApp/msgstore.db.crypt12', whatsappBackup(messages('the beaver as well'), { form: 'crypt12' }))
  put(
    'Signal/signal-2026-11-29.backup',
    signalBackup({
      passphrase: PASSPHRASE,
      version: 1,
      statements: [['INSERT INTO message (body) VALUES (?)', 'a kingfisher on the pier']],
      attachments: [attached],
    }),
  )
  for (const name of Object.values(PLACES)) put(name, Buffer.alloc(0))
  copyFileSync(join(SQLCIPHER, 'android.db'), join(exhibit, PLACES.android))
  copyFileSync(join(SQLCIPHER, 'ios.db'), join(exhibit, PLACES.ios))
  copyFileSync(join(SQLCIPHER, 'signal.db'), join(exhibit, PLACES.desktop))
  of = new LockedExhibit(folder, exhibit, [
    attached,
    sent,
    smallPicture('android.db'.length),
    smallPicture('ios.db'.length),
  ])
  writeFileSync(join(folder, 'key'), WHATSAPP_KEY_FILE)
  writeFileSync(join(folder, 'keychain.txt'), `GRDBDatabaseCipherKeySpec ${IOS_KEY_AND_SALT}\n`)
  keys = of.keys(
    'keys.json',
    { kind: 'backup-key', secret: WHATSAPP_ROOT.replace(/(.{4})/g, '$1 ') },
    { kind: 'key-file', file: 'key' },
    { kind: 'raw-key', secret: ANDROID_SECRET },
    { kind: 'keychain', file: 'keychain.txt' },
    { kind: 'raw-key', secret: DESKTOP_KEY },
    { kind: 'backup-key', secret: PASSPHRASE },
  )
})

describe('encrypted stores of messengers', { timeout: 300_000 }, () => {
  it('open with the keys of the phone: chats are searchable, what they sent is a reference, pictures are hits', () => {
    const ran = of.scan('open.sqlite', keys, '--text')
    expect([ran.status, ran.stderr]).toEqual([expect.any(Number), ''])
    const ledger = join(folder, 'open.sqlite')
    const found = (words: string) => seized(['search', ledger, words]).stdout
    for (const [words, place] of [
      ['heron', 'crypt15'],
      ['otter', 'crypt14'],
      ['beaver', 'crypt12'],
      ['ferry', 'Signal/sql/db.sqlite'],
      ['kingfisher', 'database.sql'],
    ] as const)
      expect([words, lacking(found(words), place)]).toEqual([words, []])
    expect(of.hits('open.sqlite')).toEqual([
      'Signal/signal-2026-11-29.backup » member attachment-1-7',
      expect.stringMatching(/signal\.db » member database » .*attachment/),
      expect.stringMatching(/signal\.sqlite » member database » .*attachment/),
    ])
    const entries = of.entries('open.sqlite')
    const lockOf = (name: string) =>
      entries
        .find(({ path }) => path.endsWith(name))
        .attributes.find(({ code }: { code: string }) => code.startsWith('file-lock')).params
    expect(lockOf('crypt15')).toEqual({
      format: 'whatsapp-backup',
      by: 'backup-key',
      secret: 1,
      check: 'authenticated',
    })
    expect(lockOf('crypt12')).toEqual({
      format: 'whatsapp-backup',
      by: 'key-file',
      secret: 2,
      check: 'authenticated',
    })
    expect(lockOf(PLACES.android)).toEqual({
      format: 'sqlcipher',
      by: 'raw-key',
      secret: 3,
      check: 'authenticated',
    })
    expect(lockOf(PLACES.ios)).toEqual({ format: 'sqlcipher', by: 'keychain', secret: 4, check: 'header' })
    expect(lockOf(PLACES.desktop)).toEqual({
      format: 'sqlcipher',
      by: 'raw-key',
      secret: 5,
      check: 'authenticated',
    })
    const references = entries.flatMap(({ references }) => references ?? [])
    expect(references.length).toBeGreaterThan(0)
    const timeline = seized(['timeline', ledger, '--format', 'jsonl']).stdout
    expect(timeline.match(/"record":"message"/g)?.length).toBeGreaterThanOrEqual(3)
    expect(seized(['verify', ledger]).status).toBe(0)
    const page = of.report('open.sqlite')
    expect(
      lacking(page, '3 locked files (WhatsApp backup) were opened with secret 1, 2 of the keys file'),
    ).toEqual([])
    const secrets = [
      PASSPHRASE,
      PASSPHRASE.replaceAll(' ', ''),
      WHATSAPP_ROOT,
      ANDROID_SECRET,
      IOS_KEY_AND_SALT,
      DESKTOP_KEY,
    ]
    for (const bytes of [...of.written('open.sqlite'), Buffer.from(ran.stdout + ran.stderr + page)])
      for (const secret of secrets)
        for (const form of formsOf(secret)) expect(bytes.includes(form)).toBe(false)
  })

  it('without a key are not done, and both reports say which kinds of key would open each', () => {
    const ran = of.scan('closed.sqlite', null)
    expect(ran.status).toBe(3)
    const closed = of.entries('closed.sqlite').filter(({ stages }) => stages.opened.reason === 'encrypted')
    expect(closed).toHaveLength(7)
    for (const page of [of.report('closed.sqlite'), of.court('closed.sqlite')])
      expect(
        lacking(
          page,
          '3 locked files (WhatsApp backup)',
          'opened by: key file, backup key',
          '3 locked files (SQLCipher database)',
          'keychain',
          'A locked file (Signal backup)',
        ),
      ).toEqual([])
  })

  it('without a legal basis for text give no words of a chat', () => {
    of.scan('no-text.sqlite', keys)
    expect(seized(['timeline', join(folder, 'no-text.sqlite'), '--format', 'jsonl']).stdout).not.toContain(
      'heron',
    )
    for (const bytes of of.written('no-text.sqlite'))
      expect(bytes.includes('the heron came back')).toBe(false)
  })
})

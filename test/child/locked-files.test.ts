/**
 * Locked files in a decoder: what was written comes back by the right key, nothing by another one; and metadata with bytes
 * changed never hangs, never throws what is not an outcome, and never gives other bytes as right ones.
 */
import { createHash, createHmac } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { ANDROID_SECRET, IOS_KEY_AND_SALT } from '../../fixtures/device/sqlcipher/phones.ts'
import { androidBackup, seeded } from '../../fixtures/locked/android-backup.ts'
import { iosBackup } from '../../fixtures/locked/ios-backup.ts'
import { type SignalBackup, signalBackup } from '../../fixtures/locked/signal-backup.ts'
import { logOfPages, sqlcipherDatabase } from '../../fixtures/locked/sqlcipher.ts'
import {
  WHATSAPP_KEY_FILE,
  WHATSAPP_ROOT,
  WHATSAPP_ROOT_FILE,
  whatsappBackup,
} from '../../fixtures/locked/whatsapp-backup.ts'
import { smallPicture, smallTar } from '../../src/base/small-files.ts'
import type { Secret, SecretKind } from '../../src/contracts/lock.ts'
import { Budget, isDamaged } from '../../src/formats/archives/common/container.ts'
import { Keys } from '../../src/formats/archives/common/keys.ts'
import { heldContent } from '../../src/formats/archives/held-content.ts'
import { extractorFor } from '../../src/formats/archives/index.ts'
import { openTargets } from '../../src/formats/archives/open.ts'
import { sourceOfBuffer } from '../../src/formats/bytes/byte-source.ts'
import { IOS_MANIFEST } from '../../src/media-types/placed-types.ts'
import { openPart } from '../../src/wire/open-part.ts'
import { sampleFolder } from '../formats/locked/samples.ts'

/** More as a soak: SEIZED_MUTANTS=100000. */
const MUTANTS = Number(process.env.SEIZED_MUTANTS ?? 500)
const SQLCIPHER = join(import.meta.dirname, '../../fixtures/device/sqlcipher')

const secretOf = (kind: SecretKind, bytes: Buffer | string, number = 1): Secret => ({
  number,
  kind,
  hex: Buffer.from(bytes).toString('hex'),
  pim: 0,
})
const raw = (hex: string): Secret => ({ number: 1, kind: 'raw-key', hex, pim: 0 })

const TAR = smallTar([['apps/a/f/letter.txt', Buffer.from('a letter\n'.repeat(400))]])
const AB = 'application/x-android-backup'
const WHATSAPP = 'application/x-whatsapp-backup'
const STORE = 'application/x-sqlcipher-database'
const PASSPHRASE = '12345 67890 09876 54321 11223 34455'
const SIGNAL = 'application/x-signal-backup'
const signal = (version: 0 | 1, more: Partial<SignalBackup> = {}) =>
  signalBackup({
    passphrase: PASSPHRASE,
    version,
    statements: [['INSERT INTO message (body) VALUES (?)', "the heron's nest"]],
    attachments: [TAR, Buffer.from('a second file')],
    ...more,
  })
const [ANDROID, IOS] = ['android.db', 'ios.db'].map((name) => readFileSync(join(SQLCIPHER, name))) as [
  Buffer,
  Buffer,
]

/** Whole content of the one member; null: damaged, refused or absent. */
async function opened(mediaType: string, bytes: Buffer, secrets: readonly Secret[]): Promise<Buffer | null> {
  const keys = new Keys(secrets)
  const budget = new Budget({ entries: 100, bytes: 1 << 28, ratio: 10_000 }, bytes.length)
  let found: Buffer | null = null
  const source = sourceOfBuffer(bytes)
  for await (const member of extractorFor(mediaType)!.members(source, budget, undefined, mediaType, keys)) {
    const content = await heldContent(await member.read!(), 1 << 28)
    if (Buffer.isBuffer(content) && !isDamaged(content)) found = content
  }
  return found
}

/** As a decoder answers, with every message checked as the main process does. */
async function answered(
  mediaType: string,
  bytes: Buffer,
  secrets: readonly Secret[],
  beside: ReadonlyMap<string, Buffer> = new Map(),
) {
  const parts: ReturnType<typeof openPart>[] = []
  await openTargets(
    {
      mediaType,
      mode: 'list',
      targets: [''],
      budgets: [{ entries: 100, bytes: 1 << 28, ratio: 10_000 }],
      privileged: null,
      heldBytes: 1 << 28,
      secrets,
    },
    sourceOfBuffer(bytes),
    (part) => parts.push(openPart(part)),
    beside,
  )
  const end = parts.find((part) => part.type === 'opened')!
  return { end, members: parts.flatMap((part) => (part.type === 'member' ? [part] : [])) }
}

describe('an encrypted store with a log beside it', () => {
  const table = (word: string) => `CREATE TABLE words (word TEXT); INSERT INTO words VALUES ('${word}')`
  const key = seeded('key of a store', 32)
  const [own, other] = [
    sqlcipherDatabase(key, table('heron')),
    sqlcipherDatabase(seeded('another key', 32), table('otter')),
  ]
  const changed = sqlcipherDatabase(key, table('plover'))
  const pageOf = ({ locked }: { locked: Buffer }, number: number) =>
    [number, locked.subarray((number - 1) * 4096, number * 4096)] as const
  const inside = async (log: Buffer) => {
    const { end, members } = await answered(
      STORE,
      own.locked,
      [raw(key.toString('hex'))],
      new Map([['a.db-wal', log]]),
    )
    return { end, sha256s: members.map(({ digests }) => digests?.sha256) }
  }
  const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

  it('takes the newer pages of its own log', async () => {
    const { end, sha256s } = await inside(logOfPages([pageOf(changed, 2)]))
    expect(end).toMatchObject({ result: { result: 'done' }, lock: { secret: 1 } })
    expect(sha256s).toEqual([
      sha256Of(Buffer.concat([own.plain.subarray(0, 4096), changed.plain.subarray(4096)])),
    ])
  })

  it.each([
    ['each page', [1, 2]],
    ['the first page, which holds the salt', [1]],
    ['another page', [2]],
  ])(
    'is not lost to a log of another database that replaces %s: the log is said to be left',
    async (_, numbers) => {
      const { end, sha256s } = await inside(logOfPages(numbers.map((number) => pageOf(other, number))))
      expect(sha256s).toEqual([sha256Of(own.plain)])
      expect(JSON.stringify(end)).toContain('log-not-read')
    },
  )
})

describe('a locked file', () => {
  it.each([
    [
      'Android backup',
      AB,
      androidBackup(TAR, { password: 'пароль 1' }),
      secretOf('password', 'пароль 1'),
      TAR,
    ],
    [
      'Android backup of version 1, not compressed',
      AB,
      androidBackup(TAR, { password: 'schlüssel', version: 1, isCompressed: false }),
      secretOf('password', 'schlüssel'),
      TAR,
    ],
    [
      'crypt12',
      WHATSAPP,
      whatsappBackup(TAR, { form: 'crypt12' }),
      secretOf('key-file', WHATSAPP_KEY_FILE),
      TAR,
    ],
    [
      'crypt14',
      WHATSAPP,
      whatsappBackup(TAR, { form: 'crypt14' }),
      secretOf('key-file', WHATSAPP_KEY_FILE),
      TAR,
    ],
    [
      'crypt15',
      WHATSAPP,
      whatsappBackup(TAR, { form: 'crypt15' }),
      secretOf('key-file', WHATSAPP_ROOT_FILE),
      TAR,
    ],
    [
      'crypt15 of several files, by the 64 digits in groups',
      WHATSAPP,
      whatsappBackup(TAR, { form: 'crypt15', isOneFile: false }),
      secretOf('backup-key', WHATSAPP_ROOT.replace(/(.{4})/g, '$1 ').toUpperCase()),
      TAR,
    ],
  ] as const)('%s gives what was written', async (_name, mediaType, bytes, secret, content) => {
    const other = secretOf(secret.kind, seeded('another', 32).toString('hex'), 2)
    expect((await opened(mediaType, bytes, [other, secret]))?.equals(content)).toBe(true)
    await expect(opened(mediaType, bytes, [other])).rejects.toThrow('')
    const closed = await answered(mediaType, bytes, [other])
    expect([closed.members, closed.end]).toMatchObject([
      [],
      { result: { result: 'not-done', reason: 'encrypted' }, lock: { secret: null, tried: [2] } },
    ])
  })

  it.each([
    ['Signal on Android', ANDROID, raw(ANDROID_SECRET), 'android.db'],
    ['Signal on iOS', IOS, raw(IOS_KEY_AND_SALT), 'ios.db'],
    [
      'Signal on iOS, by a keychain',
      IOS,
      secretOf(
        'keychain',
        `<dict><key>GRDBDatabaseCipherKeySpec</key><data>\n\t${Buffer.from(IOS_KEY_AND_SALT, 'hex').toString('base64')}\n</data></dict>`,
      ),
      'ios.db',
    ],
    [
      'Signal on Android, by a dump',
      ANDROID,
      secretOf('keychain', `{"pref_database_unencrypted_secret": "${ANDROID_SECRET}"}`),
      'android.db',
    ],
  ] as const)('%s, written by SQLCipher itself, gives its picture', async (_name, bytes, secret, name) => {
    const plain = await opened(STORE, bytes, [secret])
    const db = new Database(plain!)
    try {
      const row = db.prepare('SELECT data FROM attachment').pluck().get() as Buffer
      expect(row.equals(smallPicture(name.length))).toBe(true)
    } finally {
      db.close()
    }
    await expect(opened(STORE, bytes, [raw('ab'.repeat(32)), raw('cd'.repeat(48))])).rejects.toThrow('')
  })
})

const PUBLIC = sampleFolder('whatsapp')

describe.skipIf(!existsSync(join(PUBLIC, 'key')))('backups of WhatsApp with known contents', () => {
  it.each([
    ['msgstore.db.crypt12', 'key'],
    ['msgstore.db.crypt14', 'key'],
    ['msgstore.db.crypt15', 'encrypted_backup.key'],
  ])('%s gives the database that its makers published', async (name, key) => {
    const read = (file: string) => readFileSync(join(PUBLIC, file))
    const { members } = await answered(WHATSAPP, read(name), [secretOf('key-file', read(key))])
    expect(members.map(({ digests }) => digests?.sha256)).toEqual([
      '1425b944a2e3885fc936a7bb82f6548c5cc09523a2f61f02aa836c4ed8bbd16e',
    ])
  })
})

const SQL = Buffer.from("INSERT INTO message (body) VALUES (?) -- 'the heron''s nest';\n")

describe('a backup of Signal', () => {
  it.each([0, 1] as const)('of version %i gives its files and its statements', async (version) => {
    const other = secretOf('backup-key', PASSPHRASE.replace('5', '6'), 2)
    const { members, end } = await answered(SIGNAL, signal(version), [
      other,
      secretOf('backup-key', PASSPHRASE),
    ])
    expect(end).toMatchObject({ result: { result: 'done' }, lock: { secret: 1, check: 'authenticated' } })
    expect(members.map(({ name, sizeBytes }) => [name, Number(sizeBytes)])).toEqual([
      ['attachment-1-7', TAR.length],
      ['attachment-2-7', 13],
      ['database.sql', SQL.length],
    ])
    expect([members[0], members[2]].map((one) => one!.digests!.sha256)).toEqual(
      [TAR, SQL].map((bytes) => createHash('sha256').update(bytes).digest('hex')),
    )
    expect((await answered(SIGNAL, signal(version), [other])).end).toMatchObject({
      result: { reason: 'encrypted' },
      lock: { secret: null, tried: [2] },
    })
  })

  it('that is cut gives what is whole, and says so', async () => {
    for (const cut of [signal(1, { isWhole: false }), signal(0).subarray(0, -30)]) {
      const { members, end } = await answered(SIGNAL, cut, [secretOf('backup-key', PASSPHRASE)])
      expect(end.result).toMatchObject({ result: 'done-with-warnings' })
      expect(members[0]!.digests!.sha256).toBe(createHash('sha256').update(TAR).digest('hex'))
    }
  })
})

function* numbers(seed: string): Generator<number> {
  for (let count = 0; ; count++)
    yield createHmac('sha256', seed).update(String(count)).digest().readUInt32LE(0)
}

type Mutated = readonly [
  name: string,
  type: string,
  bytes: Buffer,
  secret: Secret,
  begin: number,
  end: number,
]
const MUTATED: readonly Mutated[] = [
  [
    'Android backup',
    AB,
    androidBackup(TAR, { password: 'p', rounds: 10 }),
    secretOf('password', 'p'),
    0,
    460,
  ],
  [
    'crypt12',
    WHATSAPP,
    whatsappBackup(TAR, { form: 'crypt12' }),
    secretOf('key-file', WHATSAPP_KEY_FILE),
    0,
    Infinity,
  ],
  [
    'crypt14',
    WHATSAPP,
    whatsappBackup(TAR, { form: 'crypt14' }),
    secretOf('key-file', WHATSAPP_KEY_FILE),
    0,
    Infinity,
  ],
  [
    'crypt15',
    WHATSAPP,
    whatsappBackup(TAR, { form: 'crypt15' }),
    secretOf('backup-key', WHATSAPP_ROOT),
    0,
    Infinity,
  ],
  ['Signal backup', SIGNAL, signal(0), secretOf('backup-key', PASSPHRASE), 0, Infinity],
  ['Signal backup of version 1', SIGNAL, signal(1), secretOf('backup-key', PASSPHRASE), 0, Infinity],
  ['SQLCipher 3', STORE, ANDROID.subarray(0, 4096), raw(ANDROID_SECRET), 0, Infinity],
  ['SQLCipher 4 behind a plain header', STORE, IOS.subarray(0, 4096), raw(IOS_KEY_AND_SALT), 32, Infinity],
]

describe('metadata of a locked file with a byte changed', { timeout: 300_000 }, () => {
  it.each(MUTATED)(
    'of %s gives the right bytes or none',
    async (name, mediaType, bytes, secret, least, most) => {
      const [right] = (await answered(mediaType, bytes, [secret])).members
      const random = numbers(name)
      const next = (below: number) => random.next().value! % below
      const wrong: string[] = []
      for (let mutant = 0; mutant < MUTANTS; mutant++) {
        const at = least + next(Math.min(most, bytes.length) - least)
        const changed = Buffer.from(bytes)
        changed[at] = [0, 0xff, next(256), bytes[at]! ^ (1 << next(8))][next(4)]!
        const { end, members } = await answered(mediaType, changed, [secret])
        const [member] = members
        const isRight = member?.digests?.sha256 === right!.digests!.sha256
        // Bytes that are not right are said to be damaged, or the whole is not said to be done.
        const isSaid = member === undefined || member.read.result !== 'done' || end.result.result !== 'done'
        if (!isRight && !isSaid) wrong.push(`${at}: ${bytes[at]} became ${changed[at]}`)
      }
      expect(wrong).toEqual([])
    },
  )

  it('of an iOS backup (its list of keys) gives the right manifest or none', async () => {
    const backup = iosBackup('p', [{ domain: 'HomeDomain', path: 'a.txt', bytes: TAR }])
    const [manifest, list] = [backup.get('Manifest.db')!, backup.get('Manifest.plist')!]
    const asked = (plist: Buffer) =>
      answered(IOS_MANIFEST, manifest, [secretOf('password', 'p')], new Map([['Manifest.plist', plist]]))
    const [right] = (await asked(list)).members
    expect(right!.digests).not.toBeNull()
    const random = numbers('iOS')
    const next = (below: number) => random.next().value! % below
    const wrong: string[] = []
    for (let mutant = 0; mutant < MUTANTS; mutant++) {
      const at = next(list.length)
      const changed = Buffer.from(list)
      changed[at] = [0, 0xff, next(256), list[at]! ^ (1 << next(8))][next(4)]!
      const { end, members } = await asked(changed)
      const isRight = members[0]?.digests?.sha256 === right!.digests!.sha256
      if (!isRight && (members.length > 0 || end.result.result === 'done')) wrong.push(`${at}`)
    }
    expect(wrong).toEqual([])
  })
})

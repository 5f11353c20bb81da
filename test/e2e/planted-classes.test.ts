/**
 * What was planted of the classes that a timeline does not show: pictures that outlive their files, rows that only a journal keeps, dark
 * web, wallets, signs of generators, and what else is known of a listed content. Each is found where it was planted, and nothing besides.
 */
import { hash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { CHROMIUM_SCHEMA } from '../../fixtures/device/browsers.ts'
import { blockCache, firefoxEntry, simpleEntry } from '../../fixtures/device/caches.ts'
import { I2P_TUNNELS, TOR_STATE, TORRC, whatsappBackup } from '../../fixtures/device/hidden-networks.ts'
import { WHATSAPP_CHATS_SCHEMA } from '../../fixtures/device/stores.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { exported, scanArgs, seized, temporaryFolder } from './seized.ts'

const AT = 1_600_000_000
const WEBKIT = (AT + 11_644_473_600) * 1_000_000
const pictures = await Promise.all(
  Array.from({ length: 8 }, (_, seed) => jpeg({ seed: seed + 40, width: 96, height: 72 })),
)
const LAKE = Buffer.from('a drawing of a lake\n'.repeat(30))
const ADA = '37060000001@s.whatsapp.net'
const ONION = '2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion'
const BECH32 = 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'
const SEED = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
const NOTE = `remember to water the plants\nhttp://${ONION}/about\n${BECH32}\n${SEED}\nsee you on Sunday at the lake\n`

function chunk(type: string, body: Buffer): Buffer {
  const [head, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  const named = Buffer.concat([Buffer.from(type), body])
  head.writeUInt32BE(body.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([head, named, sum])
}

/** 64 × 64 grey, with settings as a program that generates pictures writes them. */
const GENERATED = Buffer.concat([
  Buffer.from('89504e470d0a1a0a', 'hex'),
  chunk('IHDR', Buffer.from('00000040000000400800000000', 'hex')),
  chunk(
    'tEXt',
    Buffer.from('parameters\0a lighthouse at dawn\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1'),
  ),
  chunk(
    'IDAT',
    deflateSync(Buffer.from(Array.from({ length: 65 * 64 }, (_, i) => (i % 65 === 0 ? 0 : i % 251)))),
  ),
  chunk('IEND', Buffer.alloc(0)),
])

/** Written to a file, for what lies beside it. */
function written(path: string, mode: string, fill: (db: Database.Database) => void): void {
  mkdirSync(dirname(path), { recursive: true })
  const db = new Database(path)
  db.pragma(`journal_mode = ${mode}`)
  fill(db)
  db.close()
}

function plant(root: string): void {
  const put = (path: string, bytes: Buffer | string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), bytes)
  }
  put('media/WhatsApp Images/IMG-1.txt', LAKE)
  written(join(root, 'data/com.whatsapp/databases/msgstore.db'), 'PERSIST', (db) => {
    db.exec('PRAGMA secure_delete = ON')
    db.exec(WHATSAPP_CHATS_SCHEMA)
    db.exec('CREATE TABLE message_thumbnail (message_row_id INTEGER PRIMARY KEY, thumbnail BLOB)')
    db.exec(`INSERT INTO jid VALUES (4, '37060000001', 's.whatsapp.net', '${ADA}'); INSERT INTO chat VALUES (1, 4, 0, NULL);
      INSERT INTO message VALUES (1, 1, 1, 'K1', 0, 5, ${AT}000, 0, 1, NULL, 1), (2, 1, 0, 'K2', 0, 0, ${AT + 60}000, 0, 1, NULL, 2);
      INSERT INTO message_media VALUES (1, 1, 'media/WhatsApp Images/IMG-1.txt', ${LAKE.length}, 'text/plain', NULL, NULL, '${hash('sha256', LAKE, 'base64')}')`)
    const add = db.prepare('INSERT INTO message_thumbnail VALUES (?, ?)')
    add.run(1, pictures[0])
    add.run(2, pictures[1])
    // The last transaction, so that its journal is what stays.
    db.exec('DELETE FROM message_thumbnail WHERE message_row_id = 2')
  })
  written(join(root, 'data/com.android.chrome/Default/History'), 'PERSIST', (db) => {
    db.exec('PRAGMA secure_delete = ON')
    db.exec(CHROMIUM_SCHEMA)
    db.exec(
      `INSERT INTO urls VALUES (1, 'https://example.org/stays', 'Stays', 2, 1, ${WEBKIT}, 0), (2, 'https://example.org/removed', 'Removed', 1, 1, ${WEBKIT + 60e6}, 0)`,
    )
    db.exec('DELETE FROM urls WHERE id = 2')
  })
  written(
    join(root, 'private/var/folders/C/com.apple.QuickLook.thumbnailcache/index.sqlite'),
    'DELETE',
    (db) => {
      db.exec(`CREATE TABLE files (folder TEXT, file_name TEXT, fs_id TEXT, version BLOB); INSERT INTO files VALUES ('/Users/x/Pictures', 'gone.jpg', '1', x'');
      CREATE TABLE thumbnails (file_id INTEGER, width INTEGER, height INTEGER, bitspercomponent INTEGER, bitsperpixel INTEGER, bytesperrow INTEGER, bitmapinfo INTEGER, bitmapdata_location INTEGER, bitmapdata_length INTEGER);
      INSERT INTO thumbnails VALUES (1, 64, 64, 8, 32, 256, ${0x2002}, 0, 16384)`)
    },
  )
  put(
    'private/var/folders/C/com.apple.QuickLook.thumbnailcache/thumbnails.data',
    Buffer.from(Array.from({ length: 16_384 }, (_, i) => (i % 4 === 3 ? 255 : (i * 7) % 256))),
  )
  const of = (name: string, i: number) => ({
    url: `https://example.org/${name}.jpg`,
    body: pictures[i]!,
    at: AT,
  })
  for (const [name, bytes] of blockCache([of('blocks', 2)])) put(`Chrome/Cache_Data/${name}`, bytes)
  put('Chrome/Cache/0123456789abcdef_0', simpleEntry(of('simple', 3)))
  put('Firefox/cache2/entries/0123456789ABCDEF0123456789ABCDEF01234567', firefoxEntry(of('firefox', 4)))
  put('Android/vault/all.bin', Buffer.from(pictures[5]!.map((byte) => byte ^ 0x5a)))
  put('cache/glide_cache/5f0c.0', pictures[6]!)
  put('Tor/state', TOR_STATE)
  put('Tor/torrc', TORRC)
  put('i2p/i2ptunnel.config', I2P_TUNNELS)
  put('backups/msgstore.db.crypt15', whatsappBackup('crypt15', '2.24.1', true))
  put('note.txt', NOTE)
  put('out/00001.png', GENERATED)
}

const PLANTED_PICTURES: readonly (readonly [path: string, picture: number])[] = [
  [
    'data/com.whatsapp/databases/msgstore.db » embedded message_thumbnail 1 thumbnail media/WhatsApp Images/IMG-1.txt',
    0,
  ],
  ['data/com.whatsapp/databases/msgstore.db » embedded deleted message_thumbnail 2 thumbnail', 1],
  ['Chrome/Cache_Data/data_1 » member https://example.org/blocks.jpg', 2],
  ['Chrome/Cache/0123456789abcdef_0 » member https://example.org/simple.jpg', 3],
  [
    'Firefox/cache2/entries/0123456789ABCDEF0123456789ABCDEF01234567 » member https://example.org/firefox.jpg',
    4,
  ],
  ['Android/vault/all.bin » member content', 5],
  ['cache/glide_cache/5f0c.0', 6],
]

const PLANTED_RECORDS = [
  'History | page-visited | 2020-09-13T12:26:40 | null | null | live',
  'History | page-visited | 2020-09-13T12:27:40 | null | null | deleted',
  `msgstore.db | conversation | 2020-09-13T12:27:40 | ${ADA} | null | live`,
  `msgstore.db | message | 2020-09-13T12:27:40 | ${ADA} | received | live`,
  // The row names the chat that it was sent to, and no person.
  'msgstore.db | message-media | 2020-09-13T12:26:40 | null | sent | live',
  'i2ptunnel.config | hidden-service | null | null | null | live',
  'state | tor-guard | 2025-12-26T06:44:14 | null | null | live',
  'state | tor-guard | 2025-12-29T10:36:06 | null | null | live',
  'state | tor-state | 2026-01-02T03:04:05 | null | null | live',
  'torrc | hidden-service | null | null | null | live',
  'torrc | tor-guard | null | null | null | live',
  'torrc | tor-guard | null | null | null | live',
]

it('finds each class where it was planted, and nothing besides', () => {
  const folder = temporaryFolder()
  const root = join(folder, 'exhibit')
  plant(root)
  const list = join(folder, 'list.csv')
  const listed = [...pictures, LAKE]
  writeFileSync(list, `sha256\n${listed.map((bytes) => hash('sha256', bytes)).join('\n')}\n`)
  const ledger = join(folder, 'case.sqlite')
  const more = ['--text', '--basis', 'warrant 7/2026', '--workers', '1']
  const run = seized(scanArgs(root, ledger, [`illegal:${list}`], ...more))
  expect([run.status, run.stderr]).toEqual([13, expect.any(String)])
  const entries = exported(ledger, folder)
  const at = (path: string) => entries.find((one) => one.path === path)
  const codes = (path: string) => at(path).attributes.map(({ code }: { code: string }) => code)

  const hits = entries.filter(({ hits }) => hits.length > 0).map(({ path }) => path)
  expect(hits.sort()).toEqual(
    [...PLANTED_PICTURES.map(([path]) => path), 'media/WhatsApp Images/IMG-1.txt'].sort(),
  )
  for (const [path, picture] of PLANTED_PICTURES)
    expect(at(path).sha256, path).toBe(hash('sha256', pictures[picture]!))
  expect(codes(PLANTED_PICTURES[1]![0])).toContain('deleted-row')
  expect(codes(PLANTED_PICTURES[0]![0])).not.toContain('deleted-row')
  const shown = entries.find(({ path }) => path.includes('» thumbnail /Users/x/Pictures/gone.jpg 64x64'))
  expect(shown).toMatchObject({ mediaType: 'image/bmp', stages: { 'looked-at': { result: 'done' } } })

  const note = JSON.stringify(at('note.txt').attributes)
  expect(codes('note.txt')).toEqual(
    expect.arrayContaining(['onion-address', 'wallet-address', 'seed-phrase']),
  )
  expect(note).toContain(ONION)
  expect(note).toContain(BECH32)
  expect(note).not.toContain('sausage')
  expect(codes('out/00001.png')).toContain('generator-text')
  // Nothing else says that it was made by such a program.
  expect(entries.filter(({ path }) => codes(path).includes('generator-text'))).toHaveLength(1)
  expect(readFileSync(ledger).includes('a lighthouse at dawn')).toBe(false)
  expect(at('backups/msgstore.db.crypt15').stages['records-read']).toMatchObject({ reason: 'encrypted' })

  const told = seized(['timeline', ledger, '--format', 'jsonl']).stdout
  const records = told.split('\n').flatMap((text) => {
    if (text === '') return []
    const { path, record, datetime, person, direction, recordStatus } = JSON.parse(text)
    const file = path.slice(path.lastIndexOf('/') + 1)
    return [
      [file, record, datetime?.slice(0, 19) ?? null, person, direction, recordStatus].map(String).join(' | '),
    ]
  })
  expect(records.sort()).toEqual([...PLANTED_RECORDS].sort())

  // What else is known of the listed content: the name that it had, that it was sent, to whom; and that decides what is looked at first.
  const lake = at('media/WhatsApp Images/IMG-1.txt')
  expect(lake.records).toMatchObject([{ record: 'message-media', direction: 'sent', params: { chat: ADA } }])
  expect(lake.reasons[0]).toMatchObject({ code: 'hit-illegal-and-given-on' })
}, 240_000)

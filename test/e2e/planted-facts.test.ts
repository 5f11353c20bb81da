/**
 * What was planted on a made phone and a made Windows disk, fact by fact: the timeline has each with its time, person, direction and
 * basis, and nothing besides. A record that names nobody is attributed to nobody.
 */
import { hash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { bencoded, microTorrentResume } from '../../fixtures/device/bencode.ts'
import { CHROMIUM_SCHEMA, FIREFOX_SCHEMA } from '../../fixtures/device/browsers.ts'
import { simpleEntry } from '../../fixtures/device/caches.ts'
import { discordAnswer } from '../../fixtures/device/discord.ts'
import { dsStore } from '../../fixtures/device/ds-store.ts'
import { knownMet } from '../../fixtures/device/emule.ts'
import { ADAPTER, SETTINGS } from '../../fixtures/device/generators.ts'
import { INSTAGRAM_APPLE_SCHEMA, INSTAGRAM_SCHEMA, keyedArchiveOf } from '../../fixtures/device/instagram.ts'
import {
  FACEBOOK_MSYS_SCHEMA,
  FACEBOOK_THREADS_SCHEMA,
  KIK_SCHEMA,
  SKYPE_SCHEMA,
  TELEGRAM_SCHEMA,
  telegramMessage,
  VIBER_CALLS_SCHEMA,
  VIBER_SCHEMA,
} from '../../fixtures/device/messengers.ts'
import { prefetchFile } from '../../fixtures/device/prefetch.ts'
import { destList, userHive } from '../../fixtures/device/registry.ts'
import { aresShareH, aresShareL, shareazaLibrary } from '../../fixtures/device/sharing.ts'
import { shortcutFile } from '../../fixtures/device/shortcut.ts'
import { SIGNAL_OTHER } from '../../fixtures/device/signal.ts'
import { SNAPCHAT_FRIENDS_SCHEMA, SNAPCHAT_SCHEMA, snapchatMessage } from '../../fixtures/device/snapchat.ts'
import {
  ANDROID_MESSAGES_SCHEMA,
  APPLE_MESSAGES_SCHEMA,
  APPLE_WHATSAPP_SCHEMA,
  DRIVE_SCHEMA,
  MEDIA_STORE_SCHEMA,
  WHATSAPP_CHATS_SCHEMA,
} from '../../fixtures/device/stores.ts'
import { digestsOf, ed2kDigest } from '../../src/hash/digest.ts'
import { compoundFile } from '../child/compound-files.ts'
import { scanArgs, seized, temporaryFolder } from './seized.ts'

const AT = 1_600_000_000
const COCOA = AT - 978_307_200
const WEBKIT = (AT + 11_644_473_600) * 1_000_000
const LAKE = Buffer.from('a drawing of a lake\n'.repeat(30))
const HILL = Buffer.from('a drawing of a hill\n'.repeat(30))
/** Named by records, on a list, and nowhere on the exhibits. */
const GONE = Buffer.from('a drawing of a harbour\n'.repeat(50))

const ADA = '37060000001@s.whatsapp.net'
const BEN = '37060000002@s.whatsapp.net'
const CLEO = '+37060000003'

/** Seconds after AT, or null; L: a listed content is named, T: on the basis for text. */
type Fact = readonly [
  file: string,
  record: string,
  after: number | null,
  person: string | null,
  direction: 'sent' | 'received' | 'shared' | null,
  basis: 'L' | 'T',
  status?: 'deleted',
]

function keyOf([file, record, after, person, direction, basis, status = undefined]: Fact): string {
  const time = after === null ? null : new Date((AT + after) * 1000).toISOString().slice(0, 19)
  return [file, record, time, person, direction, basis, status ?? 'live'].join(' | ')
}

function put(root: string, path: string, bytes: Buffer): void {
  const at = join(root, path)
  mkdirSync(dirname(at), { recursive: true })
  writeFileSync(at, bytes)
}

function database(...steps: readonly (string | ((db: Database.Database) => void))[]): Buffer {
  const db = new Database(':memory:')
  for (const one of steps) typeof one === 'string' ? db.exec(one) : one(db)
  const bytes = db.serialize()
  db.close()
  return bytes
}

function phone(root: string): readonly Fact[] {
  put(root, 'data/media/0/WhatsApp/Media/WhatsApp Images/IMG-1.txt', LAKE)
  put(root, 'data/media/0/DCIM/hill.txt', HILL)
  put(
    root,
    'data/data/com.whatsapp/databases/msgstore.db',
    database(
      'PRAGMA secure_delete = OFF',
      WHATSAPP_CHATS_SCHEMA,
      `INSERT INTO jid VALUES (4, '37060000001', 's.whatsapp.net', '${ADA}'), (5, '12', 'g.us', '12@g.us'), (6, '37060000002', 's.whatsapp.net', '${BEN}');
       INSERT INTO chat VALUES (1, 4, 0, NULL), (2, 5, 0, 'Rowing club');
       INSERT INTO group_participant_user VALUES (1, 5, 4, 0), (2, 5, 6, 0);
       INSERT INTO message VALUES (1, 1, 0, 'K1', 0, 0, ${AT}000, 0, 0, 'shall we row on Sunday', 1), (2, 1, 1, 'K2', 0, 5, ${AT + 60}000, 0, 1, NULL, 2),
         (3, 1, 0, 'K3', 0, 0, ${AT + 120}000, 0, 0, 'bring a warm jacket then', 3), (4, 2, 0, 'K4', 6, 0, ${AT + 180}000, 0, 0, 'the boats are dry again', 4),
         (5, 2, 1, 'K5', 0, 5, ${AT + 190}000, 0, 0, 'good, see you there', 5);
       INSERT INTO message_media VALUES (2, 1, 'Media/WhatsApp Images/IMG-1.txt', ${LAKE.length}, 'text/plain', NULL, NULL, '${hash('sha256', LAKE, 'base64')}');
       DELETE FROM message WHERE _id = 3`,
    ),
  )
  put(
    root,
    'data/user_de/0/com.android.providers.telephony/databases/mmssms.db',
    database(
      ANDROID_MESSAGES_SCHEMA,
      `INSERT INTO sms (_id, thread_id, address, date, type, body) VALUES (1, 7, '${CLEO}', ${AT + 200}000, 1, 'the bus is late'), (2, 7, '${CLEO}', ${AT + 210}000, 2, 'I wait at the stop');
       INSERT INTO pdu (_id, thread_id, date, msg_box, m_type) VALUES (1, 7, ${AT + 220}, 1, 132);
       INSERT INTO addr (msg_id, address, type) VALUES (1, '${CLEO}', 137), (1, 'insert-address-token', 151);
       INSERT INTO part (mid, ct, cl, _data) VALUES (1, 'image/jpeg', 'stop.jpg', '/data/app_parts/stop.jpg')`,
    ),
  )
  put(
    root,
    'data/data/com.android.providers.media/databases/external.db',
    database(
      MEDIA_STORE_SCHEMA,
      `INSERT INTO files VALUES (1, '/storage/emulated/0/DCIM/hill.txt', ${HILL.length}, 'text/plain', ${AT + 300}, NULL, 'com.example.camera', NULL, NULL, 0), (2, '/storage/emulated/0/DCIM/old.jpg', 5, 'image/jpeg', ${AT + 310}, NULL, NULL, NULL, NULL, 1)`,
    ),
  )
  put(
    root,
    'data/data/com.android.providers.downloads/databases/downloads.db',
    database(
      'CREATE TABLE downloads (_id INTEGER PRIMARY KEY AUTOINCREMENT, uri TEXT, _data TEXT, mimetype TEXT, status INTEGER, lastmod BIGINT, notificationpackage TEXT, total_bytes INTEGER, deleted BOOLEAN)',
      `INSERT INTO downloads VALUES (1, 'https://example.org/map.pdf', '/storage/emulated/0/Download/map.pdf', 'application/pdf', 200, ${AT + 320}000, 'com.android.chrome', 7, 0)`,
    ),
  )
  put(
    root,
    'data/data/com.android.chrome/app_chrome/Default/History',
    database(CHROMIUM_SCHEMA, (db) => {
      db.exec(`INSERT INTO urls VALUES (1, 'https://example.org/ferry', 'Ferry', 2, 1, ${WEBKIT + 330e6}, 0)`)
      db.exec("INSERT INTO keyword_search_terms VALUES (2, 1, 'ferry times', 'ferry times')")
      db.prepare(
        `INSERT INTO downloads VALUES (1, 'g', '', '/sdcard/Download/t.pdf', ${WEBKIT + 340e6}, 9, 9, 1, 0, 0, x'', 0, 0, 0, 0, '', '', '', '', '', '', '', '', '', '', '', 'application/pdf', '')`,
      ).run()
    }),
  )
  put(
    root,
    'data/data/org.telegram.messenger/files/cache4.db',
    database(TELEGRAM_SCHEMA, (db) => {
      db.exec(
        "INSERT INTO users VALUES (42, 'Dora;;;', 0, NULL), (43, 'Egon;;;', 0, NULL); INSERT INTO chats VALUES (9, 'Choir', NULL)",
      )
      const add = db.prepare('INSERT INTO messages_v2 (mid, uid, date, data, out) VALUES (?, ?, ?, ?, ?)')
      add.run(1, 42, AT + 400, telegramMessage('rehearsal is at seven', AT + 400, null, 42n), 0)
      add.run(2, -9, AT + 410, telegramMessage('I bring the notes', AT + 410, 43n, 9n), 0)
      add.run(3, -9, AT + 420, telegramMessage('thank you all', AT + 420, 77n, 9n), 1)
    }),
  )
  put(
    root,
    'data/data/com.viber.voip/databases/viber_messages',
    database(
      VIBER_SCHEMA,
      `INSERT INTO participants_info VALUES (1, '+37060000009', 'Me'), (2, '+37060000004', 'Finn'); INSERT INTO participants VALUES (11, 5, 1), (12, 5, 2);
       INSERT INTO messages (conversation_id, participant_id, msg_date, send_type, body) VALUES (5, 12, ${AT + 500}000, 0, 'is the shop open'), (5, 11, ${AT + 510}000, 1, 'until six')`,
    ),
  )
  put(
    root,
    'data/data/com.viber.voip/databases/viber_data',
    database(
      VIBER_CALLS_SCHEMA,
      `INSERT INTO calls VALUES (1, -1, '+37060000004', '+37060000004', 1, 1, ${AT + 515}000, 98, 1, 3), (2, -1, '+37060000004', '+37060000004', 1, 4, ${AT + 516}000, 100, 2, 3)`,
    ),
  )
  put(
    root,
    'data/data/kik.android/databases/a.kikDatabase.db',
    database(
      KIK_SCHEMA,
      `INSERT INTO messagesTable (body, partner_jid, was_me, timestamp, bin_id) VALUES ('nice weather', 'gil_x@talk.kik.com', 0, ${AT + 520}000, 'gil_x@talk.kik.com'), ('very nice', 'gil_x@talk.kik.com', 1, ${AT + 530}000, 'gil_x@talk.kik.com')`,
    ),
  )
  put(
    root,
    'data/data/com.facebook.orca/databases/threads_db2',
    database(
      FACEBOOK_THREADS_SCHEMA,
      `INSERT INTO threads VALUES ('ONE_TO_ONE:51:7', NULL, NULL, ${AT}000); INSERT INTO thread_users VALUES ('FACEBOOK:51', 'Ina', NULL, 'ina.example', NULL, 1);
       INSERT INTO messages VALUES ('m1', 'ONE_TO_ONE:51:7', 'the tomatoes are ripe', '{"user_key":"FACEBOOK:51"}', ${AT + 540}000, 0, NULL, NULL, NULL, NULL), ('m2', 'ONE_TO_ONE:51:7', 'I pick them later', '{"user_key":"FACEBOOK:7"}', ${AT + 541}000, 0, NULL, NULL, NULL, NULL),
         ('m3', 'GROUP:9', NULL, '{"user_key":"FACEBOOK:51"}', ${AT + 542}000, 0, '[{"filename":"basket.jpg","mime_type":"image/jpeg","file_size":5}]', NULL, NULL, NULL)`,
    ),
  )
  put(
    root,
    'data/data/com.facebook.orca/databases/msys_database_7',
    database(
      FACEBOOK_MSYS_SCHEMA,
      `INSERT INTO _user_info VALUES (7, 1); INSERT INTO contacts VALUES (52, 'Jon', NULL, 1); INSERT INTO fb_transport_contacts VALUES (3, 52), (1, 7);
       INSERT INTO messages VALUES (52, ${AT + 543}000, 'mid.1', NULL, 52, 'the bike is mended', 0, 0), (52, ${AT + 544}000, 'mid.2', NULL, 7, 'good work', 0, 0);
       INSERT INTO client_messages VALUES (1, 4, 3, 'a bell is missing', ${AT + 545}000, 1), (2, 4, 1, 'I have one', ${AT + 546}000, 1)`,
    ),
  )
  const [kim, me] = ['aaaaaaaa-0001-4000-8000-000000000001', 'aaaaaaaa-0002-4000-8000-000000000002']
  put(
    root,
    'data/data/com.snapchat.android/databases/arroyo.db',
    database(SNAPCHAT_SCHEMA, (db) => {
      const add = db.prepare(
        "INSERT INTO conversation_message (client_conversation_id, client_message_id, message_content, creation_timestamp, remote_media_count, content_type, sender_id, created_on_device) VALUES ('c1', ?, ?, ?, ?, ?, ?, ?)",
      )
      add.run(1, snapchatMessage(kim, 'the snow is melting'), (AT + 550) * 1000, 0, 1, kim, 0)
      add.run(2, snapchatMessage(me, 'spring at last'), (AT + 551) * 1000, 0, 1, me, 1)
      add.run(3, snapchatMessage(kim, null), (AT + 552) * 1000, 1, 2, kim, 0)
    }),
  )
  // It names the persons of the other one.
  put(
    root,
    'data/data/com.snapchat.android/databases/main.db',
    database(
      SNAPCHAT_FRIENDS_SCHEMA,
      `INSERT INTO Friend VALUES (1, 'kim.example', '${kim}', 'Kim', NULL, 1)`,
    ),
  )
  put(
    root,
    'data/data/com.instagram.android/databases/direct.db',
    database(
      INSTAGRAM_SCHEMA,
      `INSERT INTO session VALUES ('7'); INSERT INTO threads (thread_id, thread_info) VALUES ('9', '{"recipients":[{"pk":"61","username":"lia.example"}]}');
       INSERT INTO messages (thread_id, timestamp, message_type, text, message) VALUES ('9', ${AT + 560}000000, 'text', 'the film was long', '{"user_id":61}'), ('9', ${AT + 561}000000, 'text', 'I liked it', '{"user_id":7}'),
         ('9', ${AT + 562}000000, 'media', NULL, '{"user_id":61,"media":{"video_versions":[{"url":"https://example.org/v/cinema.mp4"}]}}')`,
    ),
  )
  put(
    root,
    'private/var/mobile/Containers/Data/Application/I/Library/Application Support/DirectSQLiteDatabase/7.db',
    database(INSTAGRAM_APPLE_SCHEMA, (db) => {
      db.prepare("INSERT INTO threads VALUES ('t1', '7', ?)").run(keyedArchiveOf('thread'))
      const add = db.prepare("INSERT INTO messages VALUES (?, 't1', ?)")
      for (const name of ['first', 'answer', 'picture'] as const) add.run(name, keyedArchiveOf(name))
    }),
  )
  put(
    root,
    'private/var/mobile/Library/SMS/sms.db',
    database(APPLE_MESSAGES_SCHEMA, (db) => {
      const add = db.prepare(
        'INSERT INTO message (ROWID, guid, text, handle_id, date, is_from_me) VALUES (?, ?, ?, 1, ?, ?)',
      )
      add.run(1, 'G1', 'the cake is ready', BigInt(COCOA + 600) * 1_000_000_000n, 0)
      add.run(2, 'G2', 'I come at four', BigInt(COCOA + 610) * 1_000_000_000n, 1)
      db.exec(
        "INSERT INTO handle VALUES (1, '+37060000005', 'iMessage'); INSERT INTO chat VALUES (1, 'iMessage;-;+37060000005', 45, '+37060000005', NULL); INSERT INTO chat_handle_join VALUES (1, 1); INSERT INTO chat_message_join VALUES (1, 1, 0), (1, 2, 0)",
      )
    }),
  )
  put(
    root,
    'private/var/mobile/ChatStorage.sqlite',
    database(
      APPLE_WHATSAPP_SCHEMA,
      `INSERT INTO ZWAMESSAGE VALUES (1, 0, ${COCOA + 620}.0, '37060000006@s.whatsapp.net', NULL, 'the train was full'), (2, 1, ${COCOA + 630}.0, NULL, '37060000006@s.whatsapp.net', 'mine too')`,
    ),
  )
  put(
    root,
    'private/var/mobile/Media/PhotoData/Photos.sqlite',
    database(
      'CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZDIRECTORY VARCHAR, ZFILENAME VARCHAR, ZDATECREATED TIMESTAMP, ZADDEDDATE TIMESTAMP, ZTRASHEDDATE TIMESTAMP, ZTRASHEDSTATE INTEGER, ZHIDDEN INTEGER); CREATE TABLE ZADDITIONALASSETATTRIBUTES (Z_PK INTEGER PRIMARY KEY, ZASSET INTEGER, ZCREATORBUNDLEID VARCHAR, ZSHARECOUNT INTEGER)',
      `INSERT INTO ZASSET VALUES (1, 'DCIM/100APPLE', 'IMG_1.HEIC', ${COCOA}.0, ${COCOA}.0, ${COCOA + 640}.0, 1, 0), (2, 'DCIM/100APPLE', 'IMG_2.HEIC', ${COCOA}.0, ${COCOA + 650}.0, NULL, 0, 1); INSERT INTO ZADDITIONALASSETATTRIBUTES VALUES (1, 1, 'com.example.app', 2)`,
    ),
  )
  put(
    root,
    'private/var/mobile/Library/Safari/History.db',
    database(
      'CREATE TABLE history_items (id INTEGER PRIMARY KEY, url TEXT, visit_count INTEGER); CREATE TABLE history_visits (id INTEGER PRIMARY KEY, history_item INTEGER, visit_time REAL, title TEXT, origin INTEGER); CREATE TABLE history_tombstones (id INTEGER PRIMARY KEY, start_time REAL, end_time REAL, url TEXT)',
      `INSERT INTO history_items VALUES (1, 'https://example.org/cake', 1); INSERT INTO history_visits VALUES (1, 1, ${COCOA + 660}.0, 'Cake', 0); INSERT INTO history_tombstones VALUES (1, 0, ${COCOA + 670}.0, NULL)`,
    ),
  )
  return [
    ['msgstore.db', 'message', 0, ADA, 'received', 'T'],
    ['msgstore.db', 'message-media', 60, null, 'sent', 'L'],
    ['msgstore.db', 'message', 120, ADA, 'received', 'T', 'deleted'],
    ['msgstore.db', 'message', 180, BEN, 'received', 'T'],
    // Sent to a group: nobody is named.
    ['msgstore.db', 'message', 190, null, 'sent', 'T'],
    ['msgstore.db', 'conversation', 120, ADA, null, 'T'],
    ['msgstore.db', 'conversation', 190, null, null, 'T'],
    ['mmssms.db', 'message', 200, CLEO, 'received', 'T'],
    ['mmssms.db', 'message', 210, CLEO, 'sent', 'T'],
    ['mmssms.db', 'message-media', 220, CLEO, 'received', 'T'],
    ['mmssms.db', 'conversation', 220, CLEO, null, 'T'],
    ['external.db', 'media-stored', 300, null, null, 'T'],
    ['external.db', 'media-stored', 310, null, null, 'T'],
    ['downloads.db', 'download', 320, null, 'received', 'T'],
    ['History', 'page-visited', 330, null, null, 'T'],
    ['History', 'words-searched', null, null, null, 'T'],
    ['History', 'download', 340, null, 'received', 'T'],
    ['cache4.db', 'message', 400, '42 (Dora)', 'received', 'T'],
    ['cache4.db', 'message', 410, '43 (Egon)', 'received', 'T'],
    ['cache4.db', 'message', 420, null, 'sent', 'T'],
    ['cache4.db', 'conversation', 400, '42 (Dora)', null, 'T'],
    ['cache4.db', 'conversation', 420, null, null, 'T'],
    ['viber_messages', 'message', 500, '+37060000004', 'received', 'T'],
    ['viber_messages', 'message', 510, '+37060000004', 'sent', 'T'],
    ['viber_messages', 'conversation', 510, '+37060000004', null, 'T'],
    ['viber_data', 'call', 515, '+37060000004', 'received', 'T'],
    ['viber_data', 'call', 516, '+37060000004', 'sent', 'T'],
    ['a.kikDatabase.db', 'message', 520, 'gil_x@talk.kik.com', 'received', 'T'],
    ['a.kikDatabase.db', 'message', 530, 'gil_x@talk.kik.com', 'sent', 'T'],
    ['a.kikDatabase.db', 'conversation', 530, 'gil_x@talk.kik.com', null, 'T'],
    ['threads_db2', 'message', 540, '51 (Ina / ina.example)', 'received', 'T'],
    ['threads_db2', 'message', 541, '51 (Ina / ina.example)', 'sent', 'T'],
    ['threads_db2', 'message-media', 542, '51 (Ina / ina.example)', 'received', 'T'],
    ['threads_db2', 'conversation', 541, '51 (Ina / ina.example)', null, 'T'],
    ['threads_db2', 'conversation', 542, '51 (Ina / ina.example)', null, 'T'],
    ['msys_database_7', 'message', 543, '52 (Jon)', 'received', 'T'],
    ['msys_database_7', 'message', 544, '52 (Jon)', 'sent', 'T'],
    ['msys_database_7', 'message', 545, '52 (Jon)', 'received', 'T'],
    ['msys_database_7', 'message', 546, '52 (Jon)', 'sent', 'T'],
    ['msys_database_7', 'conversation', 544, '52 (Jon)', null, 'T'],
    ['msys_database_7', 'conversation', 546, '52 (Jon)', null, 'T'],
    ...[550, 551, 552].map(
      (after): Fact => [
        'arroyo.db',
        after === 552 ? 'message-media' : 'message',
        after,
        'aaaaaaaa-0001-4000-8000-000000000001 (Kim / kim.example)',
        after === 551 ? 'sent' : 'received',
        'T',
      ],
    ),
    ['arroyo.db', 'conversation', 552, 'aaaaaaaa-0001-4000-8000-000000000001 (Kim / kim.example)', null, 'T'],
    ['direct.db', 'message', 560, '61 (lia.example)', 'received', 'T'],
    ['direct.db', 'message', 561, '61 (lia.example)', 'sent', 'T'],
    ['direct.db', 'message-media', 562, '61 (lia.example)', 'received', 'T'],
    ['direct.db', 'conversation', 562, '61 (lia.example)', null, 'T'],
    ['7.db', 'message', 0, '42 (Ada / ada.example)', 'received', 'T'],
    ['7.db', 'message', 60, '42 (Ada / ada.example)', 'sent', 'T'],
    ['7.db', 'message-media', 120, '42 (Ada / ada.example)', 'sent', 'T'],
    ['7.db', 'conversation', 120, '42 (Ada / ada.example)', null, 'T'],
    ['sms.db', 'message', 600, '+37060000005', 'received', 'T'],
    ['sms.db', 'message', 610, '+37060000005', 'sent', 'T'],
    ['sms.db', 'conversation', 610, '+37060000005', null, 'T'],
    ['ChatStorage.sqlite', 'message', 620, '37060000006@s.whatsapp.net', 'received', 'T'],
    ['ChatStorage.sqlite', 'message', 630, '37060000006@s.whatsapp.net', 'sent', 'T'],
    // No table of it says who takes part.
    ['ChatStorage.sqlite', 'conversation', 630, null, null, 'T'],
    ['Photos.sqlite', 'photo-library', 640, null, 'shared', 'T'],
    ['Photos.sqlite', 'photo-library', 650, null, null, 'T'],
    // When they were taken, beside when they were added and put into the trash.
    ['Photos.sqlite', 'photo-library', 0, null, 'shared', 'T'],
    ['Photos.sqlite', 'photo-library', 0, null, null, 'T'],
    ['History.db', 'page-visited', 660, null, null, 'T'],
    ['History.db', 'history-removed', 670, null, null, 'T'],
  ]
}

function disk(root: string): readonly Fact[] {
  const user = 'Users/x'
  const ed2k = (bytes: Buffer) => digestsOf(bytes, ed2kDigest()).ed2kRed!
  const catalogued = (bytes: Buffer, name: string, accepted: number) => ({
    ed2k: ed2k(bytes),
    name,
    sizeBytes: bytes.length,
    modified: AT + 10,
    sentBytes: accepted * 1000,
    requests: accepted,
    accepted,
  })
  const named = (bytes: Buffer, name: string, uploads = 0) => ({
    name,
    sha1: hash('sha1', bytes),
    md5: hash('md5', bytes),
    sizeBytes: bytes.length,
    uploads,
  })
  put(root, `${user}/Pictures/lake.txt`, LAKE)
  put(
    root,
    `${user}/AppData/Local/eMule/config/known.met`,
    knownMet([catalogued(LAKE, 'lake.txt', 3), catalogued(HILL, 'hill.txt', 0)]),
  )
  put(root, `${user}/AppData/Local/Ares/Data/ShareL.dat`, aresShareL([named(GONE, 'harbour.txt')], AT + 20))
  put(
    root,
    `${user}/AppData/Local/Ares/Data/ShareH.dat`,
    aresShareH([named(HILL, 'hill.txt')], false, AT + 30),
  )
  put(
    root,
    `${user}/AppData/Roaming/Shareaza/Data/Library1.dat`,
    shareazaLibrary([named(LAKE, 'lake.txt', 2)], (AT + 40) * 1000),
  )
  const info = {
    length: LAKE.length,
    name: 'lake.txt',
    'piece length': 16_384,
    pieces: hash('sha1', LAKE, 'buffer'),
  }
  put(root, `${user}/Downloads/a.torrent`, bencoded({ 'creation date': AT + 50, info }))
  put(root, `${user}/AppData/Roaming/uTorrent/resume.dat`, microTorrentResume())
  put(
    root,
    `${user}/AppData/Roaming/Microsoft/Windows/Recent/lake.lnk`,
    shortcutFile('C:\\Users\\x\\Pictures\\lake.txt', (AT + 60) * 1000),
  )
  put(root, `${user}/NTUSER.DAT`, userHive((AT + 70) * 1000))
  put(
    root,
    `${user}/AppData/Roaming/Microsoft/Windows/Recent/AutomaticDestinations/f01b4d95cf55d32a.automaticDestinations-ms`,
    compoundFile({ DestList: destList(['C:\\Users\\x\\Pictures', 'E:\\pond.jpg'], (AT + 80) * 1000) }),
  )
  put(
    root,
    `${user}/Pictures/lake.txt:Zone.Identifier`,
    Buffer.from('[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=https://example.org/lake.txt\r\n'),
  )
  put(
    root,
    `${user}/AppData/Roaming/Mozilla/Firefox/Profiles/p/places.sqlite`,
    database(
      FIREFOX_SCHEMA,
      `INSERT INTO moz_places (id, url, title, visit_count, last_visit_date) VALUES (1, 'https://example.org/boats', 'Boats', 3, ${AT + 90}000000)`,
    ),
  )
  put(
    root,
    `${user}/AppData/Roaming/Mozilla/Firefox/Profiles/p/formhistory.sqlite`,
    database(
      'CREATE TABLE moz_formhistory (id INTEGER PRIMARY KEY, fieldname TEXT NOT NULL, value TEXT NOT NULL, timesUsed INTEGER, firstUsed INTEGER, lastUsed INTEGER)',
      `INSERT INTO moz_formhistory VALUES (1, 'searchbar-history', 'boat hire', 1, ${AT}000000, ${AT + 100}000000)`,
    ),
  )
  put(
    root,
    `${user}/AppData/Roaming/Skype/me/main.db`,
    database(
      SKYPE_SCHEMA,
      `INSERT INTO Accounts VALUES (1, 1, 'me.example', 'Me'); INSERT INTO Conversations VALUES (3, 1, 'hal.example', 1, 'Hal');
       INSERT INTO Messages VALUES (1, 1, 3, '#a', 'hal.example', 'Hal', 'hal.example', ${AT + 110}, 61, 'the hall is booked'), (2, 1, 3, '#a', 'me.example', 'Me', 'hal.example', ${AT + 120}, 61, 'thanks');
       INSERT INTO Calls VALUES (5, 1, ${AT + 126}, 'hal.example', 0, 1, 3); INSERT INTO CallMembers VALUES (1, 1, 'hal.example', 'Hal', 61, 0, 'g', ${AT + 127}, 5);
       INSERT INTO SMSes VALUES (1, 1, 2, 6, '+37060000007', ${AT + 128}, 'I am at the door');
       INSERT INTO Transfers VALUES (1, 1, 'hal.example', 8, ${AT + 125}, ${AT + 130}, 'C:\\d\\plan.pdf', 'plan.pdf', '77', 3)`,
    ),
  )
  put(
    root,
    `${user}/AppData/Local/Google/Drive/snapshot.db`,
    database(
      DRIVE_SCHEMA,
      `INSERT INTO cloud_entry VALUES ('d', 'harbour.txt', ${AT + 140}, 0, 0, ${GONE.length}, '${hash('md5', GONE)}', 1)`,
    ),
  )
  const otto = ['2000000000000000044', 'otto.example', 'Otto'] as const
  put(
    root,
    `${user}/AppData/Roaming/discord/Cache/Cache_Data/0123456789abcdef_0`,
    simpleEntry({
      url: 'https://discord.com/api/v9/channels/1000000000000000007/messages?limit=50',
      body: brotliCompressSync(
        discordAnswer([
          {
            id: '2',
            at: AT + 161,
            author: ['2000000000000000045', 'pia.example', null],
            words: 'bring paint',
          },
          { id: '1', at: AT + 160, author: otto, words: 'the fence is done' },
        ]),
      ),
      encoding: 'br',
      at: AT + 170,
    }),
  )
  const signal = join(import.meta.dirname, '../../fixtures/device/sqlcipher')
  for (const [name, as] of [
    ['signal-config.json', 'config.json'],
    ['signal.db', 'sql/db.sqlite'],
    ['signal.db-wal', 'sql/db.sqlite-wal'],
  ] as const)
    put(root, `${user}/AppData/Roaming/Signal/${as}`, readFileSync(join(signal, name)))
  put(
    root,
    `${user}/Desktop/Tor Browser/Browser/TorBrowser/Data/Tor/state`,
    Buffer.from(
      '# Tor state file last generated on 2020-09-13 14:29:10 local time\nTorVersion Tor 0.4.8.10\nLastWritten 2020-09-13 12:29:10\n',
    ),
  )
  const picture = '\\VOLUME{01d08edc0cbccaad-3e0d2d25}\\USERS\\X\\PICTURES\\LAKE.PNG'
  put(root, `${user}/Pictures/lake.png`, HILL)
  put(
    root,
    'Windows/Prefetch/VIEWER.EXE-1C2D3E4F.pf',
    prefetchFile({
      version: 30,
      program: 'VIEWER.EXE',
      runs: 4,
      times: [(AT + 160) * 1000, (AT + 155) * 1000],
      files: ['\\D\\VIEWER.EXE', picture],
    }),
  )
  put(root, 'stick/.Trashes/501/hill 2.txt', HILL)
  put(
    root,
    'stick/.Trashes/501/.DS_Store',
    dsStore([
      ['gone.jpg', 'Iloc', 'blob', 'x'.repeat(16)],
      ['hill 2.txt', 'ptbL', 'ustr', 'Volumes/stick/trip/'],
      ['hill 2.txt', 'ptbN', 'ustr', 'hill.txt'],
    ]),
  )
  // A name that is there says nothing more.
  put(root, 'stick/.DS_Store', dsStore([['.Trashes', 'Iloc', 'blob', 'x'.repeat(16)]]))
  put(root, `${user}/webui/outputs/lake.txt`, Buffer.from(SETTINGS))
  put(root, `${user}/webui/models/Lora/lake-style.safetensors`, ADAPTER)
  return [
    ['VIEWER.EXE-1C2D3E4F.pf', 'program-run', 160, null, null, 'T'],
    ['VIEWER.EXE-1C2D3E4F.pf', 'program-run', 155, null, null, 'T'],
    ['VIEWER.EXE-1C2D3E4F.pf', 'file-opened', null, null, null, 'T'],
    ['.DS_Store', 'folder-item', null, null, null, 'T'],
    ['.DS_Store', 'file-trashed', null, null, null, 'T'],
    ['lake.txt', 'generator-settings', null, null, null, 'T'],
    ['lake-style.safetensors', 'generator-model', 0, null, null, 'T'],
    ['known.met', 'emule-known', 10, null, 'shared', 'L'],
    ['known.met', 'emule-known', 10, null, null, 'T'],
    ['ShareL.dat', 'ares-file', 20, null, 'shared', 'L'],
    ['ShareH.dat', 'ares-file', 30, null, null, 'T'],
    ['Library1.dat', 'shareaza-file', 40, null, 'shared', 'L'],
    ['a.torrent', 'torrent', 50, null, null, 'T'],
    ['a.torrent', 'torrent-file', 50, null, null, 'L'],
    ['resume.dat', 'torrent-download', 0, null, 'shared', 'T'],
    ['resume.dat', 'torrent-download', 500, null, 'shared', 'T'],
    ['lake.lnk', 'shortcut', 60, null, null, 'T'],
    ['NTUSER.DAT', 'file-opened', 70, null, null, 'T'],
    ['NTUSER.DAT', 'file-opened', null, null, null, 'T'],
    ['NTUSER.DAT', 'words-searched', 70, null, null, 'T'],
    ['NTUSER.DAT', 'words-searched', null, null, null, 'T'],
    ['NTUSER.DAT', 'page-visited', 70, null, null, 'T'],
    ['NTUSER.DAT', 'program-run', 70, null, null, 'T'],
    ['f01b4d95cf55d32a.automaticDestinations-ms', 'file-opened', 80, null, null, 'T'],
    ['f01b4d95cf55d32a.automaticDestinations-ms', 'file-opened', 80, null, null, 'T'],
    ['lake.txt:Zone.Identifier', 'download', null, null, 'received', 'T'],
    ['places.sqlite', 'page-visited', 90, null, null, 'T'],
    ['formhistory.sqlite', 'words-searched', 100, null, null, 'T'],
    ['main.db', 'message', 110, 'hal.example', 'received', 'T'],
    ['main.db', 'message', 120, 'hal.example', 'sent', 'T'],
    ['main.db', 'call', 126, 'hal.example', 'received', 'T'],
    ['main.db', 'message', 128, '+37060000007', 'sent', 'T'],
    ['main.db', 'conversation', 128, '+37060000007', null, 'T'],
    ['main.db', 'message-media', 130, 'hal.example', 'received', 'T'],
    ['main.db', 'conversation', 130, 'hal.example', null, 'T'],
    ['snapshot.db', 'cloud-file', 140, null, 'shared', 'L'],
    // Nothing says whose account the device's own is.
    ['messages?limit=50', 'message', 160, '2000000000000000044 (Otto / otto.example)', null, 'T'],
    ['messages?limit=50', 'message', 161, '2000000000000000045 (pia.example)', null, 'T'],
    ['messages?limit=50', 'conversation', 161, null, null, 'T'],
    ...[0, 60, 120, 180].map(
      (after): Fact => [
        'db.sqlite » member database',
        after === 120 ? 'message-media' : 'message',
        after,
        SIGNAL_OTHER,
        after === 0 ? 'received' : 'sent',
        'T',
      ],
    ),
    ['db.sqlite » member database', 'conversation', 180, SIGNAL_OTHER, null, 'T'],
    ['state', 'tor-state', 150, null, null, 'T'],
  ]
}

describe.each([
  ['a made phone', phone, ['data/media/0/DCIM/hill.txt']],
  ['a made Windows disk', disk, ['Users/x/Pictures/lake.png', 'stick/.Trashes/501/hill 2.txt']],
] as const)('the timeline of %s', (_name, make, places) => {
  it('has every planted fact with its time, person, direction and basis, and no other', () => {
    const folder = temporaryFolder()
    const root = join(folder, 'exhibit')
    const facts = make(root)
    const list = join(folder, 'list.csv')
    writeFileSync(
      list,
      `md5,sha1,sha256\n${[LAKE, GONE].map((one) => [hash('md5', one), hash('sha1', one), hash('sha256', one)].join(',')).join('\n')}\n`,
    )
    const ledger = join(folder, 'case.sqlite')
    const more = [
      '--ed2k',
      '--text',
      '--basis',
      'warrant 7/2026',
      '--phases',
      'inventory,known',
      '--workers',
      '1',
    ]
    const run = seized(scanArgs(root, ledger, [`illegal:${list}`], ...more))
    expect([run.status, run.stderr]).toEqual([expect.any(Number), expect.any(String)])
    const told = seized(['timeline', ledger, '--format', 'jsonl']).stdout
    const keys = told.split('\n').flatMap((text) => {
      if (text === '') return []
      const line = JSON.parse(text)
      const basis = line.basis.startsWith('stated legal basis for text') ? 'T' : 'L'
      const file = line.path.slice(line.path.lastIndexOf('/') + 1)
      const time = line.datetime === null ? null : line.datetime.slice(0, 19)
      return [[file, line.record, time, line.person, line.direction, basis, line.recordStatus].join(' | ')]
    })
    expect(keys.sort()).toEqual(facts.map(keyOf).sort())
    const joined = told
      .split('\n')
      .flatMap((text) => (text === '' ? [] : (JSON.parse(text).params.lies ?? [])))
    for (const path of places) expect(joined).toContain(path)
  }, 120_000)
})

it('are more than a hundred in all', () => {
  const folder = temporaryFolder()
  expect(phone(join(folder, 'phone')).length + disk(join(folder, 'disk')).length).toBeGreaterThan(100)
})

/** A database of each messenger that is read, with the same few everyday messages, and what must be found in it. */
import Database from 'better-sqlite3'
import {
  INSTAGRAM_APPLE_SCHEMA,
  INSTAGRAM_SCHEMA,
  keyedArchiveOf,
} from '../../../fixtures/device/instagram.ts'
import {
  FACEBOOK_MSYS_SCHEMA,
  FACEBOOK_THREADS_SCHEMA,
  KIK_APPLE_SCHEMA,
  KIK_SCHEMA,
  SKYPE_ANDROID_SCHEMA,
  SKYPE_SCHEMA,
  TELEGRAM_SCHEMA,
  telegramMessage,
  VIBER_SCHEMA,
} from '../../../fixtures/device/messengers.ts'
import { SIGNAL_DESKTOP_SCHEMA, SIGNAL_OTHER, signalRows } from '../../../fixtures/device/signal.ts'
import {
  SNAPCHAT_FRIENDS_SCHEMA,
  SNAPCHAT_SCHEMA,
  SNAPCHAT_USERS_SCHEMA,
  snapchatConversation,
  snapchatMessage,
  snapchatUser,
} from '../../../fixtures/device/snapchat.ts'
import {
  ANDROID_MESSAGES_SCHEMA,
  APPLE_MESSAGES_SCHEMA,
  APPLE_WHATSAPP_SCHEMA,
  attributedBody,
  OLD_WHATSAPP_SCHEMA,
  WHATSAPP_CHATS_SCHEMA,
} from '../../../fixtures/device/stores.ts'

const HASH = Buffer.alloc(32, 0xcd)
const BASE64 = HASH.toString('base64')

/** 2020-09-13T12:26:40Z. */
const AT = 1_600_000_000
const COCOA = AT - 978_307_200

export function databaseOf(...sql: readonly string[]): Buffer {
  const db = new Database(':memory:')
  for (const one of sql) db.exec(one)
  const bytes = db.serialize()
  db.close()
  return bytes
}

export interface MessengerSample {
  readonly name: string
  readonly program: string
  readonly make: () => Buffer
  /** Who wrote the first message, and whom this account answered. */
  readonly other: string
  readonly chat: string
  /** The attached file, as its row names it. */
  /** Null: files of it are not read. */
  readonly media: Readonly<Record<string, unknown>> | null
  /** A number of the other, for lists of privilege. */
  readonly listed?: string
  readonly sha256: string | null
  /** Another database that names the persons. */
  readonly companion?: () => Buffer
}

const ADA = 'aaaaaaaa-0001-4000-8000-000000000001'
const ME = 'aaaaaaaa-0002-4000-8000-000000000002'

function snapchat(): Buffer {
  const db = new Database(':memory:')
  db.exec(SNAPCHAT_SCHEMA)
  db.prepare("INSERT INTO conversation VALUES ('c1', ?, NULL, 1)").run(snapchatConversation([ADA, ME]))
  const add = db.prepare(
    "INSERT INTO conversation_message (client_conversation_id, client_message_id, message_content, creation_timestamp, remote_media_count, content_type, sender_id, created_on_device) VALUES ('c1', ?, ?, ?, ?, ?, ?, ?)",
  )
  add.run(1, snapchatMessage(ADA, FIRST), AT * 1000, 0, 1, ADA, 0)
  add.run(2, snapchatMessage(ME, ANSWER), (AT + 60) * 1000, 0, 1, ME, 1)
  add.run(3, snapchatMessage(ME, null), (AT + 120) * 1000, 1, 2, ME, 1)
  const bytes = db.serialize()
  db.close()
  return bytes
}

const FIRST = 'shall we take the early ferry on Sunday'
const ANSWER = 'yes, I bring the sandwiches'
export const WORDS = [FIRST, ANSWER] as const

export const MESSENGERS: readonly MessengerSample[] = [
  {
    name: 'WhatsApp on Android',
    program: 'whatsapp',
    make: () =>
      databaseOf(
        WHATSAPP_CHATS_SCHEMA,
        `INSERT INTO jid VALUES (4, '37060000001', 's.whatsapp.net', '37060000001@s.whatsapp.net'), (5, '1203', 'g.us', '1203@g.us'), (6, '37060000002', 's.whatsapp.net', '37060000002@s.whatsapp.net');
         INSERT INTO chat VALUES (1, 4, 0, NULL), (2, 5, 0, 'Rowing club');
         INSERT INTO group_participant_user VALUES (1, 5, 4, 0), (2, 5, 6, 0);
         INSERT INTO message VALUES (1, 1, 0, 'K1', 0, 0, ${AT}000, 0, 0, '${FIRST}', 1), (2, 1, 1, 'K2', 0, 5, ${AT + 60}000, 0, 0, '${ANSWER}', 2),
           (3, 1, 1, 'K3', 0, 5, ${AT + 120}000, 0, 1, NULL, 3), (4, 2, 0, 'K4', 6, 0, ${AT + 180}000, 0, 0, 'the boats are dry again', 4),
           (5, 2, 0, 'K5', 0, 6, ${AT + 181}000, 0, 7, NULL, 5);
         INSERT INTO message_media VALUES (3, 1, 'Media/WhatsApp Images/IMG-1.jpg', 77, 'image/jpeg', NULL, NULL, '${BASE64}');`,
      ),
    other: '37060000001@s.whatsapp.net',
    chat: '37060000001@s.whatsapp.net',
    media: { path: 'Media/WhatsApp Images/IMG-1.jpg', mediaType: 'image/jpeg', sizeBytes: 77 },
    sha256: HASH.toString('hex'),
  },
  {
    name: 'WhatsApp on Android before 2022',
    program: 'whatsapp',
    make: () =>
      databaseOf(
        OLD_WHATSAPP_SCHEMA,
        `INSERT INTO messages VALUES (1, '37060000001@s.whatsapp.net', 0, ${AT}000, '${FIRST}', NULL, 0, NULL, NULL), (2, '37060000001@s.whatsapp.net', 1, ${AT + 60}000, '${ANSWER}', NULL, 0, NULL, NULL),
          (3, '37060000001@s.whatsapp.net', 1, ${AT + 120}000, NULL, 'image/jpeg', 77, 'lake.jpg', '${BASE64}');`,
      ),
    other: '37060000001@s.whatsapp.net',
    chat: '37060000001@s.whatsapp.net',
    media: { name: 'lake.jpg', mediaType: 'image/jpeg', sizeBytes: 77 },
    sha256: HASH.toString('hex'),
  },
  {
    name: 'WhatsApp on iOS',
    program: 'whatsapp',
    make: () =>
      databaseOf(
        APPLE_WHATSAPP_SCHEMA,
        `INSERT INTO ZWAMESSAGE VALUES (1, 0, ${COCOA}.0, '37060000001@s.whatsapp.net', NULL, '${FIRST}'), (2, 1, ${COCOA + 60}.0, NULL, '37060000001@s.whatsapp.net', '${ANSWER}'), (3, 1, ${COCOA + 120}.0, NULL, '37060000001@s.whatsapp.net', NULL);
         INSERT INTO ZWAMEDIAITEM VALUES (1, 3, 77, 'Media/b/1.jpg', '${BASE64}', 'image/jpeg');`,
      ),
    other: '37060000001@s.whatsapp.net',
    chat: '37060000001@s.whatsapp.net',
    media: { path: 'Media/b/1.jpg', mediaType: 'image/jpeg', sizeBytes: 77 },
    sha256: HASH.toString('hex'),
  },
  {
    name: 'SMS and MMS on Android',
    program: 'sms',
    make: () =>
      databaseOf(
        ANDROID_MESSAGES_SCHEMA,
        `INSERT INTO canonical_addresses VALUES (1, '+37060000001');
         INSERT INTO threads VALUES (7, ${AT}000, 3, '1', 'x');
         INSERT INTO sms (_id, thread_id, address, date, type, body) VALUES (1, 7, '+37060000001', ${AT}000, 1, '${FIRST}'), (2, 7, '+37060000001', ${AT + 60}000, 2, '${ANSWER}');
         INSERT INTO pdu (_id, thread_id, date, msg_box, m_type) VALUES (1, 7, ${AT + 120}, 2, 128);
         INSERT INTO addr (msg_id, address, type) VALUES (1, 'insert-address-token', 137), (1, '+37060000001', 151);
         INSERT INTO part (mid, ct, text) VALUES (1, 'application/smil', '<smil/>');
         INSERT INTO part (mid, ct, cl, _data) VALUES (1, 'image/jpeg', 'lake.jpg', '/data/user_de/0/com.android.providers.telephony/app_parts/PART_1_lake.jpg');`,
      ),
    other: '+37060000001',
    chat: 'thread 7',
    media: {
      path: '/data/user_de/0/com.android.providers.telephony/app_parts/PART_1_lake.jpg',
      name: 'lake.jpg',
      mediaType: 'image/jpeg',
    },
    sha256: null,
  },
  {
    name: 'Messages on iOS',
    program: 'apple-messages',
    make: () => {
      const db = new Database(':memory:')
      db.exec(APPLE_MESSAGES_SCHEMA)
      const add = db.prepare(
        'INSERT INTO message (ROWID, guid, text, handle_id, attributedBody, date, is_from_me) VALUES (?, ?, ?, 1, ?, ?, ?)',
      )
      // Newer systems keep the words in the archive alone.
      add.run(1, 'G1', FIRST, null, BigInt(COCOA) * 1_000_000_000n, 0)
      add.run(2, 'G2', null, attributedBody(ANSWER), BigInt(COCOA + 60) * 1_000_000_000n, 1)
      add.run(3, 'G3', null, null, BigInt(COCOA + 120) * 1_000_000_000n, 1)
      db.exec(`INSERT INTO handle VALUES (1, '+37060000001', 'iMessage');
        INSERT INTO chat VALUES (1, 'iMessage;-;+37060000001', 45, '+37060000001', NULL);
        INSERT INTO chat_handle_join VALUES (1, 1);
        INSERT INTO chat_message_join VALUES (1, 1, 0), (1, 2, 0), (1, 3, 0);
        INSERT INTO attachment VALUES (1, 'A1', '~/Library/SMS/Attachments/0a/10/G/IMG_0001.HEIC', 'image/heic', 'IMG_0001.HEIC', 77);
        INSERT INTO message_attachment_join VALUES (3, 1);`)
      const bytes = db.serialize()
      db.close()
      return bytes
    },
    other: '+37060000001',
    chat: '+37060000001',
    media: {
      path: '~/Library/SMS/Attachments/0a/10/G/IMG_0001.HEIC',
      name: 'IMG_0001.HEIC',
      mediaType: 'image/heic',
      sizeBytes: 77,
    },
    sha256: null,
  },
  {
    name: 'Telegram on Android',
    program: 'telegram',
    make: () => {
      const db = new Database(':memory:')
      db.exec(
        `${TELEGRAM_SCHEMA} INSERT INTO users VALUES (42, 'Ada Example;;;ada', 0, NULL), (43, 'Ben;;;', 0, NULL); INSERT INTO chats VALUES (9, 'Rowing club', NULL);`,
      )
      const add = db.prepare('INSERT INTO messages_v2 (mid, uid, date, data, out) VALUES (?, ?, ?, ?, ?)')
      add.run(1, 42, AT, telegramMessage(FIRST, AT, null, 42n), 0)
      add.run(2, 42, AT + 60, telegramMessage(ANSWER, AT + 60, null, 42n), 1)
      add.run(3, 42, AT + 120, telegramMessage('', AT + 120, null, 42n), 1)
      add.run(4, -9, AT + 180, telegramMessage('the boats are dry again', AT + 180, 43n, 9n), 0)
      const bytes = db.serialize()
      db.close()
      return bytes
    },
    other: '42 (Ada Example / ada)',
    chat: 'Ada Example / ada',
    media: null,
    listed: 'ada',
    sha256: null,
  },
  {
    name: 'Skype on a desktop',
    program: 'skype',
    make: () =>
      databaseOf(
        SKYPE_SCHEMA,
        `INSERT INTO Accounts VALUES (1, 1, 'me.example', 'Me'); INSERT INTO Conversations VALUES (3, 1, 'ada.example', 1, 'Ada');
         INSERT INTO Participants VALUES (1, 1, 3, 'ada.example'), (2, 1, 3, 'me.example');
         INSERT INTO Messages VALUES (1, 1, 3, '#a', 'ada.example', 'Ada', 'ada.example', ${AT}, 61, '${FIRST}'), (2, 1, 3, '#a', 'me.example', 'Me', 'ada.example', ${AT + 60}, 61, 'yes, <b>I</b> bring the sandwiches'), (3, 1, 3, '#a', 'me.example', 'Me', NULL, ${AT + 90}, 39, 'call ended');
         INSERT INTO Transfers VALUES (1, 2, 'ada.example', 8, ${AT + 110}, ${AT + 120}, 'C:\\Users\\x\\lake.jpg', 'lake.jpg', '77', 3);`,
      ),
    other: 'ada.example',
    chat: 'Ada',
    media: { path: 'C:\\Users\\x\\lake.jpg', name: 'lake.jpg', sizeBytes: 77 },
    listed: 'ada.example',
    sha256: null,
  },
  {
    name: 'Skype on Android',
    program: 'skype',
    make: () =>
      databaseOf(
        SKYPE_ANDROID_SCHEMA,
        `INSERT INTO person VALUES (1, '8:ada.example', 'Ada', NULL); INSERT INTO chatItem VALUES (1, '8:ada.example', NULL, '${FIRST}', 1, ${AT}000, 0, 0, NULL), (2, '8:ada.example', NULL, '${ANSWER}', 1, ${AT + 60}000, 0, 1, NULL), (3, '8:ada.example', NULL, NULL, 2, ${AT + 120}000, 0, 1, '/storage/emulated/0/DCIM/lake.jpg'), (4, '8:ada.example', NULL, 'x', 3, ${AT + 130}000, 9, 1, NULL);`,
      ),
    other: '8:ada.example',
    chat: 'Ada',
    media: { path: '/storage/emulated/0/DCIM/lake.jpg' },
    listed: '8:ada.example',
    sha256: null,
  },
  {
    name: 'Viber on Android',
    program: 'viber',
    make: () =>
      databaseOf(
        VIBER_SCHEMA,
        `INSERT INTO participants_info VALUES (1, '+37060000003', 'Me'), (2, '+37060000001', 'Ada'); INSERT INTO participants VALUES (11, 5, 1), (12, 5, 2); INSERT INTO conversations VALUES (5, 0, NULL);
         INSERT INTO messages (conversation_id, participant_id, msg_date, send_type, body, extra_uri) VALUES (5, 12, ${AT}000, 0, '${FIRST}', NULL), (5, 11, ${AT + 60}000, 1, '${ANSWER}', NULL), (5, 11, ${AT + 120}000, 1, NULL, 'file:///storage/emulated/0/DCIM/lake.jpg');`,
      ),
    other: '+37060000001',
    chat: 'conversation 5',
    media: { path: 'file:///storage/emulated/0/DCIM/lake.jpg' },
    sha256: null,
  },
  {
    name: 'Kik on Android',
    program: 'kik',
    make: () =>
      databaseOf(
        KIK_SCHEMA,
        `INSERT INTO KIKcontactsTable VALUES (1, 'ada_x@talk.kik.com', 'Ada', 'ada', 0); INSERT INTO KIKContentTable VALUES (1, 'c-1', 'file-name', 1, 'lake.jpg');
         INSERT INTO messagesTable (body, partner_jid, was_me, timestamp, bin_id, content_id) VALUES ('${FIRST}', 'ada_x@talk.kik.com', 0, ${AT}000, 'ada_x@talk.kik.com', NULL), ('${ANSWER}', 'ada_x@talk.kik.com', 1, ${AT + 60}000, 'ada_x@talk.kik.com', NULL), (NULL, 'ada_x@talk.kik.com', 1, ${AT + 120}000, 'ada_x@talk.kik.com', 'c-1');`,
      ),
    other: 'ada_x@talk.kik.com',
    chat: 'Ada',
    media: { path: 'chatPicsBig/c-1', name: 'lake.jpg' },
    listed: 'ada_x@talk.kik.com',
    sha256: null,
  },
  {
    name: 'Kik on iOS',
    program: 'kik',
    make: () =>
      databaseOf(
        KIK_APPLE_SCHEMA,
        `INSERT INTO ZKIKUSER VALUES (4, 1, 'Ada', 'ada_x@talk.kik.com', 'ada');
         INSERT INTO ZKIKMESSAGE VALUES (1, 1, 1, 4, 4, ${COCOA}.0, '${FIRST}'), (2, 1, 2, 4, 4, ${COCOA + 60}.0, '${ANSWER}'), (3, 1, 2, 4, 4, ${COCOA + 120}.0, NULL); INSERT INTO ZKIKATTACHMENT VALUES (1, 3, 'f00d-1');`,
      ),
    other: 'ada_x@talk.kik.com',
    chat: 'Ada',
    media: { path: 'data_cache/f00d-1' },
    listed: 'ada_x@talk.kik.com',
    sha256: null,
  },
  {
    name: 'Facebook Messenger on Android before 2020',
    program: 'facebook-messenger',
    make: () =>
      databaseOf(
        FACEBOOK_THREADS_SCHEMA,
        `INSERT INTO threads VALUES ('ONE_TO_ONE:4200000000000042:7', NULL, NULL, ${AT}000), ('GROUP:9', NULL, 'Rowing club', ${AT}000);
         INSERT INTO thread_users VALUES ('FACEBOOK:4200000000000042', 'Ada', 'Example', 'ada.example', NULL, 1), ('FACEBOOK:43', NULL, NULL, NULL, 'Ben', 0), ('FACEBOOK:7', NULL, NULL, NULL, 'Me', 0);
         INSERT INTO thread_participants VALUES ('GROUP:9', 'FACEBOOK:43', 'PARTICIPANT'), ('GROUP:9', 'FACEBOOK:7', 'PARTICIPANT');
         INSERT INTO messages VALUES ('m0', 'ONE_TO_ONE:4200000000000042:7', NULL, NULL, ${AT - 9}000, -1, NULL, NULL, NULL, NULL),
           ('m1', 'ONE_TO_ONE:4200000000000042:7', '${FIRST}', '{"user_key":"FACEBOOK:4200000000000042","name":"Ada"}', ${AT}000, 0, NULL, NULL, NULL, NULL),
           ('m2', 'ONE_TO_ONE:4200000000000042:7', '${ANSWER}', '{"user_key":"FACEBOOK:7","name":"Me"}', ${AT + 60}000, 0, NULL, NULL, NULL, NULL),
           ('m3', 'ONE_TO_ONE:4200000000000042:7', NULL, '{"user_key":"FACEBOOK:7","name":"Me"}', ${AT + 120}000, 0, '[{"id":"a1","filename":"lake.jpg","mime_type":"image/jpeg","file_size":77}]', NULL, NULL, NULL),
           ('m4', 'GROUP:9', 'the boats are dry again', '{"user_key":"FACEBOOK:43","name":"Ben"}', ${AT + 180}000, 0, NULL, NULL, NULL, NULL);`,
      ),
    other: '4200000000000042 (Ada Example / ada.example)',
    chat: '4200000000000042 (Ada Example / ada.example)',
    media: { name: 'lake.jpg', mediaType: 'image/jpeg', sizeBytes: 77 },
    listed: 'ada.example',
    sha256: null,
  },
  {
    name: 'Facebook Messenger',
    program: 'facebook-msys',
    make: () =>
      databaseOf(
        FACEBOOK_MSYS_SCHEMA,
        `INSERT INTO _user_info VALUES (7, 1); INSERT INTO contacts VALUES (61550000000000042, 'Ada', 'ada.example', 1), (7, 'Me', NULL, 1);
         INSERT INTO threads VALUES (61550000000000042, NULL, 1, ${AT}000); INSERT INTO participants VALUES (61550000000000042, 61550000000000042), (61550000000000042, 7);
         INSERT INTO messages VALUES (61550000000000042, ${AT}000, 'mid.1', NULL, 61550000000000042, '${FIRST}', 0, 0), (61550000000000042, ${AT + 60}000, 'mid.2', NULL, 7, '${ANSWER}', 0, 0),
           (61550000000000042, ${AT + 120}000, 'mid.3', NULL, 7, NULL, 0, 1), (61550000000000042, ${AT + 130}000, 'mid.4', NULL, 7, 'You named the chat', 1, 0);
         INSERT INTO attachments VALUES (61550000000000042, 'mid.3', '1', 'lake.mp4', 77, 'https://example.org/lake.mp4', 'video/mp4', NULL, NULL), (61550000000000042, 'mid.2', '2', NULL, NULL, NULL, NULL, 'Missed call', NULL);`,
      ),
    other: '61550000000000042 (Ada / ada.example)',
    chat: '61550000000000042 (Ada / ada.example)',
    media: { name: 'lake.mp4', mediaType: 'video/mp4', sizeBytes: 77 },
    listed: 'ada.example',
    sha256: null,
  },
  {
    name: 'Snapchat on Android',
    program: 'snapchat',
    make: snapchat,
    companion: () =>
      databaseOf(
        SNAPCHAT_FRIENDS_SCHEMA,
        `INSERT INTO Friend VALUES (1, 'ada.example', '${ADA}', 'Ada', NULL, 1), (2, 'me.example', '${ME}', 'Me', NULL, NULL)`,
      ),
    other: `${ADA} (Ada / ada.example)`,
    chat: 'c1',
    media: {},
    listed: 'ada.example',
    sha256: null,
  },
  {
    name: 'Snapchat on iOS',
    program: 'snapchat',
    make: snapchat,
    companion: () => {
      const db = new Database(':memory:')
      db.exec(SNAPCHAT_USERS_SCHEMA)
      const add = db.prepare('INSERT INTO snapchatter VALUES (?, ?)')
      add.run(ADA, snapchatUser([ADA, 'ada.example', 'Ada']))
      // Its document speaks of somebody else: no name is taken from it.
      add.run(ME, snapchatUser([ADA, 'me.example', 'Eve']))
      db.exec("INSERT INTO index_snapchatterusername VALUES ('ada.example'), ('me.example')")
      const bytes = db.serialize()
      db.close()
      return bytes
    },
    other: `${ADA} (Ada / ada.example)`,
    chat: 'c1',
    media: {},
    listed: 'ada.example',
    sha256: null,
  },
  {
    name: 'Snapchat without the database that names persons',
    program: 'snapchat',
    make: snapchat,
    other: ADA,
    chat: 'c1',
    media: {},
    listed: ADA,
    sha256: null,
  },
  {
    name: 'Instagram on Android',
    program: 'instagram',
    make: () =>
      databaseOf(
        INSTAGRAM_SCHEMA,
        `INSERT INTO session VALUES ('7'); INSERT INTO threads (thread_id, thread_info) VALUES ('340282366841710300', '{"thread_title":"Ada’s chat","recipients":[{"pk":61550000000000042,"username":"ada.example","full_name":"Ada"}],"inviter":{"pk":"7","username":"me.example"}}');
         INSERT INTO messages (thread_id, timestamp, message_type, text, message) VALUES ('340282366841710300', ${AT}000000, 'text', '${FIRST}', '{"user_id":61550000000000042,"item_type":"text"}'), ('340282366841710300', ${AT + 60}000000, 'text', '${ANSWER}', '{"user_id":"7"}'),
           ('340282366841710300', ${AT + 120}000000, 'media', NULL, '{"user_id":7,"media":{"taken_at":1,"image_versions2":{"candidates":[{"url":"https://example.org/v/t51/lake.jpg?stp=1"}]}}}'),
           ('340282366841710300', ${AT + 130}000000, 'video_call_event', NULL, '{"user_id":7,"video_call_event":{"action":"ended"}}')`,
      ),
    other: '61550000000000042 (Ada / ada.example)',
    chat: 'Ada’s chat',
    media: { name: 'lake.jpg' },
    listed: 'ada.example',
    sha256: null,
  },
  {
    name: 'Instagram on iOS',
    program: 'instagram',
    make: () => {
      const db = new Database(':memory:')
      db.exec(INSTAGRAM_APPLE_SCHEMA)
      db.prepare("INSERT INTO threads VALUES ('t1', '7', ?)").run(keyedArchiveOf('thread'))
      const add = db.prepare("INSERT INTO messages VALUES (?, 't1', ?)")
      for (const name of ['first', 'answer', 'picture', 'call'] as const) add.run(name, keyedArchiveOf(name))
      const bytes = db.serialize()
      db.close()
      return bytes
    },
    other: '42 (Ada / ada.example)',
    chat: 't1',
    media: { name: 'lake.jpg' },
    listed: 'ada.example',
    sha256: null,
  },
  {
    name: 'Signal on a desktop',
    program: 'signal-desktop',
    make: () => databaseOf(SIGNAL_DESKTOP_SCHEMA, signalRows(AT, WORDS, HASH.toString('hex'))),
    other: SIGNAL_OTHER,
    chat: 'Ada',
    media: { path: `ab/${'ab'.repeat(20)}`, name: 'lake.jpg', mediaType: 'image/jpeg', sizeBytes: 77 },
    sha256: HASH.toString('hex'),
  },
  {
    name: 'Signal on a desktop since 2025, with a table of files',
    program: 'signal-desktop',
    make: () =>
      databaseOf(
        SIGNAL_DESKTOP_SCHEMA,
        signalRows(AT, WORDS, HASH.toString('hex')),
        `UPDATE messages SET json = '{}';
         INSERT INTO message_attachments VALUES ('m-3', -1, 'attachment', 0, 'c-1', 1, 77, 'image/jpeg', 'ab\\cd', '${HASH.toString('hex')}', 'secret', 'lake.jpg'), ('m-3', -1, 'quote', 0, 'c-1', 1, 5, 'image/jpeg', 'ef\\01', NULL, NULL, NULL)`,
      ),
    other: SIGNAL_OTHER,
    chat: 'Ada',
    media: { path: 'ab/cd', name: 'lake.jpg', mediaType: 'image/jpeg', sizeBytes: 77 },
    sha256: HASH.toString('hex'),
  },
]

/** A database of this messenger, with the same few everyday messages as every other. */
import Database from 'better-sqlite3'
import { APPLE_MESSAGES_SCHEMA, attributedBody } from '../../../../fixtures/device/stores.ts'
import { ANSWER, COCOA, FIRST, type MessengerSample } from '../messenger-sample.ts'

export const messengers: readonly MessengerSample[] = [
  {
    name: 'Messages on iOS',
    reader: 'appleMessages',
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
]

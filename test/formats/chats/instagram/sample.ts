/** A database of this messenger, with the same few everyday messages as every other. */
import Database from 'better-sqlite3'
import {
  INSTAGRAM_APPLE_SCHEMA,
  INSTAGRAM_SCHEMA,
  keyedArchiveOf,
} from '../../../../fixtures/device/instagram.ts'
import { databaseOf } from '../../sample.ts'
import { ANSWER, AT, FIRST, type MessengerSample } from '../messenger-sample.ts'

export const messengers: readonly MessengerSample[] = [
  {
    name: 'Instagram on Android',
    reader: 'instagram',
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
    reader: 'instagramApple',
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
]

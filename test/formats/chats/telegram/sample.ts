/** A database of this messenger, with the same few everyday messages as every other. */
import Database from 'better-sqlite3'
import { TELEGRAM_SCHEMA, telegramMessage } from '../../../../fixtures/device/messengers.ts'
import { ANSWER, AT, FIRST, type MessengerSample } from '../messenger-sample.ts'

export const messengers: readonly MessengerSample[] = [
  {
    name: 'Telegram on Android',
    reader: 'telegram',
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
]

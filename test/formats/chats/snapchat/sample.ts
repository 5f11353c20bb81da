/** A database of this messenger, with the same few everyday messages as every other. */
import Database from 'better-sqlite3'
import {
  SNAPCHAT_FRIENDS_SCHEMA,
  SNAPCHAT_SCHEMA,
  SNAPCHAT_USERS_SCHEMA,
  snapchatConversation,
  snapchatMessage,
  snapchatUser,
} from '../../../../fixtures/device/snapchat.ts'
import { databaseOf } from '../../sample.ts'
import { ANSWER, AT, FIRST, type MessengerSample } from '../messenger-sample.ts'

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

export const messengers: readonly MessengerSample[] = [
  {
    name: 'Snapchat on Android',
    reader: 'snapchat',
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
    reader: 'snapchat',
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
    reader: 'snapchat',
    program: 'snapchat',
    make: snapchat,
    other: ADA,
    chat: 'c1',
    media: {},
    listed: ADA,
    sha256: null,
  },
]

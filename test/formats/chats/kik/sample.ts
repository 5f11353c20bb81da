/** A database of this messenger, with the same few everyday messages as every other. */
import { KIK_APPLE_SCHEMA, KIK_SCHEMA } from '../../../../fixtures/device/messengers.ts'
import { databaseOf } from '../../sample.ts'
import { ANSWER, AT, COCOA, FIRST, type MessengerSample } from '../messenger-sample.ts'

export const messengers: readonly MessengerSample[] = [
  {
    name: 'Kik on Android',
    reader: 'kikAndroid',
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
    reader: 'kikApple',
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
]

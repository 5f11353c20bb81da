/** A database of this messenger, with the same few everyday messages as every other. */
import {
  APPLE_WHATSAPP_SCHEMA,
  OLD_WHATSAPP_SCHEMA,
  WHATSAPP_CHATS_SCHEMA,
} from '../../../../fixtures/device/stores.ts'
import { databaseOf } from '../../sample.ts'
import { ANSWER, AT, BASE64, COCOA, FIRST, HASH, type MessengerSample } from '../messenger-sample.ts'

export const messengers: readonly MessengerSample[] = [
  {
    name: 'WhatsApp on Android',
    reader: 'whatsappAndroid',
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
    reader: 'whatsappAndroidOld',
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
    reader: 'whatsappApple',
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
]

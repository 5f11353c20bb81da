/** A database of this messenger, with the same few everyday messages as every other. */
import { ANDROID_MESSAGES_SCHEMA } from '../../../../fixtures/device/stores.ts'
import { databaseOf } from '../../sample.ts'
import { ANSWER, AT, FIRST, type MessengerSample } from '../messenger-sample.ts'

export const messengers: readonly MessengerSample[] = [
  {
    name: 'SMS and MMS on Android',
    reader: 'androidMessages',
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
]

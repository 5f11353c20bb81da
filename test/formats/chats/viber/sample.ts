/** A database of this messenger, with the same few everyday messages as every other. */
import { VIBER_CALLS_SCHEMA, VIBER_SCHEMA } from '../../../../fixtures/device/messengers.ts'
import { databaseOf } from '../../sample.ts'
import { ANSWER, AT, FIRST, type MessengerSample, type StoreSample } from '../messenger-sample.ts'

export const messengers: readonly MessengerSample[] = [
  {
    name: 'Viber on Android',
    reader: 'viber',
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
]

/** Calls stand in a database of their own. */
export const stores: readonly StoreSample[] = [
  { reader: 'viberCalls', make: () => databaseOf(VIBER_CALLS_SCHEMA) },
]

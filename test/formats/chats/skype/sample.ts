/** A database of this messenger, with the same few everyday messages as every other. */
import { SKYPE_ANDROID_SCHEMA, SKYPE_SCHEMA } from '../../../../fixtures/device/messengers.ts'
import { databaseOf } from '../../sample.ts'
import { ANSWER, AT, FIRST, type MessengerSample } from '../messenger-sample.ts'

export const messengers: readonly MessengerSample[] = [
  {
    name: 'Skype on a desktop',
    reader: 'skypeDesktop',
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
    reader: 'skypeAndroid',
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
]

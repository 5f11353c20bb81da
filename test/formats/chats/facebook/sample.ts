/** A database of this messenger, with the same few everyday messages as every other. */
import { FACEBOOK_MSYS_SCHEMA, FACEBOOK_THREADS_SCHEMA } from '../../../../fixtures/device/messengers.ts'
import { databaseOf } from '../../sample.ts'
import { ANSWER, AT, FIRST, type MessengerSample } from '../messenger-sample.ts'

export const messengers: readonly MessengerSample[] = [
  {
    name: 'Facebook Messenger on Android before 2020',
    reader: 'facebookThreads',
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
    reader: 'facebookMsys',
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
]

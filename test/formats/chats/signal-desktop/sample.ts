/** A database of this messenger, with the same few everyday messages as every other. */
import { SIGNAL_DESKTOP_SCHEMA, SIGNAL_OTHER, signalRows } from '../../../../fixtures/device/signal.ts'
import { databaseOf } from '../../sample.ts'
import { AT, HASH, type MessengerSample, WORDS } from '../messenger-sample.ts'

export const messengers: readonly MessengerSample[] = [
  {
    name: 'Signal on a desktop',
    reader: 'signalDesktop',
    program: 'signal-desktop',
    make: () => databaseOf(SIGNAL_DESKTOP_SCHEMA, signalRows(AT, WORDS, HASH.toString('hex'))),
    other: SIGNAL_OTHER,
    chat: 'Ada',
    media: { path: `ab/${'ab'.repeat(20)}`, name: 'lake.jpg', mediaType: 'image/jpeg', sizeBytes: 77 },
    sha256: HASH.toString('hex'),
  },
  {
    name: 'Signal on a desktop since 2025, with a table of files',
    reader: 'signalDesktop',
    program: 'signal-desktop',
    make: () =>
      databaseOf(
        SIGNAL_DESKTOP_SCHEMA,
        signalRows(AT, WORDS, HASH.toString('hex')),
        `UPDATE messages SET json = '{}';
         INSERT INTO message_attachments VALUES ('m-3', -1, 'attachment', 0, 'c-1', 1, 77, 'image/jpeg', 'ab\\cd', '${HASH.toString('hex')}', 'secret', 'lake.jpg'), ('m-3', -1, 'quote', 0, 'c-1', 1, 5, 'image/jpeg', 'ef\\01', NULL, NULL, NULL)`,
      ),
    other: SIGNAL_OTHER,
    chat: 'Ada',
    media: { path: 'ab/cd', name: 'lake.jpg', mediaType: 'image/jpeg', sizeBytes: 77 },
    sha256: HASH.toString('hex'),
  },
]

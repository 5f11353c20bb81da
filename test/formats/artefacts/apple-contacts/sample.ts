/** What is read of this kind: a sample of each of its files. */
import { APPLE_CONTACTS_SCHEMA } from '../../../../fixtures/device/stores.ts'
import { type ArtefactSample, databaseOf } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-sqlite3',
    reader: 'readAppleContacts',
    make: () =>
      databaseOf(
        APPLE_CONTACTS_SCHEMA,
        `INSERT INTO ABPerson VALUES (1, 'Ada', 'Example', NULL, NULL, 'Boats', 'x', 600000000, 700000000), (2, NULL, NULL, NULL, NULL, 'Harbour', NULL, 600000000, 700000000);
         INSERT INTO ABMultiValue VALUES (1, 1, 3, 0, 1, '+370 600 00005'), (2, 1, 4, 0, 1, 'ada@example.org'), (3, 2, 3, 0, 1, '112'), (4, 1, 22, 0, 1, 'https://example.org');`,
      ),
    records: 3,
  },
]

/** What is read of this kind: a sample of each of its files. */
import { ANDROID_CONTACTS_SCHEMA } from '../../../../fixtures/device/stores.ts'
import { type ArtefactSample, databaseOf } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-sqlite3',
    reader: 'readAndroidContacts',
    make: () =>
      databaseOf(
        ANDROID_CONTACTS_SCHEMA,
        `INSERT INTO accounts VALUES (1, 'ona@example.org', 'com.example', NULL);
         INSERT INTO contacts VALUES (4, 9, NULL, 0, 'k', 1790000000000);
         INSERT INTO raw_contacts VALUES (9, 1, NULL, 0, 4, 'Ben Example', 'Example, Ben');
         INSERT INTO data VALUES (1, 7, 9, 0, 'Ben Example', 'Ben', 'Example', NULL), (2, 5, 9, 0, '8 600 00006', '2', NULL, '+37060000006'), (3, 1, 9, 0, 'ben@example.org', '1', NULL, NULL);`,
      ),
    records: 2,
  },
]

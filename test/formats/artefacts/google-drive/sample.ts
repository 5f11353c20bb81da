/** What is read of this kind: a sample of each of its files. */
import { DRIVE_SCHEMA } from '../../../../fixtures/device/stores.ts'
import { type ArtefactSample, databaseOf } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-sqlite3',
    reader: 'readGoogleDrive',
    make: () =>
      databaseOf(
        DRIVE_SCHEMA,
        `INSERT INTO cloud_entry VALUES ('d', 'a.jpg', 1600000000, 0, 0, 9, '${'EF'.repeat(16)}', 1)`,
      ),
    records: 1,
  },
]

/** What is read of this kind: a sample of each of its files. */
import { MEDIA_STORE_SCHEMA } from '../../../../fixtures/device/stores.ts'
import { type ArtefactSample, databaseOf } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-sqlite3',
    reader: 'readMediaStore',
    make: () =>
      databaseOf(
        MEDIA_STORE_SCHEMA,
        "INSERT INTO files (_data, _size, mime_type, date_added) VALUES ('/storage/emulated/0/Pictures/a.jpg', 9, 'image/jpeg', 1600000000)",
      ),
    records: 1,
  },
]

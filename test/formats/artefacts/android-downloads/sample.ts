/** What is read of this kind: a sample of each of its files. */
import { type ArtefactSample, databaseOf } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-sqlite3',
    reader: 'readAndroidDownloads',
    make: () =>
      databaseOf(
        "CREATE TABLE downloads (_id INTEGER PRIMARY KEY, uri TEXT, _data TEXT, mimetype TEXT, status INTEGER, total_bytes INTEGER, lastmod INTEGER, notificationpackage TEXT, referer TEXT, deleted BOOLEAN); INSERT INTO downloads VALUES (1, 'https://example.org/a.jpg', '/storage/emulated/0/Download/a.jpg', 'image/jpeg', 200, 9, 1600000000000, 'org.example.browser', NULL, 0)",
      ),
    records: 1,
  },
]

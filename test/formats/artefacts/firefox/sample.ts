/** What is read of this kind: a sample of each of its files. */
import { FIREFOX_SCHEMA } from '../../../../fixtures/device/browsers.ts'
import { type ArtefactSample, databaseOf } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-sqlite3',
    reader: 'readFirefox',
    make: () =>
      databaseOf(
        FIREFOX_SCHEMA,
        "INSERT INTO moz_places (id, url, visit_count, last_visit_date) VALUES (1, 'https://example.org/ferry', 2, 1600000005000000)",
      ),
    records: 1,
  },
  {
    mediaType: 'application/x-sqlite3',
    reader: 'readFirefoxDownloads',
    make: () =>
      databaseOf(
        "CREATE TABLE moz_downloads (id INTEGER PRIMARY KEY, name TEXT, source TEXT, target TEXT, startTime INTEGER, endTime INTEGER, state INTEGER, referrer TEXT, mimeType TEXT, maxBytes INTEGER); INSERT INTO moz_downloads VALUES (1, 'a.zip', 'https://example.org/a.zip', 'file:///home/x/a.zip', 1600000000000000, 1600000005000000, 1, NULL, 'application/zip', 7)",
      ),
    records: 1,
  },
]

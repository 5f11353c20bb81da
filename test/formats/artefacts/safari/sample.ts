/** What is read of this kind: a sample of each of its files. */
import { SAFARI_DOWNLOADS } from '../../../../fixtures/device/browsers.ts'
import { type ArtefactSample, databaseOf } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  { mediaType: 'application/x-safari-downloads', make: () => SAFARI_DOWNLOADS, records: 2 },
  {
    mediaType: 'application/x-sqlite3',
    reader: 'readSafari',
    make: () =>
      databaseOf(
        "CREATE TABLE history_items (id INTEGER PRIMARY KEY, url TEXT, visit_count INTEGER); CREATE TABLE history_visits (id INTEGER PRIMARY KEY, history_item INTEGER, visit_time REAL, title TEXT, origin INTEGER); INSERT INTO history_items VALUES (1, 'https://example.org/', 1); INSERT INTO history_visits VALUES (1, 1, 600000000.5, 'Example', 0)",
      ),
    records: 1,
  },
]

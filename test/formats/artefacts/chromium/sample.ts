/** What is read of this kind: a sample of each of its files. */
import {
  CHROMIUM_BOOKMARKS,
  CHROMIUM_SCHEMA,
  CHROMIUM_TYPED_SCHEMAS,
} from '../../../../fixtures/device/browsers.ts'
import { blockCache } from '../../../../fixtures/device/caches.ts'
import { type ArtefactSample, databaseOf } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-chromium-bookmarks+json',
    make: () => Buffer.from(CHROMIUM_BOOKMARKS),
    records: 1,
  },
  {
    mediaType: 'application/x-chromium-cache-blocks',
    make: () =>
      blockCache([
        { url: 'https://example.org/a.jpg', body: Buffer.alloc(20_000, 7), at: 1_600_000_000 },
      ]).get('data_1')!,
    records: 1,
  },
  {
    mediaType: 'application/x-sqlite3',
    reader: 'readChromium',
    make: () =>
      databaseOf(
        CHROMIUM_SCHEMA,
        "INSERT INTO urls VALUES (1, 'https://example.org/', 'Example', 2, 1, 13222310400000000, 0); INSERT INTO keyword_search_terms VALUES (2, 1, 'ferry', 'ferry')",
      ),
    records: 2,
  },
  {
    mediaType: 'application/x-sqlite3',
    reader: 'readTyped',
    make: () =>
      databaseOf(
        CHROMIUM_TYPED_SCHEMAS.shortcuts,
        "INSERT INTO omni_box_shortcuts (id, text, url, last_access_time, number_of_hits) VALUES ('a', 'fer', 'https://example.org/ferry', 13222310400000000, 3)",
      ),
    records: 1,
  },
]

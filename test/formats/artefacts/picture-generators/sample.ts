/** What is read of this kind: a sample of each of its files. */
import * as generators from '../../../../fixtures/device/generators.ts'
import { type ArtefactSample, databaseOf } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  { mediaType: 'application/x-generator+json', make: () => Buffer.from(generators.HISTORY), records: 1 },
  { mediaType: 'text/x-generator-page', make: () => Buffer.from(generators.PAGE), records: 1 },
  { mediaType: 'text/x-generator-settings', make: () => Buffer.from(generators.SETTINGS), records: 1 },
  { mediaType: 'text/x-generator-table', make: () => Buffer.from(generators.TABLE), records: 1 },
  {
    mediaType: 'application/x-sqlite3',
    reader: 'readInvoke',
    make: () => databaseOf(generators.INVOKE_SCHEMA, generators.INVOKE_ROWS),
    records: 4,
  },
]

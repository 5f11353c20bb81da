/** What is read of this kind: a sample of each of its files. */
import { type ArtefactSample, databaseOf } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-sqlite3',
    reader: 'readQuarantine',
    make: () =>
      databaseOf(
        "CREATE TABLE LSQuarantineEvent (LSQuarantineEventIdentifier TEXT PRIMARY KEY, LSQuarantineTimeStamp REAL, LSQuarantineAgentName TEXT, LSQuarantineDataURLString TEXT, LSQuarantineOriginURLString TEXT); INSERT INTO LSQuarantineEvent VALUES ('E-1', 600000000.0, 'Safari', 'https://example.org/a.zip', NULL)",
      ),
    records: 1,
  },
]

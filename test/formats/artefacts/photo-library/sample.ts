/** What is read of this kind: a sample of each of its files. */
import { type ArtefactSample, databaseOf } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-sqlite3',
    reader: 'readPhotoLibrary',
    make: () =>
      databaseOf(
        "CREATE TABLE ZASSET (Z_PK INTEGER PRIMARY KEY, ZDIRECTORY VARCHAR, ZFILENAME VARCHAR, ZDATECREATED TIMESTAMP, ZADDEDDATE TIMESTAMP, ZTRASHEDSTATE INTEGER, ZHIDDEN INTEGER); INSERT INTO ZASSET VALUES (1, 'DCIM/100APPLE', 'IMG_0001.HEIC', 600000000.0, 600000001.0, 0, 0)",
      ),
    records: 1,
  },
]

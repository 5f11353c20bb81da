/** What is read of this kind: a sample of each of its files. */
import type { ArtefactSample } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'text/x-zone-identifier',
    make: () => Buffer.from('[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=https://example.org/map.jpg\r\n'),
    records: 1,
  },
]

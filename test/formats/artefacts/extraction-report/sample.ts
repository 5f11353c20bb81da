/** What is read of this kind: a sample of each of its files. */
import { extractionReport } from '../../../../fixtures/device/bencode.ts'
import type { ArtefactSample } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-ufed-report+xml',
    make: () => Buffer.from(extractionReport([{ path: '/data/a.jpg', sizeBytes: 7, md5: 'a1'.repeat(16) }])),
    records: 1,
  },
]

/** What is read of this kind: a sample of each of its files. */
import { indexDat } from '../../../../fixtures/device/index-dat.ts'
import type { ArtefactSample } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-ms-index-dat',
    make: () => indexDat([{ url: 'Visited: x@https://example.org/', accessed: 1_600_000_000_000 }]),
    records: 1,
  },
]

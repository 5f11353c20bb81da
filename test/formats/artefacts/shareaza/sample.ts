/** What is read of this kind: a sample of each of its files. */
import { shareazaLibrary } from '../../../../fixtures/device/sharing.ts'
import type { ArtefactSample } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-shareaza-library',
    make: () =>
      shareazaLibrary([{ name: 'map.jpg', sha1: 'a1'.repeat(20), sizeBytes: 7 }], 1_600_000_000_000),
    records: 1,
  },
]

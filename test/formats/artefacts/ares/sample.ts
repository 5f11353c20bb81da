/** What is read of this kind: a sample of each of its files. */
import { aresPartial, aresShareL } from '../../../../fixtures/device/sharing.ts'
import type { ArtefactSample } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-ares-catalogue',
    make: () => aresShareL([{ name: 'map.jpg', sha1: 'a1'.repeat(20), sizeBytes: 7 }], 1_600_000_000),
    records: 1,
  },
  {
    mediaType: 'application/x-ares-partial',
    make: () =>
      aresPartial(
        { name: 'map.jpg', sha1: 'a1'.repeat(20), sizeBytes: 9000 },
        Buffer.alloc(70),
        1_600_000_000,
      ).subarray(9000),
    records: 1,
  },
]

/** What is read of this kind: a sample of each of its files. */
import { packedPrefetch, prefetchFile } from '../../../../fixtures/device/prefetch.ts'
import type { ArtefactSample } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-ms-prefetch',
    make: () =>
      packedPrefetch(
        prefetchFile({
          version: 30,
          program: 'VIEWER.EXE',
          runs: 2,
          times: [1_600_000_000_000],
          files: ['\\D\\VIEWER.EXE', '\\D\\LAKE.JPG'],
        }),
      ),
    records: 2,
  },
]

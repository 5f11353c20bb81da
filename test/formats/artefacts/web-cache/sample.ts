/** What is read of this kind: a sample of each of its files. */
import { webCache } from '../../../../fixtures/device/webcache.ts'
import type { ArtefactSample } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-ms-ese-database',
    make: () =>
      webCache({
        History: [{ url: 'Visited: x@https://example.org/', accessed: 1_600_000_000_000, apartBy: 40 }],
        Content: [{ url: 'https://example.org/a.jpg', fileName: 'a.jpg', accessed: 1_600_000_000_000 }],
      }),
    records: 2,
  },
]

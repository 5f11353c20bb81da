/** What is read of this kind: a sample of each of its files. */
import type { ArtefactSample } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'text/x-trash-info',
    make: () => Buffer.from('[Trash Info]\nPath=/home/x/my%20map.jpg\nDeletionDate=2026-01-02T03:04:05\n'),
    records: 1,
  },
]

/** What is read of this kind: a sample of each of its files. */
import { dsStore } from '../../../../fixtures/device/ds-store.ts'
import type { ArtefactSample } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-apple-ds-store',
    make: () => dsStore([['lake.jpg', 'Iloc', 'blob', 'x'.repeat(16)]], [['hill.jpg', 'Iloc', 'blob', '']]),
    records: 2,
  },
]

/** What is read of this kind: a sample of each of its files. */
import { userHive } from '../../../../fixtures/device/registry.ts'
import type { ArtefactSample } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-ft-windows-registry-hive',
    make: () => userHive(1_600_000_000_000),
    records: 6,
  },
]

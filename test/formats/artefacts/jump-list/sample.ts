/** What is read of this kind: a sample of each of its files. */
import { destList } from '../../../../fixtures/device/registry.ts'
import { compoundFile } from '../../../child/compound-files.ts'
import type { ArtefactSample } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-ms-jumplist',
    make: () => compoundFile({ DestList: destList(['C:\\Users\\x\\map.jpg'], 1_600_000_000_000) }),
    records: 1,
  },
]

/** What is read of this kind: a sample of each of its files. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cancelledMet, partMet } from '../../../../fixtures/device/emule.ts'
import type { ArtefactSample } from '../../sample.ts'

const FOLDER = join(import.meta.dirname, '../../../../fixtures/device')

const FILE = {
  ed2k: 'a1'.repeat(16),
  name: 'grüner Hügel.jpg',
  sizeBytes: 2 ** 33 + 7,
  modified: 1_600_000_000,
}

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-emule-cancelled',
    make: () => cancelledMet(['b2'.repeat(16), 'c3'.repeat(16)], null),
    records: 2,
  },
  {
    mediaType: 'application/x-emule-known',
    make: () => readFileSync(join(FOLDER, 'amule-2.3.3-known.met')),
    records: 3,
  },
  {
    mediaType: 'application/x-emule-part',
    make: () => partMet({ ...FILE, receivedBytes: 99, partFile: '003.part' }),
    records: 1,
  },
]

/** What is read of this kind: a sample of each of its files. */
import * as apple from '../../../../fixtures/device/apple.ts'
import type { ArtefactSample } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  { mediaType: 'application/x-apple-double', make: apple.doubleOfDownload, records: 3 },
  { mediaType: 'application/x-apple-last-used', make: () => apple.LAST_USED, records: 1 },
  { mediaType: 'application/x-apple-where-froms', make: () => apple.WHERE_FROMS, records: 1 },
  { mediaType: 'text/x-apple-quarantine', make: () => apple.QUARANTINE, records: 1 },
]

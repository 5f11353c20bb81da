/** What is read of this kind: a sample of each of its files. */
import { eventLogFile, sampleEvents } from '../../../../fixtures/device/event-log.ts'
import type { ArtefactSample } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-ms-event-log',
    make: () => eventLogFile({ chunks: [sampleEvents(1_600_000_000_000)] }),
    records: 5,
  },
]

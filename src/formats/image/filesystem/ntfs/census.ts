/** Allocation map of an NTFS volume, counted during the pass over the live records. */
import { ClusterTally } from '../clusters/tally.ts'
import type { Geometry } from './boot.ts'
import type { Opened } from './entries.ts'
import type { Gathered } from './gather.ts'
import { TYPE } from './record.ts'

const BAD_CLUSTERS = 8
const EXTEND = 11
/** Records below are the file system's own. */
const FIRST_FREE = 16

export function tallyOf({ clusterBytes, clusters }: Geometry): ClusterTally {
  return new ClusterTally({ origin: 0, clusterBytes, clusters })
}

/** Counts the clusters of a live record. */
export function count(tally: ClusterTally, number: number, gathered: Gathered, opened: Opened): void {
  const own = number < FIRST_FREE || gathered.names.some((name) => name.parent.number === EXTEND)
  for (const stream of gathered.streams) {
    if (stream.runs.length === 0) continue
    if (number === BAD_CLUSTERS && stream.type === TYPE.data && stream.name.length > 0) tally.bad(stream.runs)
    else if (own || stream.type !== TYPE.data) tally.metadata(stream.runs)
    else {
      const placed = opened.streams.find((one) => one.stream === stream)?.placed
      tally.content(stream.runs, placed?.place.kind === 'runs' ? placed.sizeBytes : null)
    }
  }
}

/** To which class each cluster of an NTFS volume belongs: counted while the live records pass, each cluster once. */
import type { DataRun } from '../../../contracts/content-place.ts'
import type { Medium, VolumeClasses } from '../../../contracts/image.ts'
import type { Geometry } from './boot.ts'
import { ClusterSet, clustersOf } from './clusters.ts'
import type { Opened } from './entries.ts'
import type { Gathered } from './gather.ts'
import type { Problems } from './problems.ts'
import { TYPE } from './record.ts'

export interface Census {
  record(number: number, gathered: Gathered, opened: Opened): void
  /** After the live records: `taken` becomes all clusters that the bitmap or a live record holds. */
  settle(taken: ClusterSet, bitmap: ClusterSet | null, problems: Problems): void
  classes(): VolumeClasses
}

const BAD_CLUSTERS = 8
const EXTEND = 11
/** Records below are the file system's own. */
const FIRST_FREE = 16

export function census(volume: Medium, geometry: Geometry): Census {
  const { clusterBytes, clusters } = geometry
  const live = new ClusterSet(clusters)
  const bytes = { metadata: 0, allocated: 0, slack: 0, bad: 0 }
  let unallocated = 0

  /** Bytes of clusters that nothing held before. */
  function claim(runs: readonly DataRun[]): number {
    let fresh = 0
    for (const [from, to] of clustersOf(runs, clusterBytes, clusters)) fresh += live.add(from, to)
    return fresh * clusterBytes
  }

  return {
    record(number, gathered, opened) {
      const own = number < FIRST_FREE || gathered.names.some((name) => name.parent.number === EXTEND)
      for (const stream of gathered.streams) {
        if (stream.runs.length === 0) continue
        if (number === BAD_CLUSTERS && stream.type === TYPE.data && stream.name.length > 0) {
          bytes.bad += claim(stream.runs)
        } else if (own || stream.type !== TYPE.data) {
          bytes.metadata += claim(stream.runs)
        } else {
          const fresh = claim(stream.runs)
          const placed = opened.streams.find((one) => one.stream === stream)?.placed
          const behind =
            placed?.place.kind === 'runs' ? Math.min(fresh, behindEnd(stream.runs, placed.sizeBytes)) : 0
          bytes.allocated += fresh - behind
          bytes.slack += behind
        }
      }
    },
    settle(taken, bitmap, problems) {
      const owned = live.count(0, clusters)
      taken.addAll(live)
      if (bitmap) {
        const free = owned - bitmap.sharedWith(live)
        if (free > 0) problems.add('live-but-free', null, `${free}`)
        taken.addAll(bitmap)
        const ownerless = taken.count(0, clusters) - owned
        if (ownerless > 0) problems.add('allocated-without-owner', null, `${ownerless}`)
        bytes.allocated += ownerless * clusterBytes
      }
      unallocated = (clusters - taken.count(0, clusters)) * clusterBytes
    },
    classes() {
      const tail = volume.sizeBytes - clusters * clusterBytes
      return { ...bytes, metadata: bytes.metadata + tail, unallocated }
    },
  }
}

/** Stored bytes behind the end of the content. */
function behindEnd(runs: readonly DataRun[], sizeBytes: number): number {
  let at = 0
  let behind = 0
  for (const run of runs) {
    const end = at + run.length
    if (run.offset !== null && end > sizeBytes) behind += end - Math.max(at, sizeBytes)
    at = end
  }
  return behind
}

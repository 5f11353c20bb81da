/** Where a removed content would lie that was written around clusters in use. */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type { ClusterHeap } from './heap.ts'

/** Clusters in use that a content is taken to have been written around, and the pieces that this leaves of it. */
const MOST_STEPPED_OVER = 1 << 16
const MOST_PIECES = 1 << 12

/** The first clusters from `first` on that are not taken; null where `first` is, or where there are too few near it. */
export function aroundTaken(heap: ClusterHeap, first: number, clusters: number): DataRun[] | null {
  const taken = heap.taken()
  if (taken.has(first)) return null
  const { clusterBytes } = heap.geometry
  const end = Math.min(heap.presentEnd, first + clusters + MOST_STEPPED_OVER)
  const runs: { offset: number; length: number }[] = []
  let left = clusters
  for (let cluster = first; left > 0 && cluster < end; cluster++) {
    if (taken.has(cluster)) continue
    const offset = heap.offsetOf(cluster)
    const last = runs.at(-1)
    if (last && last.offset + last.length === offset) last.length += clusterBytes
    else if (runs.push({ offset, length: clusterBytes }) > MOST_PIECES) return null
    left--
  }
  return left === 0 ? runs : null
}

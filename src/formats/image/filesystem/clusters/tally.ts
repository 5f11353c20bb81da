/**
 * Allocation map: the class of each cluster of a volume, each counted once. First the claims of live contents and
 * structures, then the volume's own bitmap.
 * Clusters of live contents count as in use even where the bitmap says free, so that no deleted content is read from
 * them.
 */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type { ByteRange, VolumeClasses } from '../../../../contracts/image.ts'
import { ClusterSet, clustersOf } from './cluster-set.ts'

/** Origin of the clusters, and their number on the medium. */
export interface ClusterGrid {
  /** Offset of cluster 0. */
  readonly origin: number
  readonly clusterBytes: number
  readonly clusters: number
}

export class ClusterTally {
  readonly #grid: ClusterGrid
  readonly #live: ClusterSet
  /** Clusters that are live or marked in use: complete after `settle`. */
  readonly taken: ClusterSet
  readonly #bytes = { metadata: 0, allocated: 0, slack: 0, bad: 0 }

  constructor(grid: ClusterGrid) {
    this.#grid = grid
    this.#live = new ClusterSet(grid.clusters)
    this.taken = new ClusterSet(grid.clusters)
  }

  metadata(runs: readonly DataRun[]): void {
    this.#bytes.metadata += this.#claim(runs)
  }

  bad(runs: readonly DataRun[]): void {
    this.#bytes.bad += this.#claim(runs)
  }

  /** @param sizeBytes null: all of the runs */
  content(runs: readonly DataRun[], sizeBytes: number | null): void {
    const fresh = this.#claim(runs)
    const behind = sizeBytes === null ? 0 : Math.min(fresh, behindEnd(runs, sizeBytes))
    this.#bytes.allocated += fresh - behind
    this.#bytes.slack += behind
  }

  /**
   * Call it after all live contents have claimed their clusters.
   * @param marked clusters that the volume's bitmap marks as in use; null: unreadable
   * @returns number of live clusters without a mark, and of marked ones without an owner
   */
  settle(marked: ClusterSet | null): { readonly unmarked: number; readonly ownerless: number } {
    const { clusters, clusterBytes } = this.#grid
    const owned = this.#live.count(0, clusters)
    this.taken.addAll(this.#live)
    if (!marked) return { unmarked: 0, ownerless: 0 }
    this.taken.addAll(marked)
    const ownerless = this.taken.count(0, clusters) - owned
    this.#bytes.allocated += ownerless * clusterBytes
    return { unmarked: owned - marked.sharedWith(this.#live), ownerless }
  }

  /** Number of the runs' clusters that are in use now, and of all. */
  held(runs: readonly DataRun[]): { readonly gone: number; readonly all: number } {
    let all = 0
    let gone = 0
    for (const [from, to] of this.clustersOf(runs)) {
      all += to - from
      gone += this.taken.count(from, to)
    }
    return { gone, all }
  }

  /** @param volumeBytes bytes outside of clusters count as structure */
  classes(volumeBytes: number): VolumeClasses {
    const { clusters, clusterBytes } = this.#grid
    const unallocated = (clusters - this.taken.count(0, clusters)) * clusterBytes
    const rest = volumeBytes - clusters * clusterBytes
    return { ...this.#bytes, metadata: this.#bytes.metadata + rest, unallocated }
  }

  *unallocated(): Generator<ByteRange> {
    const { origin, clusterBytes } = this.#grid
    for (const [from, to] of this.taken.gaps())
      yield { offset: origin + from * clusterBytes, length: (to - from) * clusterBytes }
  }

  /** Bytes of clusters that were unclaimed before. */
  #claim(runs: readonly DataRun[]): number {
    let fresh = 0
    for (const [from, to] of this.clustersOf(runs)) fresh += this.#live.add(from, to)
    return fresh * this.#grid.clusterBytes
  }

  /** Clusters [from, to) of each stored run. */
  clustersOf(runs: readonly DataRun[]): Generator<readonly [number, number]> {
    const { origin, clusterBytes, clusters } = this.#grid
    const counted =
      origin === 0
        ? runs
        : runs.map((run) => ({ ...run, offset: run.offset === null ? null : run.offset - origin }))
    return clustersOf(counted, clusterBytes, clusters)
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

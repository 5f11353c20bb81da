/** Removed folders: their clusters, while they are unowned and still look like a directory. */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type { VolumeProblem } from '../../../../contracts/image.ts'
import { FREE } from './allocation-table.ts'
import { BitSet } from './bit-set.ts'
import { type ClusterHeap, FIRST_CLUSTER } from './heap.ts'
import type { DirectoryReader } from './names.ts'

/** Clusters of a removed folder: 2 MiB, the greatest directory that FAT allows. */
const MOST_REMOVED_BYTES = 1 << 21
/** Most clusters searched for lost folders: all of a card of 32 GiB. */
const MOST_SCANNED = 1 << 20
const MOST_LOST = 100_000
/** Bytes of a cluster: enough for the longest entry set of a name at any position. */
const HEAD_BYTES = 2048

export class RemovedFolders {
  readonly #heap: ClusterHeap
  readonly #reader: DirectoryReader
  readonly #problem: (problem: VolumeProblem) => void
  readonly #walked = new BitSet()

  constructor(heap: ClusterHeap, reader: DirectoryReader, problem: (problem: VolumeProblem) => void) {
    this.#heap = heap
    this.#reader = reader
    this.#problem = problem
  }

  /** Unowned and unvisited clusters from `first` on that look like a directory. */
  walk(first: number, contiguous: boolean): readonly DataRun[] {
    const heap = this.#heap
    const head = this.#head()
    const { clusterBytes } = heap.geometry
    const runs: DataRun[] = []
    for (
      let cluster = first;
      heap.holds(cluster) && (runs.length + 1) * clusterBytes <= MOST_REMOVED_BYTES;
    ) {
      if (this.#isTaken(cluster)) break
      heap.volume.readInto(head, heap.offsetOf(cluster))
      if (!this.#reader.goesOn(head) && (runs.length > 0 || !this.#reader.begins(head, cluster))) break
      this.#walked.add(cluster)
      runs.push({ offset: heap.offsetOf(cluster), length: clusterBytes })
      const next = contiguous ? FREE : heap.table.next(cluster)
      cluster = next === FREE ? cluster + 1 : next
    }
    return runs
  }

  /** First cluster of each lost folder → that of its stated parent; and clusters that can only be a later piece. */
  lost(): { parents: Map<number, number>; pieces: number[] } {
    const parents = new Map<number, number>()
    const pieces: number[] = []
    const head = this.#head()
    let scanned = 0
    for (let cluster = FIRST_CLUSTER; cluster < this.#heap.presentEnd; cluster++) {
      if (this.#isTaken(cluster)) continue
      if (++scanned > MOST_SCANNED || parents.size + pieces.length >= MOST_LOST) {
        this.#problem({ code: 'lost-folders-not-sought', record: null, detail: `from cluster ${cluster}` })
        break
      }
      this.#heap.volume.readInto(head, this.#heap.offsetOf(cluster))
      const begun = this.#reader.begins(head, cluster)
      if (begun) parents.set(cluster, begun.parent)
      else if (this.#reader.goesOn(head)) pieces.push(cluster)
    }
    return { parents, pieces }
  }

  /** True where a folder begins in this cluster, owned or not. */
  beginsAt(cluster: number): boolean {
    if (!this.#heap.holds(cluster)) return false
    const head = this.#head()
    this.#heap.volume.readInto(head, this.#heap.offsetOf(cluster))
    return this.#reader.begins(head, cluster) !== null
  }

  #head(): Buffer {
    return Buffer.alloc(Math.min(HEAD_BYTES, this.#heap.geometry.clusterBytes))
  }

  #isTaken(cluster: number): boolean {
    return this.#heap.isClaimed(cluster) || this.#walked.has(cluster)
  }
}

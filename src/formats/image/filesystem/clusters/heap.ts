/**
 * The clusters of a FAT or exFAT volume: chains followed within limits, and the owner class of each cluster.
 *
 * A hostile table can loop, and can let a million files share one chain. So a cluster is claimed once, the first claim
 * counts, and steps over claimed clusters use up one budget of the volume.
 */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type { ByteRange, Medium, VolumeClasses } from '../../../../contracts/image.ts'
import { type AllocationTable, BAD, END, FREE } from './allocation-table.ts'
import { BitSet, RankedSet } from './bit-set.ts'

/** Clusters are numbered from 2. */
export const FIRST_CLUSTER = 2
/** A file of 4 GiB in a million pieces of 4 KiB; more is taken for damage. */
const MOST_RUNS = 1 << 20
/** The longest set of entries of a name. */
const MOST_HEAD_BYTES = 256 * 32

export interface Geometry {
  /** Offset of cluster 2 on the volume. */
  readonly heapOffset: number
  readonly clusterBytes: number
  /** Number in the boot sector; includes clusters behind the end of a cut volume. */
  readonly clusterCount: number
}

export interface Chain {
  readonly runs: readonly DataRun[]
  readonly clusters: number
  /** `short`: the chain in the table ends before the content; `loop`, `bounded`: `runs` is unusable. */
  readonly state: 'whole' | 'short' | 'loop' | 'bounded'
  /** Another name claimed some of these clusters before. */
  readonly crossed: boolean
}

export class ClusterHeap {
  readonly volume: Medium
  readonly geometry: Geometry
  readonly table: AllocationTable
  readonly #isAllocated: (cluster: number) => boolean
  readonly #claimed = new BitSet()
  readonly #firsts = new BitSet()
  #stepsLeft: number
  #directories = 0
  #contents = 0
  #slack = 0
  #taken: RankedSet | null = null

  /** @param isAllocated state of a cluster in table or bitmap, independent of its owner */
  constructor(
    volume: Medium,
    geometry: Geometry,
    table: AllocationTable,
    isAllocated: (cluster: number) => boolean,
  ) {
    this.volume = volume
    this.geometry = geometry
    this.table = table
    this.#isAllocated = isAllocated
    this.#stepsLeft = 4 * geometry.clusterCount + (1 << 20)
  }

  /** One above the last cluster. */
  get end(): number {
    return FIRST_CLUSTER + this.geometry.clusterCount
  }

  /** One above the last cluster that is wholly on the volume. */
  get presentEnd(): number {
    const { heapOffset, clusterBytes, clusterCount } = this.geometry
    const room = Math.max(0, Math.floor((this.volume.sizeBytes - heapOffset) / clusterBytes))
    return FIRST_CLUSTER + Math.min(clusterCount, room)
  }

  holds(cluster: number): boolean {
    return cluster >= FIRST_CLUSTER && cluster < this.end
  }

  offsetOf(cluster: number): number {
    return this.geometry.heapOffset + (cluster - FIRST_CLUSTER) * this.geometry.clusterBytes
  }

  clustersFor(sizeBytes: number): number {
    return Math.ceil(sizeBytes / this.geometry.clusterBytes)
  }

  /** Clusters one after another, without the table. */
  contiguous(first: number, clusters: number): DataRun[] {
    const length = clusters * this.geometry.clusterBytes
    return clusters === 0 ? [] : [{ offset: this.offsetOf(first), length }]
  }

  /** Claims the clusters of a live content. @param contiguous exFAT: the table is not used */
  claimContent(first: number, sizeBytes: number, contiguous: boolean): Chain {
    const wanted = this.clustersFor(sizeBytes)
    if (first === 0) return { runs: [], clusters: 0, state: wanted === 0 ? 'whole' : 'short', crossed: false }
    if (this.holds(first)) this.#firsts.add(first)
    let fresh = 0
    const most = contiguous ? wanted : Number.POSITIVE_INFINITY
    const chain = this.#walk(first, { wanted, most, contiguous }, (cluster) => {
      const isFresh = this.#claimed.add(cluster)
      if (isFresh && cluster < this.presentEnd) fresh++
      return isFresh
    })
    const bytes = fresh * this.geometry.clusterBytes
    const content = Math.min(bytes, sizeBytes)
    this.#contents += content
    this.#slack += bytes - content
    return chain
  }

  /**
   * Claims a live directory, or a file of the file system itself. Stops at a cluster that this pass has seen.
   * @param most most clusters; infinite where only the table states the end
   */
  claimDirectory(first: number, most: number, contiguous: boolean, seen: BitSet): Chain {
    return this.#walk(first, { wanted: 0, most, contiguous }, (cluster) => {
      if (this.#claimed.add(cluster) && cluster < this.presentEnd) this.#directories++
      return seen.add(cluster)
    })
  }

  /** The remaining chain of a removed content; null when it is lost, or of another length. */
  chainLeft(first: number, sizeBytes: number): readonly DataRun[] | null {
    const wanted = this.clustersFor(sizeBytes)
    if (wanted === 0 || this.table.next(first) === FREE) return null
    const asked = { wanted, most: wanted + 1, contiguous: false }
    const ours = (cluster: number) => this.#stepsLeft-- > 0 && !this.#claimed.has(cluster)
    const { runs, clusters, state, crossed } = this.#walk(first, asked, ours)
    return state === 'whole' && clusters === wanted && !crossed ? runs : null
  }

  /** First bytes of the cluster behind a run, unless another name claimed it. */
  freeBehind(run: DataRun | undefined): Buffer | null {
    const { heapOffset, clusterBytes } = this.geometry
    const end = run && run.offset !== null ? run.offset + run.length : -1
    const cluster = FIRST_CLUSTER + (end - heapOffset) / clusterBytes
    return Number.isInteger(cluster) && this.holds(cluster) && !this.#claimed.has(cluster)
      ? this.headOf(cluster)
      : null
  }

  /** As much of a cluster as the longest set of entries of a name can take. */
  headOf(cluster: number): Buffer {
    const head = Buffer.alloc(Math.min(MOST_HEAD_BYTES, this.geometry.clusterBytes))
    return head.subarray(0, this.volume.readInto(head, this.offsetOf(cluster)))
  }

  isClaimed(cluster: number): boolean {
    return this.#claimed.has(cluster)
  }

  /**
   * True where a live content begins there: then a removed name with this cluster was renamed or moved, or the cluster
   * was reused.
   */
  isFirstOfLive(cluster: number): boolean {
    return this.#firsts.has(cluster)
  }

  /** Clusters that the table or a live name uses; call it after all live names have claimed theirs. */
  taken(): RankedSet {
    if (this.#taken) return this.#taken
    const taken = new BitSet()
    for (let cluster = FIRST_CLUSTER; cluster < this.end; cluster++) {
      if (this.#claimed.has(cluster) || this.#isAllocated(cluster)) taken.add(cluster)
    }
    this.#taken = new RankedSet(taken, this.end)
    return this.#taken
  }

  classes(): VolumeClasses {
    const { clusterBytes } = this.geometry
    const size = this.volume.sizeBytes
    let bad = 0
    for (let cluster = FIRST_CLUSTER; cluster < this.presentEnd; cluster++) {
      if (this.#isBad(cluster)) bad += clusterBytes
    }
    const metadata = Math.min(size, this.geometry.heapOffset) + this.#directories * clusterBytes
    const used = { metadata, allocated: this.#contents, slack: this.#slack, bad }
    return { ...used, unallocated: size - metadata - this.#contents - this.#slack - bad }
  }

  /** Bytes without a live name, also in clusters that the table calls allocated, and bytes behind the last cluster. */
  *unallocated(): IterableIterator<ByteRange> {
    const { clusterBytes } = this.geometry
    let from = -1
    for (let cluster = FIRST_CLUSTER; cluster < this.presentEnd; cluster++) {
      const free = !this.#claimed.has(cluster) && !this.#isBad(cluster)
      if (free && from < 0) from = cluster
      if (!free && from >= 0) {
        yield { offset: this.offsetOf(from), length: (cluster - from) * clusterBytes }
        from = -1
      }
    }
    const begin = this.offsetOf(from < 0 ? this.presentEnd : from)
    if (begin < this.volume.sizeBytes) yield { offset: begin, length: this.volume.sizeBytes - begin }
  }

  #isBad(cluster: number): boolean {
    return !this.#claimed.has(cluster) && this.table.next(cluster) === BAD
  }

  /**
   * @param wanted clusters that the content needs; behind them only unclaimed clusters belong to the chain
   * @param claim called for each cluster; returns true where it was unclaimed
   */
  #walk(
    first: number,
    { wanted, most, contiguous }: { wanted: number; most: number; contiguous: boolean },
    claim: (cluster: number) => boolean,
  ): Chain {
    const runs: { offset: number; length: number }[] = []
    const { clusterBytes } = this.geometry
    let clusters = 0
    let crossed = false
    // Brent's algorithm: the cluster remembered at each power of two is met again within a loop.
    let remembered = -1
    let nextPower = 1
    for (let cluster = first; ; ) {
      if (!this.holds(cluster) || clusters >= most) break
      if (cluster === remembered) return { runs: [], clusters, state: 'loop', crossed }
      if (!claim(cluster)) {
        crossed = true
        if (clusters >= wanted) break
        if (this.#stepsLeft-- <= 0) return { runs: [], clusters, state: 'bounded', crossed }
      }
      const offset = this.offsetOf(cluster)
      const last = runs.at(-1)
      if (last && last.offset + last.length === offset) last.length += clusterBytes
      else if (runs.push({ offset, length: clusterBytes }) > MOST_RUNS)
        return { runs: [], clusters, state: 'bounded', crossed }
      if (++clusters === nextPower) {
        remembered = cluster
        nextPower *= 2
      }
      const next = contiguous ? cluster + 1 : this.table.next(cluster)
      if (next === END || next === BAD || next === FREE) break
      cluster = next
    }
    return { runs, clusters, state: clusters < wanted ? 'short' : 'whole', crossed }
  }
}

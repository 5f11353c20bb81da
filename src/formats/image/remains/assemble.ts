/**
 * Puts a file together whose clusters do not follow each other. Where its data stop being its own, each cluster border nearby is tried
 * with each free cluster near it, and the one that leads furthest is taken. Only a file that is whole to its own end is given.
 *
 * @see Garfinkel, "Carving contiguous and fragmented files with fast object validation", 2007 (bifragment gap carving)
 */
import type { FileWalk } from './common/file-walk.ts'

export interface Assembling {
  readonly clusterBytes: number
  /** Offset of the first cluster. */
  readonly first: number
  readonly isFree: (cluster: number) => boolean
  /** Offsets of clusters that may follow behind a cluster, those that are likelier first. */
  readonly behind: (cluster: number) => Iterable<number>
  /** Null: its structure says where it ends. */
  readonly sizeBytes: number | null
  readonly read: (into: Uint8Array, offset: number) => void
}

export interface Assembled {
  /** Offsets of its clusters in order. */
  readonly clusters: readonly number[]
  readonly sizeBytes: number
}

/** Work for all files of a volume: clusters that may be walked. */
export interface AssemblyBudget {
  clusters: number
}

/** Clusters that follow each other, tried from a border on. */
interface Way<State> {
  readonly border: number
  readonly clusters: readonly number[]
  /** Before each cluster behind the first, and behind the last if its data are sound. */
  readonly states: readonly State[]
  readonly isWhole: boolean
  /** Sound bytes of the file. */
  readonly reached: number
  readonly suspect: readonly [number, number]
}

const MOST_FRAGMENTS = 64
const MOST_FILE_BYTES = 1 << 25
/** Data of another picture can go on making sense for some time. */
const LATE_BYTES = 4096
/** A way that leads less far behind the last one is chance. */
const LEAST_PROGRESS_BYTES = 256

/** @returns null where no order of clusters was found in which it is whole */
export function assembled<State>(
  walk: FileWalk<State>,
  asked: Assembling,
  budget: AssemblyBudget,
): Assembled | null {
  const { clusterBytes, first, isFree, behind, sizeBytes, read } = asked
  const most = Math.min(sizeBytes ?? MOST_FILE_BYTES, MOST_FILE_BYTES)
  const clustersAtMost = Math.ceil(most / clusterBytes)
  const bytes = Buffer.alloc(clustersAtMost * clusterBytes)
  const path: number[] = []
  const states: State[] = [walk.save()]

  let way = tried(0, first)
  for (let fragments = 1; fragments < MOST_FRAGMENTS && budget.clusters > 0; fragments++) {
    path.splice(way.border, path.length, ...way.clusters)
    states.splice(way.border + 1, states.length, ...way.states)
    if (way.isWhole) return { clusters: path, sizeBytes: way.reached }
    const next = furthest(way)
    if (next === null) return null
    for (let i = 0; i < next.border; i++) read(pieceOf(i), path[i] as number)
    way = next
  }
  return null

  function furthest({ reached, suspect: [from, to] }: Way<State>): Way<State> | null {
    const last = Math.min(states.length - 1, Math.floor(to / clusterBytes))
    const lowest = Math.max(1, Math.min(last, Math.ceil(from / clusterBytes)))
    let best: Way<State> | null = null
    for (let border = last; border >= lowest; border--) {
      const before = new Set(path.slice(0, border))
      for (const cluster of behind(path[border - 1] as number)) {
        if (cluster === path[border] || before.has(cluster)) continue
        if (budget.clusters <= 0) return null
        const way = tried(border, cluster)
        if (way.isWhole) return way
        if (way.reached > (best?.reached ?? reached + LEAST_PROGRESS_BYTES)) best = way
      }
    }
    return best
  }

  function tried(border: number, from: number): Way<State> {
    const clusters: number[] = []
    const sound: State[] = []
    walk.restore(states[border] as State)
    for (let cluster = from; ; cluster += clusterBytes) {
      const at = border + clusters.length
      const end = at * clusterBytes
      const over = { border, clusters, states: sound, isWhole: false, reached: end }
      if (at >= clustersAtMost || budget.clusters-- <= 0) return { ...over, suspect: [end - LATE_BYTES, end] }
      read(pieceOf(at), cluster)
      clusters.push(cluster)
      const result = walk.walk(bytes, Math.min(end + clusterBytes, most))
      const isWhole = result === 'whole' && (sizeBytes === null || walk.at === sizeBytes)
      if (isWhole) return { ...over, isWhole, reached: walk.at, suspect: [0, 0] }
      if (result !== 'more') return { ...over, reached: walk.at, suspect: walk.suspect }
      sound.push(walk.save())
      const until = end + clusterBytes
      if (!isFree(cluster + clusterBytes))
        return { ...over, reached: until, suspect: [until - LATE_BYTES, until] }
    }
  }

  function pieceOf(index: number): Buffer {
    return bytes.subarray(index * clusterBytes, (index + 1) * clusterBytes)
  }
}

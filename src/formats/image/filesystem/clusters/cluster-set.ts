/** Sets of clusters, one bit each. Memory is touched only where bits are set. */
import type { DataRun } from '../../../../contracts/content-place.ts'

export class ClusterSet {
  readonly clusters: number
  readonly #bits: Uint8Array

  constructor(clusters: number) {
    this.clusters = clusters
    this.#bits = new Uint8Array(Math.ceil(clusters / 8))
  }

  /** Bits in the order of $Bitmap: lowest first. */
  get bytes(): Uint8Array {
    return this.#bits
  }

  /** Sets [from, to) and returns how many were not set. */
  add(from: number, to: number): number {
    return this.#each(from, to, true)
  }

  /** Clears [from, to). */
  remove(from: number, to: number): void {
    for (let cluster = from; cluster < to; cluster++)
      this.#bits[cluster >>> 3] = (this.#bits[cluster >>> 3] as number) & ~(1 << (cluster & 7))
  }

  /** How many of [from, to) are set. */
  count(from: number, to: number): number {
    return to - from - this.#each(from, to, false)
  }

  addAll(other: ClusterSet): void {
    const bits = this.#bits
    const others = other.#bits
    for (let index = 0; index < bits.length; index++) {
      const byte = others[index] as number
      if (byte !== 0) bits[index] = (bits[index] as number) | byte
    }
  }

  /** How many are set here and there. */
  sharedWith(other: ClusterSet): number {
    let shared = 0
    for (let index = 0; index < this.#bits.length; index++) {
      shared += ONES[(this.#bits[index] as number) & (other.#bits[index] as number)] as number
    }
    return shared
  }

  /** Runs of clusters that are not set, in order: [from, to). */
  *gaps(): Generator<readonly [number, number]> {
    let from = -1
    for (let cluster = 0; cluster < this.clusters; ) {
      const byte = this.#bits[cluster >>> 3] as number
      if ((cluster & 7) === 0 && (byte === 0 || byte === 255) && cluster + 8 <= this.clusters) {
        if (byte === 0 && from < 0) from = cluster
        if (byte === 255 && from >= 0) {
          yield [from, cluster]
          from = -1
        }
        cluster += 8
        continue
      }
      const set = (byte & (1 << (cluster & 7))) !== 0
      if (!set && from < 0) from = cluster
      if (set && from >= 0) {
        yield [from, cluster]
        from = -1
      }
      cluster++
    }
    if (from >= 0) yield [from, this.clusters]
  }

  /** How many of [from, to) are not set. */
  #each(from: number, to: number, set: boolean): number {
    const bits = this.#bits
    let fresh = 0
    for (let cluster = from; cluster < to; ) {
      const index = Math.floor(cluster / 8)
      const low = cluster % 8
      const high = Math.min(8, low + to - cluster)
      const mask = ((1 << high) - 1) & ~((1 << low) - 1)
      const byte = bits[index] as number
      fresh += ONES[~byte & mask] as number
      if (set) bits[index] = byte | mask
      cluster += high - low
    }
    return fresh
  }
}

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0
  for (let bit = 0; bit < 8; bit++) ones += (byte >> bit) & 1
  return ones
})

/** Clusters [from, to) of each stored run, cut to the volume. */
export function* clustersOf(
  runs: readonly DataRun[],
  clusterBytes: number,
  clusters: number,
): Generator<readonly [number, number]> {
  for (const run of runs) {
    if (run.offset === null) continue
    const from = run.offset / clusterBytes
    const to = Math.min(clusters, from + run.length / clusterBytes)
    if (from < to) yield [from, to]
  }
}

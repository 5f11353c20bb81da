/** Free clusters of a volume by their offsets: which is free, and which lie near another. */
import type { ByteRange } from '../../../contracts/image.ts'

/** Of a volume with more, those behind are not known. */
const MOST_RANGES = 1 << 18
/** Clusters behind a cluster, and before it, that may go on from it. */
const MOST_BEHIND = 1024
const MOST_BEFORE = 256

export class FreeClusters {
  readonly clusterBytes: number
  readonly #ranges: ByteRange[] = []

  /** @param ranges in order; each begins at a cluster */
  constructor(ranges: Iterable<ByteRange>, clusterBytes: number) {
    this.clusterBytes = clusterBytes
    for (const range of ranges) if (this.#ranges.push(range) >= MOST_RANGES) break
  }

  has(cluster: number): boolean {
    const range = this.#ranges[this.#lastFrom(cluster)]
    return range !== undefined && cluster + this.clusterBytes <= range.offset + range.length
  }

  /** Nearest first: those behind, without the next one, then those before. */
  *near(cluster: number): Generator<number> {
    const at = Math.max(0, this.#lastFrom(cluster))
    let left = MOST_BEHIND
    for (let n = at; n < this.#ranges.length && left > 0; n++) {
      const { offset, length } = this.#ranges[n] as ByteRange
      const from = Math.max(offset, n === at ? cluster + 2 * this.clusterBytes : offset)
      for (
        let one = from;
        one + this.clusterBytes <= offset + length && left > 0;
        one += this.clusterBytes, left--
      )
        yield one
    }
    left = MOST_BEFORE
    for (let n = at; n >= 0 && left > 0; n--) {
      const { offset, length } = this.#ranges[n] as ByteRange
      const whole = Math.floor(length / this.clusterBytes) - 1
      const from = Math.min(offset + whole * this.clusterBytes, cluster - this.clusterBytes)
      for (let one = from; one >= offset && left > 0; one -= this.clusterBytes, left--) yield one
    }
  }

  /** Index of the last range that begins at or before a cluster; −1: none. */
  #lastFrom(cluster: number): number {
    let [low, high] = [0, this.#ranges.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#ranges[middle] as ByteRange).offset <= cluster) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}

/**
 * Finds every hash within a distance of a query, exactly, for hashes of any size under a metric.
 *
 * It keeps the distance of every hash to a few chosen ones (pivots). By the triangle inequality a hash within `limit`
 * of the query has distances to the pivots that differ from the query's by at most `limit`. Hashes are sorted by the
 * first pivot; those that pass every pivot are compared in full.
 *
 * @see Micó, Oncina, Vidal, "A new version of the nearest-neighbour approximating and eliminating search algorithm
 *   (AESA)", 1994
 */
import type { HashMetric } from '../../contracts/case.ts'

export interface WithinDistance {
  readonly index: number
  /** In the unit of the metric. */
  readonly distance: number
}

const PIVOTS = 12
/** Hashes among which pivots are chosen, evenly spread. */
const CANDIDATES = 1024
const NUMBERS = 2 ** 32

export class MetricIndex {
  readonly count: number
  readonly #hashes: Uint8Array
  readonly #bytes: number
  readonly #metric: HashMetric
  readonly #pivots: readonly Uint8Array[]
  /** By position in `#order`: distances to the pivots, rounded down, a row each. */
  readonly #distances: Uint32Array
  /** Numbers of hashes by their distance to the first pivot. */
  readonly #order: Uint32Array

  /** @param hashes n × `hashBytes` bytes */
  constructor(hashes: Uint8Array, hashBytes: number, metric: HashMetric) {
    this.#hashes = hashes
    this.#bytes = hashBytes
    this.#metric = metric
    this.count = hashes.length / hashBytes
    this.#pivots = this.#choosePivots()
    const count = this.#pivots.length
    const distances = new Uint32Array(this.count * count)
    for (let i = 0; i < this.count; i++)
      for (let p = 0; p < count; p++)
        distances[i * count + p] = Math.floor(this.#distance(this.#pivots[p]!, 0, i * hashBytes))
    // Distance and number in one float, exactly (at most 21 and 32 bits): sorted without a call for each comparison.
    const keys = Float64Array.from({ length: this.count }, (_, i) => distances[i * count]! * NUMBERS + i)
    this.#order = Uint32Array.from(keys.sort(), (key) => key % NUMBERS)
    this.#distances = new Uint32Array(distances.length)
    this.#order.forEach((from, to) => {
      this.#distances.set(distances.subarray(from * count, (from + 1) * count), to * count)
    })
  }

  /** In the order of the list. */
  query(hash: Uint8Array, limit: number): WithinDistance[] {
    if (this.count === 0) return []
    const count = this.#pivots.length
    const [least, most] = [new Float64Array(count), new Float64Array(count)]
    this.#pivots.forEach((pivot, p) => {
      const own = this.#distance(pivot, 0, 0, hash)
      least[p] = Math.floor(own - limit) - ROUNDING
      most[p] = own + limit
    })
    const found: WithinDistance[] = []
    const table = this.#distances
    scan: for (let at = this.#firstFrom(least[0]!); at < this.count; at++) {
      const row = at * count
      if (table[row]! > most[0]!) break
      for (let p = 1; p < count; p++)
        if (table[row + p]! < least[p]! || table[row + p]! > most[p]!) continue scan
      const index = this.#order[at]!
      const distance = this.#distance(hash, 0, index * this.#bytes)
      if (distance <= limit) found.push({ index, distance })
    }
    return found.sort((a, b) => a.index - b.index)
  }

  /** Each the farthest from those before it, of hashes spread over the list: the same list gives the same pivots. */
  #choosePivots(): Uint8Array[] {
    const step = Math.max(1, Math.floor(this.count / CANDIDATES))
    const candidates: number[] = []
    for (let i = 0; i < this.count; i += step) candidates.push(i * this.#bytes)
    const nearest = candidates.map(() => Number.POSITIVE_INFINITY)
    const pivots: Uint8Array[] = []
    let next = 0
    while (pivots.length < Math.min(PIVOTS, candidates.length)) {
      const pivot = this.#hashes.slice(candidates[next]!, candidates[next]! + this.#bytes)
      pivots.push(pivot)
      let farthest = 0
      for (const [i, at] of candidates.entries()) {
        nearest[i] = Math.min(nearest[i]!, this.#distance(pivot, 0, at))
        if (nearest[i]! > nearest[farthest]!) farthest = i
      }
      if (nearest[farthest] === 0) break
      next = farthest
    }
    return pivots
  }

  /** Position in the order of the first whose distance to the first pivot is at least this. */
  #firstFrom(distance: number): number {
    const count = this.#pivots.length
    let [low, high] = [0, this.count]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#distances[middle * count]! < distance) low = middle + 1
      else high = middle
    }
    return low
  }

  #distance(a: Uint8Array, atA: number, atB: number, b = this.#hashes): number {
    return distanceBetween(this.#metric, a, atA, b, atB, this.#bytes)
  }
}

/** Distances of the table are rounded down, and a square root may be off in its last digit. */
const ROUNDING = 1

/** Distance of two hashes of `bytes` bytes, from positions in two arrays. */
export function distanceBetween(
  metric: HashMetric,
  a: Uint8Array,
  atA: number,
  b: Uint8Array,
  atB: number,
  bytes: number,
): number {
  let sum = 0
  switch (metric) {
    case 'l1':
      for (let i = 0; i < bytes; i++) sum += Math.abs(a[atA + i]! - b[atB + i]!)
      return sum
    case 'l2':
      for (let i = 0; i < bytes; i++) {
        const difference = a[atA + i]! - b[atB + i]!
        sum += difference * difference
      }
      return Math.sqrt(sum)
    case 'hamming':
      for (let i = 0; i < bytes; i++) sum += ONES[a[atA + i]! ^ b[atB + i]!]!
      return sum
  }
}

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0
  for (let rest = byte; rest !== 0; rest &= rest - 1) ones++
  return ones
})

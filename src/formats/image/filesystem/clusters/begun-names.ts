/** Removed names that the end of their folder cuts short: what goes on with one stands behind it, or in a cluster that it gave back. */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type { ClusterHeap } from './heap.ts'
import type { BegunName, DirectoryReader, FoundName } from './names.ts'

const MOST_BEGUN = 1000

interface Begun<Where> {
  readonly where: Where
  readonly lastRun: DataRun | undefined
  readonly name: BegunName
}

export class BegunNames<Where> {
  readonly #heap: ClusterHeap
  readonly #reader: DirectoryReader
  readonly #most: number
  readonly #begun: Begun<Where>[] = []

  constructor(heap: ClusterHeap, reader: DirectoryReader, most = MOST_BEGUN) {
    this.#heap = heap
    this.#reader = reader
    this.#most = most
  }

  /** @param lastRun of the folder. @returns false beyond a bound: it is not kept, and nobody looks for what goes on with it */
  add(where: Where, lastRun: DataRun | undefined, name: BegunName): boolean {
    if (this.#begun.length >= this.#most) return false
    this.#begun.push({ where, lastRun, name })
    return true
  }

  /**
   * Each one, whole where something goes on with it, else what there is of it, if that names anything.
   * @param clusters that nobody owns and that begin in the middle of a directory
   */
  *names(clusters: Iterable<number>): Generator<readonly [Where, FoundName], void, undefined> {
    const whole = new Map<Begun<Where>, FoundName>()
    const tryWith = (begun: Begun<Where>, head: Buffer | null) => {
      const found = head && !whole.has(begun) ? this.#reader.finished(begun.name, head) : null
      if (found) whole.set(begun, found)
    }
    for (const begun of this.#begun) tryWith(begun, this.#heap.freeBehind(begun.lastRun))
    if (whole.size < this.#begun.length)
      for (const cluster of clusters) {
        const head = this.#heap.headOf(cluster)
        for (const begun of this.#begun) tryWith(begun, head)
      }
    for (const begun of this.#begun) {
      const found = whole.get(begun) ?? this.#reader.finished(begun.name, null)
      if (found) yield [begun.where, found]
    }
  }
}

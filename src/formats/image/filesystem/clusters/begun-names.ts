/** Removed names cut by the end of their folder: the rest is in the next cluster, or in a freed one. */
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

  /**
   * @param lastRun last run of the folder. @returns false above a limit: the name is not kept and its rest is not
   *   searched
   */
  add(where: Where, lastRun: DataRun | undefined, name: BegunName): boolean {
    if (this.#begun.length >= this.#most) return false
    this.#begun.push({ where, lastRun, name })
    return true
  }

  /**
   * Each name, complete where its rest was found; else its part, if that names a file.
   * @param clusters unowned clusters that begin in the middle of a directory
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

/**
 * Which entry represents a content when entries are read in evidence-path order: the one with the least depth, then
 * the smallest path. The memory cost is four bytes for each content.
 */
import type { Db } from '../format/database.ts'
import { IdSet } from '../format/id-set.ts'
import { Copies } from './copies.ts'
import type { Paths } from './paths.ts'

export class Representatives {
  readonly #derived: IdSet
  readonly #copies: Copies
  #entries = new Uint32Array(1024)

  constructor(db: Db, paths: Paths) {
    this.#copies = new Copies(db, paths)
    this.#derived = IdSet.of(
      db,
      `SELECT DISTINCT r.content FROM entry e JOIN reading r ON r.entry = e.id
       WHERE e.parent IS NOT NULL AND r.content IS NOT NULL`,
    )
  }

  /** @param entry id of the next entry in evidence-path order @param content id of its content, if any */
  of(entry: number, content: bigint | null): number {
    if (content === null) return entry
    const id = Number(content)
    const known = this.#entries[id]
    if (known) return known
    // Files on the exhibit all have depth 1, so the first one has the smallest path. When there are derived copies,
    // the representative is queried.
    const first = this.#derived.has(id) ? this.#copies.representative(id).id : entry
    this.#remember(id, first)
    return first
  }

  #remember(content: number, entry: number): void {
    if (content >= this.#entries.length) {
      const grown = new Uint32Array(Math.max(content + 1, this.#entries.length * 2))
      grown.set(this.#entries)
      this.#entries = grown
    }
    this.#entries[content] = entry
  }
}

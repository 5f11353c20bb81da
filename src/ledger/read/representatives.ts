/**
 * Which entry stands for a content when entries are read in evidence-path order: the one with the fewest steps, then the
 * smallest path. Four bytes a content remember it.
 */
import type { Statement } from 'better-sqlite3'
import type { Db } from '../format/database.ts'
import { IdSet } from '../format/id-set.ts'

export class Representatives {
  readonly #derived: IdSet
  readonly #best: Statement<[number], number>
  #entries = new Uint32Array(1024)

  constructor(db: Db) {
    this.#derived = IdSet.of(
      db,
      `SELECT DISTINCT r.content FROM entry e JOIN reading r ON r.entry = e.id
       WHERE e.parent IS NOT NULL AND r.content IS NOT NULL`,
    )
    this.#best = db
      .prepare<[number], number>(
        `SELECT e.id FROM reading r JOIN entry e ON e.id = r.entry WHERE r.content = ?
         ORDER BY e.steps, e.path LIMIT 1`,
      )
      .pluck()
  }

  /** @param entry id of the next entry in evidence-path order; @param content id of its content, if any */
  of(entry: number, content: bigint | null): number {
    if (content === null) return entry
    const id = Number(content)
    const known = this.#entries[id]
    if (known) return known
    // Files on the exhibit all have one step, so the first is the smallest; where derived copies are among them, ask.
    const first = this.#derived.has(id) ? this.#best.get(id)! : entry
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

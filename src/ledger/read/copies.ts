/** Which copy of a content represents it: the copy with the least depth, then the smallest evidence path. */
import type { Db } from '../format/database.ts'
import type { NodeRow } from '../format/evidence-tree.ts'
import type { Paths } from './paths.ts'

interface CopyRow extends NodeRow {
  readonly id: number
  readonly depth: number
  readonly band: number
  readonly parent: number | null
}

export interface Copy {
  readonly id: number
  readonly depth: number
  readonly band: number
  /** The content that the copy was derived from; null for a listed entry. */
  readonly parent: number | null
  readonly path: Buffer
}

const COPIES = `SELECT e.id, e.above, e.step, e.name, e.depth, e.band, e.parent FROM reading r JOIN entry e ON e.id = r.entry
  WHERE r.content = +?`

export class Copies {
  readonly #paths: Paths
  readonly #of

  constructor(db: Db, paths: Paths) {
    this.#paths = paths
    this.#of = db.prepare<[number], CopyRow>(COPIES)
  }

  *of(content: number): IterableIterator<Copy> {
    for (const row of this.#of.all(content))
      yield {
        id: row.id,
        depth: row.depth,
        band: row.band,
        parent: row.parent,
        path: this.#paths.bytesOf(row),
      }
  }

  /** @throws RangeError when no entry was read as this content: the ledger is damaged */
  representative(content: number): Copy {
    return representativeOf(this.of(content), content)
  }
}

/** @throws RangeError when there is none: the ledger is damaged */
export function representativeOf(copies: Iterable<Copy>, content: number): Copy {
  let best: Copy | null = null
  for (const copy of copies)
    if (
      best === null ||
      copy.depth < best.depth ||
      (copy.depth === best.depth && copy.path.compare(best.path) < 0)
    )
      best = copy
  if (best === null) throw new RangeError(`no entry has the content ${content}`)
  return best
}

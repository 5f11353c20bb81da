/** Evidence paths of entries, put together from the nodes above them. The nodes above the last one asked for are remembered. */
import { parseEvidencePath } from '../../base/evidence-path.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { Db } from '../format/database.ts'
import {
  EXHIBIT_NODE,
  type NodeRow,
  type NodeStatement,
  nodeStatement,
  PathBuilder,
} from '../format/evidence-tree.ts'

interface Remembered {
  readonly id: number
  readonly step: string
  readonly end: number
}

export class Paths {
  readonly #node: NodeStatement
  readonly #builder = new PathBuilder()
  /** From the top; `#at` says where a node stands in it. */
  #above: Remembered[] = []
  readonly #at = new Map<number, number>()

  constructor(db: Db) {
    this.#node = nodeStatement(db)
  }

  /** @throws RangeError when there is no such node, or what stands above it is not there: the ledger is damaged */
  of(id: number): EvidencePath {
    return parseEvidencePath(this.bytesOf(this.#get(id)))
  }

  /** The same from the columns of the entry's own row. */
  ofRow(row: NodeRow): EvidencePath {
    return parseEvidencePath(this.bytesOf(row))
  }

  /** A copy. */
  bytesOf({ above, step, name }: NodeRow): Buffer {
    this.#climb(Number(above))
    const { length } = this.#builder
    this.#builder.push(this.#above.at(-1)?.step ?? null, step, name)
    const path = this.#builder.path()
    this.#builder.cut(length)
    return path
  }

  /** Makes the remembered nodes those from the exhibit down to `id`. */
  #climb(id: number): void {
    const missing: { id: number; node: NodeRow }[] = []
    let at = id
    while (at !== EXHIBIT_NODE && !this.#at.has(at)) {
      const node = this.#get(at)
      // Every node is recorded after the one above it: what says otherwise would lead in a circle.
      if (Number(node.above) >= at) throw new RangeError(`node ${at} does not lie below an earlier one`)
      missing.push({ id: at, node })
      at = Number(node.above)
    }
    this.#cutTo(at === EXHIBIT_NODE ? 0 : this.#at.get(at)! + 1)
    for (const { id: one, node } of missing.reverse()) {
      this.#builder.push(this.#above.at(-1)?.step ?? null, node.step, node.name)
      this.#at.set(one, this.#above.length)
      this.#above.push({ id: one, step: node.step, end: this.#builder.length })
    }
  }

  #cutTo(kept: number): void {
    for (const { id } of this.#above.splice(kept)) this.#at.delete(id)
    this.#builder.cut(this.#above.at(-1)?.end ?? 0)
  }

  #get(id: number): NodeRow {
    const node = this.#node.get(id, id)
    if (!node) throw new RangeError(`there is no node ${id}`)
    return node
  }
}

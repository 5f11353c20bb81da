/**
 * Evidence paths of entries, assembled from the nodes above them. The nodes above the last entry are remembered, and
 * so are recently used folders: entries in the order of their position on a disk come from many folders in turn.
 */
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

/** Limit of remembered folders with paths of ordinary length: 2 MB at most, without the memory of the map itself. */
const KEPT_FOLDERS = 8192
const KEPT_PATH_BYTES = 256

interface Kept {
  readonly step: string
  readonly path: Buffer
}

interface Remembered {
  readonly id: number
  readonly step: string
  readonly end: number
}

export class Paths {
  readonly #node: NodeStatement
  readonly #builder = new PathBuilder()
  /** Remembered nodes from the top; `#at` contains the index of each node. */
  #above: Remembered[] = []
  readonly #at = new Map<number, number>()
  readonly #kept = new Map<number, Kept>()
  readonly #joined = new PathBuilder()

  constructor(db: Db) {
    this.#node = nodeStatement(db)
  }

  /** @throws RangeError when there is no such node, or a node above it is missing: the ledger is damaged */
  of(id: number): EvidencePath {
    return parseEvidencePath(this.bytesOf(this.#get(id)))
  }

  /** The same from the columns of the entry's own row. */
  ofRow(row: NodeRow): EvidencePath {
    return parseEvidencePath(this.bytesOf(row))
  }

  /** A copy of the path's bytes. */
  bytesOf({ above, step, name }: NodeRow): Buffer {
    const node = Number(above)
    const kept = this.#above.at(-1)?.id === node ? undefined : this.#kept.get(node)
    if (kept) return this.#join(kept, step, name)
    this.#climb(node)
    const { length } = this.#builder
    this.#builder.push(this.#above.at(-1)?.step ?? null, step, name)
    const path = this.#builder.path()
    this.#builder.cut(length)
    return path
  }

  #join(above: Kept, step: string, name: Buffer): Buffer {
    this.#joined.begin(above.path)
    this.#joined.push(above.step, step, name)
    return this.#joined.path()
  }

  /** Changes the remembered nodes to those from the exhibit down to `id`. */
  #climb(id: number): void {
    const missing: { id: number; node: NodeRow }[] = []
    let at = id
    while (at !== EXHIBIT_NODE && !this.#at.has(at)) {
      const node = this.#get(at)
      // Every node is recorded after the node above it. A row that contradicts this would lead into a cycle.
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
    if (missing.length > 0) this.#keep(this.#above.at(-1)!)
  }

  #keep({ id, step, end }: Remembered): void {
    if (end > KEPT_PATH_BYTES) return
    if (this.#kept.size === KEPT_FOLDERS) this.#kept.clear()
    this.#kept.set(id, { step, path: this.#builder.path() })
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

/**
 * Volumes, folders and containers with the number of contents of the pass below each. A content counts once, at the
 * place that was recorded first.
 */
import { printName } from '../base/evidence-path.ts'
import type { Db } from '../ledger/format/database.ts'
import { EXHIBIT_NODE } from '../ledger/format/evidence-tree.ts'
import type { Catalogue } from './catalogue.ts'
import type { Folders } from './said-facets.ts'

interface Node {
  readonly above: number
  readonly step: string
  readonly name: Buffer
}

const NODE = `
  SELECT above, step, name FROM folder WHERE id = +?
  UNION ALL SELECT above, step, name FROM entry WHERE id = +?`

export class FolderTree {
  readonly #counts = new Map<number, number>()
  readonly #nodes = new Map<number, Node>()
  readonly #below = new Map<number, number[]>()
  /** Node above each content, by its number in the catalogue. */
  readonly #aboveOf = new Map<number, number>()

  constructor(db: Db, { entries }: Catalogue, contents: Int32Array) {
    const aboveOf = db.prepare<[number], number>('SELECT above FROM entry WHERE id = +?').pluck()
    const node = db.prepare<[number, number], Node>(NODE)
    for (const number of contents) {
      const above = aboveOf.get(entries[number]!) ?? EXHIBIT_NODE
      this.#aboveOf.set(number, above)
      for (let at = above; at !== EXHIBIT_NODE; ) {
        const known = this.#nodes.get(at) ?? node.get(at, at)
        if (!known) break
        if (!this.#nodes.has(at)) {
          this.#nodes.set(at, known)
          const beside = this.#below.get(known.above)
          if (beside) beside.push(at)
          else this.#below.set(known.above, [at])
        }
        this.#counts.set(at, (this.#counts.get(at) ?? 0) + 1)
        at = known.above
      }
    }
  }

  /** Nodes below one, by name. @param node {@link EXHIBIT_NODE}: the top */
  below(node: number): Folders {
    const folders = (this.#below.get(node) ?? []).map((one) => {
      const { name, step } = this.#nodes.get(one)!
      return {
        node: one,
        name: printName(name),
        step,
        count: this.#counts.get(one)!,
        hasMore: this.#below.has(one),
      }
    })
    return { folders: folders.sort((a, b) => (a.name < b.name ? -1 : 1)) }
  }

  isBelow(number: number, node: number): boolean {
    for (let at = this.#aboveOf.get(number) ?? EXHIBIT_NODE; at !== EXHIBIT_NODE; ) {
      if (at === node) return true
      at = this.#nodes.get(at)?.above ?? EXHIBIT_NODE
    }
    return false
  }
}

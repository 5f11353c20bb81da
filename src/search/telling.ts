/** Leaves of a query that a finding matches. Equal attributes are one object, which is asked once. */
import type { FindingFacts } from '../ledger/read/finding-facts.ts'
import type { Leaf } from './leaves.ts'

const KEPT = 10_000

export class Telling {
  readonly #leaves: readonly Leaf[]
  readonly #tells: (leaf: Leaf, finding: FindingFacts) => boolean
  readonly #kept = new Map<FindingFacts, readonly Leaf[]>()

  constructor(leaves: readonly Leaf[], tells: (leaf: Leaf, finding: FindingFacts) => boolean) {
    this.#leaves = leaves
    this.#tells = tells
  }

  by(finding: FindingFacts): readonly Leaf[] {
    const known = this.#kept.get(finding)
    if (known) return known
    const found = this.#leaves.filter((leaf) => this.#tells(leaf, finding))
    if (finding.attributes.length === 0) return found
    if (this.#kept.size === KEPT) this.#kept.clear()
    this.#kept.set(finding, found)
    return found
  }
}

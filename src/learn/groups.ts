/**
 * Groups of rows that must stay on one side of every split: rows of one case, and near duplicates (PDQ) across cases. Two
 * pictures of one series on both sides would let a model show what it remembers instead of what it learned.
 */
import type { TrainingRow } from './rows.ts'

/** PDQ distance up to which two pictures are near duplicates. @see Facebook, "The TMK+PDQF…", 2019: 31 of 256 bits */
const NEAR_BITS = 31

export interface Groups {
  /** Number of the group of each row, from 0. */
  readonly of: Int32Array
  readonly count: number
  /** Clusters of near duplicates, a single picture being one. */
  readonly clusters: number
}

export function groupsOf(rows: readonly TrainingRow[]): Groups {
  const near = new Sets(rows.length)
  const hashes = rows.map(({ pdq }) => (pdq === null ? null : wordsOf(pdq)))
  for (let i = 0; i < rows.length; i++) {
    const one = hashes[i]
    if (!one) continue
    for (let j = i + 1; j < rows.length; j++) {
      const other = hashes[j]
      if (other && isNear(one, other)) near.join(i, j)
    }
  }
  const all = near.copy()
  const first = new Map<string, number>()
  for (const [i, { cases }] of rows.entries())
    for (const name of cases) {
      const known = first.get(name)
      if (known === undefined) first.set(name, i)
      else all.join(known, i)
    }
  const of = all.numbers()
  return { of, count: countOf(of), clusters: countOf(near.numbers()) }
}

/**
 * Distributes groups over folds: the largest first, each into the fold with the fewest positives, then the fewest rows.
 * @returns the fold of each row
 */
export function foldsOf(
  rows: readonly TrainingRow[],
  group: Int32Array,
  use: readonly number[],
  folds: number,
): Int32Array {
  const members = new Map<number, number[]>()
  for (const i of use) {
    const list = members.get(group[i]!)
    if (list) list.push(i)
    else members.set(group[i]!, [i])
  }
  const sized = [...members.values()].map((list) => ({
    list,
    positives: list.filter((i) => rows[i]!.positive).length,
  }))
  sized.sort((a, b) => b.positives - a.positives || b.list.length - a.list.length || a.list[0]! - b.list[0]!)
  const sums = Array.from({ length: folds }, () => ({ positives: 0, rows: 0 }))
  const fold = new Int32Array(rows.length).fill(-1)
  for (const { list, positives } of sized) {
    let best = 0
    for (let f = 1; f < folds; f++) {
      const [a, b] = [sums[f]!, sums[best]!]
      const isFewer =
        positives > 0
          ? a.positives < b.positives || (a.positives === b.positives && a.rows < b.rows)
          : a.rows < b.rows
      if (isFewer) best = f
    }
    sums[best]!.positives += positives
    sums[best]!.rows += list.length
    for (const i of list) fold[i] = best
  }
  return fold
}

function wordsOf(hex: string): Uint32Array {
  return Uint32Array.from({ length: 8 }, (_, i) => Number.parseInt(hex.slice(8 * i, 8 * i + 8), 16))
}

function isNear(a: Uint32Array, b: Uint32Array): boolean {
  let bits = 0
  for (let i = 0; i < 8; i++) {
    bits += ones(a[i]! ^ b[i]!)
    if (bits > NEAR_BITS) return false
  }
  return true
}

function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555)
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  return (((x + (x >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}

function countOf(numbers: Int32Array): number {
  return numbers.reduce((most, one) => Math.max(most, one + 1), 0)
}

/** Disjoint sets of rows. */
class Sets {
  readonly #parent: Int32Array

  constructor(of: number | Int32Array) {
    this.#parent = typeof of === 'number' ? Int32Array.from({ length: of }, (_, i) => i) : of.slice()
  }

  copy(): Sets {
    return new Sets(this.#parent)
  }

  join(a: number, b: number): void {
    const [x, y] = [this.#root(a), this.#root(b)]
    this.#parent[Math.max(x, y)] = Math.min(x, y)
  }

  /** Numbers of the sets in the order of their first rows. */
  numbers(): Int32Array {
    const number = new Map<number, number>()
    return Int32Array.from(this.#parent, (_, i) => {
      const root = this.#root(i)
      if (!number.has(root)) number.set(root, number.size)
      return number.get(root)!
    })
  }

  #root(i: number): number {
    let at = i
    while (this.#parent[at] !== at) {
      this.#parent[at] = this.#parent[this.#parent[at]!]!
      at = this.#parent[at]!
    }
    return at
  }
}

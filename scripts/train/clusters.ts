/**
 * Which rows say the same thing: rows of one cluster must not be split between training and testing.
 *
 * Two strengths. *Near-duplicates* share their text; *same-employer* rows share any opening, middle or ending of a field
 * (a company profile pasted under every advertisement), which asks a model to know employers that it has never seen.
 */

export interface Texts {
  /** Words of each field. */
  readonly fields: readonly (readonly string[])[]
  /** A cluster that the data already names. */
  readonly given?: string
}

const SHINGLE = 5
/** Jaccard similarity of five-word shingles over all fields, from which two rows are near-duplicates. */
const SIMILAR = 0.4
const PASTED_WORDS = 12

export function nearDuplicates(rows: readonly Texts[]): Int32Array {
  const sets = new Sets(rows.length)
  joinGiven(rows, sets)
  const shingles = rows.map(({ fields }) => new Set(fields.flatMap((words) => runs(words, SHINGLE))))
  const holders = new Map<string, number[]>()
  shingles.forEach((set, row) => {
    for (const shingle of set) {
      const list = holders.get(shingle)
      if (list) list.push(row)
      else holders.set(shingle, [row])
    }
  })
  for (let row = 0; row < rows.length; row += 1) {
    const shared = new Map<number, number>()
    for (const shingle of shingles[row]!)
      for (const other of holders.get(shingle)!)
        if (other < row) shared.set(other, (shared.get(other) ?? 0) + 1)
    for (const [other, count] of shared)
      if (count / (shingles[row]!.size + shingles[other]!.size - count) >= SIMILAR) sets.join(row, other)
  }
  return sets.roots()
}

export function sameEmployer(rows: readonly Texts[]): Int32Array {
  const sets = new Sets(rows.length)
  joinGiven(rows, sets)
  const first = new Map<string, number>()
  rows.forEach(({ fields }, row) => {
    fields.forEach((words, field) => {
      if (words.length < PASTED_WORDS) return
      const middle = Math.floor(words.length / 2)
      const places = [words.slice(0, PASTED_WORDS), words.slice(-PASTED_WORDS)]
      if (words.length >= 2 * PASTED_WORDS) places.push(words.slice(middle, middle + PASTED_WORDS))
      places.forEach((place, i) => {
        const key = `${field}.${i} ${place.join(' ')}`
        const other = first.get(key)
        if (other === undefined) first.set(key, row)
        else sets.join(row, other)
      })
    })
  })
  return sets.roots()
}

function joinGiven(rows: readonly Texts[], sets: Sets): void {
  const first = new Map<string, number>()
  rows.forEach(({ given }, row) => {
    if (given === undefined) return
    const other = first.get(given)
    if (other === undefined) first.set(given, row)
    else sets.join(row, other)
  })
}

function runs(words: readonly string[], length: number): string[] {
  return words
    .slice(0, Math.max(0, words.length - length + 1))
    .map((_, i) => words.slice(i, i + length).join(' '))
}

class Sets {
  readonly #parent: Int32Array
  constructor(size: number) {
    this.#parent = Int32Array.from({ length: size }, (_, i) => i)
  }
  #root(i: number): number {
    let at = i
    while (this.#parent[at] !== at) at = this.#parent[at]!
    this.#parent[i] = at
    return at
  }
  join(a: number, b: number): void {
    const [low, high] = [this.#root(a), this.#root(b)].sort((x, y) => x - y)
    this.#parent[high!] = low!
  }
  roots(): Int32Array {
    return this.#parent.map((_, i) => this.#root(i))
  }
}

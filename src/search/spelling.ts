/** Similar spelling: words of the index that a few edits turn into the given word. */
import type { TextIndex, Vocable } from './text-index.ts'

/** One edit in a short word, two in a longer one: more edits would match too many words. */
function editsFor(word: string): number {
  return [...word].length <= 5 ? 1 : 2
}

const MAX_TERMS = 50

/** The nearest words first, then those in most texts. */
export function nearTerms(index: TextIndex, word: string, most = MAX_TERMS): string[] {
  const letters = [...word].length
  const edits = editsFor(word)
  const found: (Vocable & { readonly distance: number })[] = []
  for (const vocable of index.vocabulary(letters - edits, letters + edits)) {
    const distance = editDistance(word, vocable.term, edits)
    if (distance !== null) found.push({ ...vocable, distance })
  }
  return found
    .sort((a, b) => a.distance - b.distance || b.texts - a.texts || (a.term < b.term ? -1 : 1))
    .slice(0, most)
    .map(({ term }) => term)
}

/**
 * Number of insertions, deletions, replacements and swaps of neighbours; null when more than `limit`.
 * @see Damerau, "A technique for computer detection and correction of spelling errors", 1964 (restricted form)
 */
export function editDistance(a: string, b: string, limit: number): number | null {
  const [x, y] = [[...a], [...b]]
  if (Math.abs(x.length - y.length) > limit) return null
  let [before, last] = [[] as number[], Array.from({ length: y.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= x.length; i++) {
    const row = [i]
    for (let j = 1; j <= y.length; j++) {
      const same = x[i - 1] === y[j - 1] ? 0 : 1
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same)
      const swapped = i > 1 && j > 1 && x[i - 1] === y[j - 2] && x[i - 2] === y[j - 1]
      if (swapped) least = Math.min(least, before[j - 2]! + 1)
      row.push(least)
    }
    if (Math.min(...row) > limit) return null
    ;[before, last] = [last, row]
  }
  const distance = last[y.length]!
  return distance <= limit ? distance : null
}

/** Finds an agency's terms in paths and texts, in any spelling. */
import { componentsOf, type Spelling, spellingOf } from './spelling.ts'
import type { Term, TermHit } from './term.ts'

export interface TermMatcher {
  readonly termCount: number
  /** Each component of the path apart: a term never runs over a separator. At most one hit a term. */
  inPath(path: string): TermHit[]
  /** At most one hit a term. */
  inText(text: string): TermHit[]
}

interface Spelled {
  readonly term: Term
  readonly letters: string
}

/** Terms are found by their first letters. */
const KEY_LETTERS = 3

/** @param today ISO-8601 date; terms that expired before it are left out */
export function termMatcher(terms: readonly Term[], today: string): TermMatcher {
  const byKey = new Map<string, Spelled[]>()
  const current = terms.filter(({ expires }) => expires === null || expires >= today)
  for (const term of current) {
    const { letters } = spellingOf(term.term)
    const key = letters.slice(0, KEY_LETTERS)
    const list = byKey.get(key)
    if (list) list.push({ term, letters })
    else byKey.set(key, [{ term, letters }])
  }
  return {
    termCount: current.length,
    inPath: (path) =>
      firstOfEach(
        componentsOf(path).flatMap(({ index, text, start }) =>
          find(spellingOf(text), byKey).map((hit) => ({
            ...hit,
            component: index,
            start: hit.start + start,
            end: hit.end + start,
          })),
        ),
      ),
    inText: (text) => firstOfEach(find(spellingOf(text), byKey)),
  }
}

function find(
  { letters, origin, edges }: Spelling,
  byKey: ReadonlyMap<string, readonly Spelled[]>,
): TermHit[] {
  const hits: TermHit[] = []
  for (let at = 0; at + KEY_LETTERS <= letters.length; at += 1) {
    for (const { term, letters: wanted } of byKey.get(letters.slice(at, at + KEY_LETTERS)) ?? []) {
      const end = at + wanted.length
      if (!letters.startsWith(wanted, at)) continue
      if (term.match !== 'anywhere' && !(edges.has(at) && edges.has(end))) continue
      if (term.match === 'whole' && !(at === 0 && end === letters.length)) continue
      hits.push({
        termId: term.id,
        category: term.category,
        language: term.language,
        component: null,
        start: origin[at]!,
        end: origin[end - 1]! + 1,
      })
    }
  }
  return hits
}

function firstOfEach(hits: readonly TermHit[]): TermHit[] {
  const seen = new Set<string>()
  return hits.filter(({ termId }) => !seen.has(termId) && seen.add(termId))
}

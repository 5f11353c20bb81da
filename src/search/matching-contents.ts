/** Contents of which any entry matches a query: a search that orders nothing and shows nothing. */
import type { SearchFacts } from '../ledger/read/search-facts.ts'
import { type Asked, askIndex, holds, wordsIn } from './conditions.ts'
import type { Condition, Words } from './query.ts'
import { QuickCheck } from './quick.ts'
import type { TextIndex } from './text-index.ts'

/** @returns ids of contents in the ledger */
export function matchingContents(
  facts: SearchFacts,
  index: TextIndex | null,
  query: Condition,
): ReadonlySet<number> {
  const asked = new Map<Words, Asked>()
  for (const words of wordsIn(query)) asked.set(words, askIndex(words, index))
  const check = new QuickCheck(query, asked, facts)
  const found = new Set<number>()
  for (const entry of facts.entries(check.wantedDigests)) {
    if (entry.content === null || found.has(entry.content.id)) continue
    if (check.of(entry) ?? holds(query, facts.view(entry.id), asked)) found.add(entry.content.id)
  }
  return found
}

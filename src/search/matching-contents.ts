/** Contents with at least one entry that matches a query: a search without order and output. */
import { IdSet } from '../ledger/format/id-set.ts'
import type { SearchFacts } from '../ledger/read/search-facts.ts'
import { besideOf } from './beside.ts'
import { type Asked, askIndex, holds } from './conditions.ts'
import { wordsIn } from './leaves.ts'
import type { Condition, Words } from './query.ts'
import { type PriorityOf, QuickCheck } from './quick.ts'
import type { TextIndex } from './text-index.ts'

/**
 * @param priorityOf given where contents were ranked before: a condition on priorities then uses these priorities
 * @returns ids of contents in the ledger
 */
export function matchingContents(
  facts: SearchFacts,
  index: TextIndex | null,
  query: Condition,
  priorityOf: PriorityOf | null = null,
): Pick<IdSet, 'has'> {
  const asked = new Map<Words, Asked>()
  for (const words of wordsIn(query)) asked.set(words, askIndex(words, index))
  const answers = { asked, beside: besideOf(facts) }
  const check = new QuickCheck(query, answers, facts, false, priorityOf)
  const found = new IdSet()
  for (const entry of facts.entries(check.wantedDigests, check.restriction(facts))) {
    if (entry.content === null || found.has(entry.content.id)) continue
    if (check.of(entry) ?? holds(query, facts.viewOf(entry), answers)) found.add(entry.content.id)
  }
  return found
}

/** Whether any part of the condition concerns decisions or tags of persons. */
export function asksOfDecisions(condition: Condition): boolean {
  if (condition.kind === 'decided' || condition.kind === 'tag') return true
  if (condition.kind === 'not') return asksOfDecisions(condition.of)
  return (condition.kind === 'and' || condition.kind === 'or') && condition.of.some(asksOfDecisions)
}

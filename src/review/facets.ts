/** The common filters with the number of contents in the pass, and when these were modified, by month. */
import { priorityOf } from './catalogue.ts'
import { facetListsOf } from './facet-lists.ts'
import { monthBars } from './month-bars.ts'
import { positionsOf } from './positions.ts'
import type { Facets } from './said-facets.ts'
import type { ReviewSession } from './session.ts'

export function facetsOf(session: ReviewSession): Facets {
  const { contents, catalogue } = session
  const counts = { listed: 0, first: 0, next: 0, video: 0, picture: 0, other: 0 }
  const months = new Map<number, number>()
  let undated = 0
  for (const number of contents) {
    const priority = priorityOf(catalogue, number)
    if (catalogue.isListed(number)) counts.listed++
    if (priority === 1) counts.first++
    if (priority === 2) counts.next++
    counts[catalogue.kind(number)]++
    const seconds = catalogue.modified[number]!
    if (Number.isNaN(seconds)) undated++
    else {
      const at = new Date(seconds * 1000)
      const month = at.getUTCFullYear() * 12 + at.getUTCMonth()
      months.set(month, (months.get(month) ?? 0) + 1)
    }
  }
  const chips = [
    { chip: 'listed', query: 'hit:illegal', count: counts.listed },
    { chip: 'first', query: 'priority:1', count: counts.first },
    { chip: 'next', query: 'priority:2', count: counts.next },
    { chip: 'picture', query: 'type:image/*', count: counts.picture },
    { chip: 'video', query: 'type:video/*', count: counts.video },
    { chip: 'other', query: 'NOT type:image/* NOT type:video/*', count: counts.other },
  ] as const
  return {
    chips: chips.filter(({ count }) => count > 0),
    months: monthBars(months),
    undated,
    positions: positionsOf(session),
    ...facetListsOf(session),
  }
}

/**
 * Where a content, or a near copy of it, was graded already: here by another person, or on another exhibit of the case.
 * It is shown beside the tile and decides nothing.
 */
import type { GradedElsewhere } from './said-elsewhere.ts'
import type { ReviewSession } from './session.ts'

/** With more contents, near copies of a screen would keep a person waiting. */
const MOST_COMPARED = 200_000

/** Same contents first, then the nearest copy that was graded. In a blind pass only what this person graded. */
export function elsewhereOf(session: ReviewSession, sha256: string): readonly GradedElsewhere[] {
  const { asked, isBlind, decided, ledger } = session
  const number = session.numberOf(sha256)
  const isShown = ({ operator }: { readonly operator: string }) => !isBlind || operator === asked.operator
  const here = (one: number, how: 'same' | 'near') =>
    decided
      .standing(one)
      .filter(isShown)
      .flatMap(({ category, operator }): GradedElsewhere[] =>
        category === null ? [] : [{ how, category, operator, exhibit: ledger.case.exhibitId }],
      )
  const mayHaveNear = decided.hasAny && session.catalogue.size <= MOST_COMPARED
  const near = mayHaveNear
    ? session.stackOf(number).find((one) => one !== number && here(one, 'near').length > 0)
    : undefined
  return [
    ...here(number, 'same').filter(({ operator }) => operator !== asked.operator),
    ...(asked.others?.get(sha256) ?? []).filter(isShown),
    ...(near === undefined ? [] : here(near, 'near')),
  ]
}

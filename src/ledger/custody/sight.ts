/**
 * The view of a content that the program had shown to a person before the decision. Reports show it with every
 * decision.
 */
import type { Sight } from '../../contracts/custody.ts'
import type { Hit } from '../../contracts/finding.ts'
import type { RecordedDecision } from './decisions.ts'

/** @param hits of the content */
export function sightOf({ seen }: Pick<RecordedDecision, 'seen'>, hits: readonly Hit[]): Sight {
  if (seen !== 'nothing') return seen
  return hits.some(({ meaning }) => meaning !== 'known') ? 'list' : 'unseen'
}

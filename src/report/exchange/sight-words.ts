/**
 * The view that a person had before the decision, in English words, for formats with a description but no field for it.
 */
import type { Hit } from '../../contracts/finding.ts'
import type { RecordedDecision } from '../../ledger/custody/decisions.ts'
import { sightOf } from '../../ledger/custody/sight.ts'
import { ENGLISH } from '../texts/index.ts'

export function sightWords(made: Pick<RecordedDecision, 'seen'>, hits: readonly Hit[]): string {
  return ENGLISH.word('sight', sightOf(made, hits))
}

/** What a person had seen before the decision, in English words, for formats with a description but no field for it. */
import type { Hit } from '../../contracts/finding.ts'
import type { RecordedDecision } from '../../ledger/custody/decisions.ts'
import { secondsInSight, sightOf } from '../../ledger/custody/sight.ts'
import { ENGLISH } from '../texts/index.ts'

export function sightWords(made: Pick<RecordedDecision, 'seen' | 'seenMs'>, hits: readonly Hit[]): string {
  const said = ENGLISH.word('sight', sightOf(made, hits))
  return made.seenMs === null ? said : `${said}, ${secondsInSight(made)} s in sight`
}

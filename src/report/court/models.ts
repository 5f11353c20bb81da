/** What was measured of the models that looked at the exhibits, beside the leads that they gave. */
import type { LedgerReader } from '../../contracts/ledger.ts'
import { measuredTiers } from '../pages/measured-error.ts'
import type { CourtTexts } from './texts.ts'

/** Of each model once; that it is not known how much they find; and what no model looked at because it shares a look. */
export function modelWords(ledgers: readonly LedgerReader[], texts: CourtTexts): string[] {
  const ids = new Set(ledgers.flatMap(({ plan }) => plan.models.map(({ id }) => id)))
  const said = [...ids].flatMap((model) => {
    const errors = measuredTiers(model).map(({ words, fromPer10k }) =>
      texts.say(words, { threshold: fromPer10k }),
    )
    return errors.length === 0
      ? []
      : [texts.say('method-measured', { model, errors: texts.custom.clauses(errors) })]
  })
  const contents = ledgers.reduce((sum, ledger) => sum + ledger.sharedLooks(), 0)
  return [
    ...(said.length === 0 ? [] : [...said, texts.say('method-not-measured')]),
    ...(contents === 0 ? [] : [texts.say('method-shared', { contents })]),
  ]
}

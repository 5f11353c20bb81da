/** Measured errors of the models that analysed the exhibits, printed with the leads that they gave. */
import type { LedgerReader } from '../../contracts/ledger-reader.ts'
import { measuredTiers, ownModels } from '../pages/measured-error.ts'
import type { CourtTexts } from './texts.ts'

/**
 * One statement for each model; a statement that the detection rate is unknown; and the number of contents that no
 * model analysed because they reuse an analysis.
 */
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
  const own = ownModels(ledgers.flatMap(({ plan }) => plan.models)).map(({ id, params }) =>
    texts.say('method-own', { model: id, ...params }),
  )
  const contents = ledgers.reduce((sum, ledger) => sum + ledger.sharedLooks(), 0)
  return [
    ...(said.length === 0 ? [] : [...said, texts.say('method-not-measured')]),
    ...own,
    ...(contents === 0 ? [] : [texts.say('method-shared', { contents })]),
  ]
}

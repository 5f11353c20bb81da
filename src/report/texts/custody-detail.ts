/** What a report prints of a custody event: codes as they stand in the log, but why a person looked in the report's language. */
import { type CustodyEvent, REVEAL_REASONS } from '../../contracts/custody.ts'
import { pageWords } from './page-words.ts'

/** @returns the detail of an event; older logs have the reason of a reveal as a sentence, which stays as it is */
export function custodyDetail(language = 'en'): (event: CustodyEvent) => CustodyEvent['detail'] {
  const { words } = pageWords(language)
  return ({ detail, fact }) => {
    const code = fact?.kind === 'reveal' && REVEAL_REASONS.find((one) => one === fact.reason)
    return code ? { ...detail, reason: words[`reason-${code}`]! } : detail
  }
}

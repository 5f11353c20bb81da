/** The detail of a custody event in a report: codes unchanged, but the reason of a reveal in the report's language. */
import { type CustodyEvent, REVEAL_REASONS } from '../../contracts/custody.ts'
import { pageWords } from './page-words.ts'

/** @returns the detail of an event; older logs contain the reason of a reveal as a sentence, which stays unchanged */
export function custodyDetail(language = 'en'): (event: CustodyEvent) => CustodyEvent['detail'] {
  const { words } = pageWords(language)
  return ({ detail, fact }) => {
    const code = fact?.kind === 'reveal' && REVEAL_REASONS.find((one) => one === fact.reason)
    return code ? { ...detail, reason: words[`reason-${code}`]! } : detail
  }
}

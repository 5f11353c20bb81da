/** The custody log in sums, a row an event; the log itself goes with the report whole, event by event. */
import { printText } from '../../base/evidence-path.ts'
import { custodyDetail } from '../texts/custody-detail.ts'
import { type CourtExhibit, labelled } from './exhibits.ts'
import type { Row } from './row.ts'
import type { CourtTexts } from './texts.ts'
import { coded } from './words.ts'

const MOST_NAMED = 10

/** Event, how often, first and last, by whom; in the order in which they first happened. */
export function custodySums(exhibits: readonly CourtExhibit[], texts: CourtTexts): readonly Row[] {
  return exhibits.flatMap(({ ledger, label }) => {
    const sums = new Map<string, { times: number; first: string; last: string; readonly who: Set<string> }>()
    for (const { event, utc, operator, account } of ledger.custody()) {
      const sum = sums.get(event) ?? { times: 0, first: utc, last: utc, who: new Set() }
      sums.set(event, sum)
      sum.times++
      sum.last = utc
      sum.who.add(operator ?? account)
    }
    return [...sums].map(([event, { times, first, last, who }]) => [
      labelled(label, coded(texts, 'event', printText(event))),
      texts.custom.count(times),
      texts.custom.when(first),
      times === 1 ? '–' : texts.custom.when(last),
      [...who]
        .slice(0, MOST_NAMED)
        .map((name) => printText(name))
        .join(', ') + (who.size > MOST_NAMED ? `, … (+${who.size - MOST_NAMED})` : ''),
    ])
  })
}

/** The log itself, for an edition to which no file can be attached: times and codes as they stand in it. */
export function custodyRows(exhibits: readonly CourtExhibit[], texts: CourtTexts): readonly Row[] {
  const detailOf = custodyDetail(texts.of.language)
  return exhibits.flatMap(({ ledger, label }) =>
    ledger.custody().map((made) => {
      const { utc, event, operator, account } = made
      const said = Object.entries(detailOf(made))
        .filter(([, value]) => value !== '')
        .map(([name, value]) => `${name}: ${value}`)
        .join('; ')
      return [
        utc.slice(0, 19).replace('T', ' '),
        printText(event),
        printText(operator ?? account),
        labelled(label, printText(said)),
      ]
    }),
  )
}

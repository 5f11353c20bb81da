/**
 * Totals of the custody log, one row for each kind of event. The complete log is attached to the report, event by
 * event.
 */
import { printText } from '../../base/evidence-path.ts'
import { custodyDetail } from '../texts/custody-detail.ts'
import { type CourtExhibit, labelled } from './exhibits.ts'
import type { CaseLog } from './record.ts'
import type { Row } from './row.ts'
import type { CourtTexts } from './texts.ts'
import { coded } from './words.ts'

const MOST_NAMED = 10

/** Event, count, first and last time, and persons; in the order in which the events first happened. */
export function custodySums(
  exhibits: readonly CourtExhibit[],
  ofCase: CaseLog | null,
  texts: CourtTexts,
): readonly Row[] {
  return logsOf(exhibits, ofCase, texts).flatMap(({ events, label }) => {
    const sums = new Map<string, { times: number; first: string; last: string; readonly who: Set<string> }>()
    for (const { event, utc, operator, account } of events) {
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

/** The complete log, for an edition that cannot have attachments. Times and codes are printed unchanged. */
export function custodyRows(
  exhibits: readonly CourtExhibit[],
  ofCase: CaseLog | null,
  texts: CourtTexts,
): readonly Row[] {
  const detailOf = custodyDetail(texts.of.language)
  return logsOf(exhibits, ofCase, texts).flatMap(({ events, label }) =>
    events.map((made) => {
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

/** The log of the case first, then that of each exhibit. */
function logsOf(exhibits: readonly CourtExhibit[], ofCase: CaseLog | null, texts: CourtTexts) {
  return [
    ...(ofCase === null ? [] : [{ events: ofCase.events, label: texts.say('case-log') }]),
    ...exhibits.map(({ ledger, label }) => ({ events: ledger.custody(), label })),
  ]
}

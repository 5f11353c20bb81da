/**
 * Persons, dates and objects of the examination: facts of the ledger, statements of the laboratory, and a note for
 * each missing item.
 */
import type { ExaminationFacts, RunHistory } from '../../contracts/ledger-reader.ts'
import { readAgainOf } from '../../contracts/read-again.ts'
import { sharedLooksOf } from '../../contracts/shared-looks.ts'
import type { Lab, Standing } from '../model/lab.ts'
import { installationEvents } from '../texts/installation-text.ts'
import { readAgainNumbers } from '../texts/read-again-text.ts'
import { sharedLooksParams } from '../texts/shared-looks-text.ts'
import { type CourtExhibit, saidOnce } from './exhibits.ts'
import type { Row } from './row.ts'
import type { CourtKey, CourtTexts } from './texts.ts'
import { coded } from './words.ts'

/** Items that ISO/IEC 17025:2017, 7.8.2.1 asks for and that a ledger does not contain. */
const ASKED: readonly (readonly [keyof Lab, CourtKey])[] = [
  ['reportNumber', 'report-number'],
  ['laboratory', 'laboratory'],
  ['address', 'address'],
  ['customer', 'customer'],
  ['received', 'received'],
  ['issued', 'issued'],
  ['authorisedBy', 'authorised'],
  ['validation', 'validation'],
]

export function labRows(
  exhibits: readonly CourtExhibit[],
  lab: Lab,
  texts: CourtTexts,
): { readonly rows: readonly Row[]; readonly missing: string | null } {
  const missing = ASKED.filter(([key]) => lab[key] === undefined).map(([, words]) => texts.say(words))
  const stated = ASKED.flatMap(([key, words]): Row[] =>
    typeof lab[key] === 'string' ? [[texts.say(words), texts.custom.day(lab[key])]] : [],
  )
  return {
    rows: [
      ...(lab.replaces
        ? [
            [
              texts.say('replaces'),
              texts.say('replaces-why', { number: lab.replaces.number, why: lab.replaces.why }),
            ],
          ]
        : []),
      ...stated,
      [texts.say('accreditation'), lab.accreditation ?? texts.say('no-accreditation')],
      ...recordedOnce(exhibits, texts),
      [texts.say('deviations'), lab.deviations ?? texts.say('no-deviations')],
    ],
    missing: missing.length === 0 ? null : texts.say('missing', { items: missing }),
  }
}

export function standingWords({ number, day, isFit, stale }: Standing, texts: CourtTexts): string {
  const words = texts.say(isFit ? 'validation-fit' : 'validation-unfit', {
    number,
    day: texts.custom.day(day),
  })
  if (stale.length === 0) return words
  const of = stale.map((one) => texts.say(`stale-${one}`))
  return `${words} ${texts.say('validation-stale', { of })}`
}

/** In the order of their names; what several exhibits have in common comes once, after their names. */
function recordedOnce(exhibits: readonly CourtExhibit[], texts: CourtTexts): readonly Row[] {
  const rows = new Map(exhibits.map((one) => [one, recordedRows(one.ledger, texts)]))
  const names = new Set([...rows.values()].flatMap((all) => all.map(([name]) => name!)))
  return [...names].flatMap((name) =>
    saidOnce(exhibits, (one) => rows.get(one)!.flatMap(([of, value]) => (of === name ? [value!] : []))).map(
      (value) => [name, value],
    ),
  )
}

function recordedRows(ledger: ExaminationFacts & RunHistory, texts: CourtTexts): Row[] {
  const { case: about, tool, exhibit, plan } = ledger
  const { textBasis } = plan.options
  const all = ledger.events()
  const again = readAgainOf(ledger)
  const shared = sharedLooksOf(ledger)
  const [first, last] = [all[0]?.utc, all.at(-1)?.utc]
  return [
    [texts.say('examiner'), about.examiner],
    ...(first && last
      ? [[texts.say('examined'), `${texts.custom.when(first)} – ${texts.custom.when(last)}`]]
      : []),
    ...installationEvents(ledger).map(
      ({ code, params: { process, when, ...params } }): Row => [
        texts.say('examined'),
        texts.say(code, {
          ...params,
          when: texts.custom.when(when),
          process: coded(texts, 'process', process),
        }),
      ],
    ),
    ...(again === null
      ? []
      : [[texts.say('read-again'), texts.say('read-again-counts', readAgainNumbers(again))]]),
    ...(shared === null
      ? []
      : [[texts.say('shared-looks'), texts.say('shared-looks-counts', sharedLooksParams(shared))]]),
    ...(textBasis === null ? [] : [[texts.say('text-basis'), textBasis]]),
    [texts.say('image'), about.image ?? exhibit.mountSource],
    // The results contain the outcome of its comparison.
    ...(about.acquisitionHash === null ? [] : [[texts.say('acquisition-hash'), about.acquisitionHash]]),
    [texts.say('program'), `seized ${tool.seized ?? ''}`],
  ]
}

/**
 * The court's edition as data: every sentence made, nothing of it markup, the same for HTML and PDF.
 *
 * Results come first. Listed is what is on a list or was decided on by a person, once a content, with every place; near matches
 * only where a person decided; leads are numbers. What the choice of a person leaves out is said.
 */
import { PRIORITIES } from '../../contracts/finding.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import type { Lab, Standing } from '../model/lab.ts'
import { ledgerState } from '../model/values.ts'
import { measuredTiers } from '../pages/measured-error.ts'
import { type CourtCharts, chartsOf } from './charts.ts'
import { chosenWords } from './chosen.ts'
import { type Choice, type CourtContent, listedContents } from './contents.ts'
import { countFindings } from './counts.ts'
import { type Differences, differenceRows, type Earlier } from './differences.ts'
import { type CourtExhibit, type CourtSource, exhibitsOf, labelled } from './exhibits.ts'
import { omittedRows } from './image.ts'
import { labRows, standingWords } from './lab-rows.ts'
import { type LinkWishes, linkedWords } from './linked.ts'
import { custodyRows, digestRows, exhibitRows, listRows, notExaminedRows, signatureLines } from './record.ts'
import { resultsOf } from './results.ts'
import type { Row } from './row.ts'
import { CourtTexts } from './texts.ts'

export interface CourtWishes extends Choice, LinkWishes {
  readonly language: string
  readonly lab: Lab
  /** Null: none was named. */
  readonly validation: Standing | null
  /** SHA-256 of the ledger's file; null where it was not computed. */
  readonly ledgerSha256: string | null
  /** Other exhibits of the same case that the report speaks of. */
  readonly also: readonly CourtSource[]
  /** Distinct contents of any kind on more than one of them; null where it was not counted. */
  readonly shared: number | null
  /** What differs from an earlier ledger of the same exhibit; null: none was named. */
  readonly earlier: Earlier | null
  /** Originals that were shown for review, in sums; null where none was. */
  readonly exposure: { readonly persons: number; readonly reveals: number; readonly seconds: number } | null
  /** Decisions made on one exhibit count for equal contents of the others. */
  readonly carryDecisions: boolean
}

export const NO_COURT_WISHES: CourtWishes = {
  language: 'en',
  lab: {},
  validation: null,
  categories: [],
  places: [],
  redact: [],
  ledgerSha256: null,
  also: [],
  shared: null,
  earlier: null,
  exposure: null,
  carryDecisions: false,
}

export interface CourtReport {
  readonly texts: CourtTexts
  readonly language: string
  readonly title: string
  readonly about: string
  readonly number: string | null
  readonly state: { readonly isGood: boolean; readonly words: string }
  /** Null where a translation was reviewed. Both languages. */
  readonly unreviewed: readonly string[]
  readonly results: readonly string[]
  readonly lab: readonly Row[]
  readonly missing: string | null
  readonly notes: readonly string[]
  readonly contents: readonly CourtContent[]
  readonly moreContents: string | null
  readonly numbers: readonly string[]
  /** One row an exhibit; none in a report of one. */
  readonly exhibits: readonly Row[]
  readonly notExamined: readonly Row[]
  readonly method: readonly string[]
  readonly lists: readonly Row[]
  readonly custody: readonly Row[]
  readonly digests: readonly Row[]
  readonly signatures: readonly string[]
  readonly check: readonly string[]
  readonly leads: readonly string[]
  /** What differs from an earlier ledger of the exhibit; null where none was named. */
  readonly diff: Differences | null
  readonly charts: CourtCharts
  readonly end: string
}

function withValidation({ lab, validation }: CourtWishes, texts: CourtTexts): Lab {
  return validation === null ? lab : { ...lab, validation: standingWords(validation, texts) }
}

export function courtReport(ledger: LedgerReader, wishes: CourtWishes): CourtReport {
  const texts = new CourtTexts(wishes.language)
  const english = new CourtTexts('en')
  const exhibits = exhibitsOf(
    [{ ledger, sha256: wishes.ledgerSha256 }, ...wishes.also],
    wishes.carryDecisions,
  )
  const ledgers = exhibits.map((one) => one.ledger)
  const counts = countFindings(ledgers)
  const decided = new Map(exhibits.flatMap(({ made }) => [...made]))
  const listed = listedContents(exhibits, texts, wishes)
  const names = ledgers.map((one) => one.case.exhibitId)
  const about = `${texts.say('case')} ${ledger.case.caseId}, ${texts.say(names.length > 1 ? 'exhibits' : 'exhibit')} ${names.join(', ')}`
  const near = counts.nearUnconfirmed(decided)
  const { rows, missing } = labRows(exhibits, withValidation(wishes, texts), texts)
  return {
    texts,
    language: texts.of.language,
    title: texts.say('title'),
    about,
    number: wishes.lab.reportNumber ?? null,
    state: stateOf(exhibits, texts),
    unreviewed: texts.isReviewed ? [] : [texts.say('unreviewed'), english.say('unreviewed')],
    results: [
      ...resultsOf(exhibits, texts, counts, listed, wishes.shared),
      ...linkedWords(exhibits, wishes, texts),
    ],
    lab: rows,
    missing,
    notes: [
      texts.say('only-items'),
      texts.say('in-full'),
      ...(wishes.exposure ? [texts.say('exposure', wishes.exposure)] : []),
      ...chosenWords(wishes, listed, texts),
      ...(names.length > 1 ? [texts.say(wishes.carryDecisions ? 'carried' : 'not-carried')] : []),
    ],
    contents: listed.contents,
    moreContents: listed.more > 0 ? texts.say('more-contents', { contents: listed.more }) : null,
    numbers: [
      ...(near > 0 ? [texts.say('near', { contents: near })] : []),
      ...(counts.conflicts > 0 ? [texts.say('conflicts', { contents: counts.conflicts })] : []),
      ...(counts.references > 0 ? [texts.say('references', { records: counts.references })] : []),
    ],
    exhibits: exhibitRows(exhibits, texts),
    notExamined: [...omittedRows(exhibits, texts), ...notExaminedRows(exhibits)],
    method: [
      texts.say('method-1'),
      texts.say('method-2'),
      texts.say('about-hit'),
      texts.say('about-decision'),
      texts.say('about-model'),
      ...measuredWords(exhibits, texts),
      ...sharedWords(ledgers, texts),
      texts.say('method-3'),
    ],
    lists: listRows(exhibits, texts),
    custody: custodyRows(exhibits, texts.of.language),
    digests: digestRows(exhibits, texts),
    signatures: signatureLines(exhibits, texts),
    check: ([1, 2, 3, 4] as const).map((step) => texts.say(`check-${step}`)),
    leads:
      counts.leads === 0
        ? []
        : [
            texts.say('leads', { contents: counts.leads }),
            ...PRIORITIES.filter((priority) => (counts.byPriority.get(priority) ?? 0) > 0).map((priority) =>
              texts.say('lead-row', { priority, contents: counts.byPriority.get(priority)! }),
            ),
          ],
    diff: wishes.earlier && differenceRows(wishes.earlier, texts),
    charts: chartsOf(ledgers, counts),
    end: texts.say('end'),
  }
}

function stateOf(exhibits: readonly CourtExhibit[], texts: CourtTexts): CourtReport['state'] {
  const bad = exhibits.filter(({ ledger }) => ledgerState(ledger) !== 'sealed')
  return {
    isGood: bad.length === 0,
    words:
      bad.length === 0
        ? texts.say('state-sealed')
        : bad
            .map(({ ledger, label }) => labelled(label, texts.say(`state-${ledgerState(ledger)}`)))
            .join(' '),
  }
}

/** What was measured of the errors of each model that looked, once; and that nobody knows how much they find. */
function measuredWords(exhibits: readonly CourtExhibit[], texts: CourtTexts): string[] {
  const ids = new Set(exhibits.flatMap(({ ledger }) => ledger.plan.models.map(({ id }) => id)))
  const said = [...ids].flatMap((model) => {
    const tiers = measuredTiers(model)
    const errors = tiers
      .map(({ words, fromPer10k }) => texts.say(words, { threshold: fromPer10k }))
      .join('; ')
    return tiers.length === 0 ? [] : [texts.say('method-measured', { model, errors })]
  })
  return said.length === 0 ? [] : [...said, texts.say('method-not-measured')]
}

/** What counts as examined, and no model looked at. */
function sharedWords(ledgers: readonly LedgerReader[], texts: CourtTexts): string[] {
  const contents = ledgers.reduce((sum, ledger) => sum + ledger.sharedLooks(), 0)
  return contents === 0 ? [] : [texts.say('method-shared', { contents })]
}

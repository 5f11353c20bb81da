/**
 * The court's edition as data: all sentences are complete, no value contains markup, and HTML and PDF print the same.
 *
 * Results come first. The report lists contents that are on a list or that a person decided on, each once, with every
 * place. Near matches are listed only where a person decided; leads are given as numbers. The report names everything
 * that a person's choice leaves out.
 */
import type { LedgerReader } from '../../contracts/ledger-reader.ts'
import type { SharedContents } from '../../ledger/read/shared-contents.ts'
import type { Lab, Standing } from '../model/lab.ts'
import { ledgerState } from '../model/values.ts'
import { type CourtCharts, chartsOf } from './charts.ts'
import { chosenWords } from './chosen.ts'
import type { CourtContent } from './content-row.ts'
import { type Choice, listedContents } from './contents.ts'
import { countFindings } from './counts.ts'
import { custodyRows, custodySums } from './custody-sums.ts'
import { type Differences, differenceRows, type Earlier } from './differences.ts'
import { type CourtExhibit, type CourtSource, exhibitsOf, labelled } from './exhibits.ts'
import { omittedRows } from './image.ts'
import { labRows, standingWords } from './lab-rows.ts'
import { leadWords } from './lead-words.ts'
import { type LinkWishes, linkedWords } from './linked.ts'
import { modelWords } from './models.ts'
import { type CaseLog, digestRows, listRows, notExaminedRows, signatureLines } from './record.ts'
import { foundRows, resultsOf } from './results.ts'
import type { Row } from './row.ts'
import { exhibitRows, type Several, severalOf } from './several.ts'
import { type SignatureField, signatureFields } from './signature.ts'
import { standardRows } from './standards.ts'
import { CourtTexts } from './texts.ts'

export interface CourtWishes extends Choice, LinkWishes {
  readonly language: string
  readonly lab: Lab
  /** Null when no validation record was named. */
  readonly validation: Standing | null
  /** SHA-256 of the ledger's file; null where it was not computed. */
  readonly ledgerSha256: string | null
  /** Other exhibits of the same case that the report covers. */
  readonly also: readonly CourtSource[]
  /** Contents of any kind on more than one of the exhibits; null where they were not counted. */
  readonly shared: SharedContents | null
  /** Contents that are closed on all exhibits because one of them holds them in quarantine, and lie open on another. */
  readonly closedElsewhere: number
  /** Contents in quarantine that a list names: they are counted and listed without words and pictures. */
  readonly closedListed: number
  /** Contents on which persons differ though the policy of the case says that this must be settled first. */
  readonly unsettled: number
  /** Log of the case that the report covers as a whole; null for ledgers that were named one by one. */
  readonly caseLog: CaseLog | null
  /** Differences from an earlier ledger of the same exhibit; null when none was named. */
  readonly earlier: Earlier | null
  /** Totals of originals that were shown for review; null where none was shown. */
  readonly exposure: { readonly persons: number; readonly reveals: number; readonly seconds: number } | null
  /** True: decisions made on one exhibit count for equal contents of the others; `case`: those of a case always do. */
  readonly carryDecisions: boolean | 'case'
}

export const NO_COURT_WISHES: CourtWishes = {
  language: 'en',
  lab: {},
  validation: null,
  categories: [],
  places: [],
  redact: [],
  scales: [],
  ledgerSha256: null,
  also: [],
  shared: null,
  closedElsewhere: 0,
  closedListed: 0,
  unsettled: 0,
  caseLog: null,
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
  /** Note that the translation was not reviewed, in both languages; empty where it was reviewed. */
  readonly unreviewed: readonly string[]
  readonly results: readonly string[]
  /**
   * By meaning, list and category: label, contents, places, and how many of the contents match by a weak digest alone.
   */
  readonly found: readonly Row[]
  /** Scale, category, name, and the meaning of the name in the report's language; empty in English. */
  readonly categories: readonly Row[]
  readonly lab: readonly Row[]
  readonly missing: string | null
  readonly notes: readonly string[]
  readonly contents: readonly CourtContent[]
  readonly moreContents: string | null
  readonly numbers: readonly string[]
  /** One row for each exhibit; empty in a report of one exhibit. */
  readonly exhibits: readonly Row[]
  /** Pairs of exhibits with contents in common; no rows in a report of one exhibit. */
  readonly several: Several
  /** Label and head that every page names. */
  readonly head: readonly [label: string, head: string]
  readonly notExamined: readonly Row[]
  readonly method: readonly string[]
  readonly lists: readonly Row[]
  /** Totals of the custody log. */
  readonly custody: readonly Row[]
  /** The complete log; null where a choice leaves names out. */
  readonly custodyLog: readonly Row[] | null
  readonly custodyEvents: number
  readonly digests: readonly Row[]
  readonly signatures: readonly string[]
  readonly check: readonly string[]
  readonly leads: readonly string[]
  /** Measured errors of the models that analysed contents; empty where no model did. */
  readonly models: readonly string[]
  /** What is asked for, clause of ISO/IEC 17025, clause of ISO 21043-5, section. */
  readonly standards: readonly Row[]
  /** Signature lines for the persons who answer for the report. */
  readonly sign: readonly SignatureField[]
  /** Differences from an earlier ledger of the exhibit; null when none was named. */
  readonly diff: Differences | null
  readonly charts: CourtCharts
  readonly end: string
}

function withValidation({ lab, validation }: CourtWishes, texts: CourtTexts): Lab {
  return validation === null ? lab : { ...lab, validation: standingWords(validation, texts) }
}

/** True when the choice leaves nothing out, so that files that contain every name may be attached. */
export function isWhole({ redact, categories, places }: Choice): boolean {
  return [redact, categories, places].every((choice) => choice.length === 0)
}

function carriedKey({ carryDecisions }: CourtWishes): 'carried' | 'carried-case' | 'not-carried' {
  if (carryDecisions === 'case') return 'carried-case'
  return carryDecisions ? 'carried' : 'not-carried'
}

export function courtReport(ledger: LedgerReader, wishes: CourtWishes): CourtReport {
  const texts = new CourtTexts(wishes.language)
  const english = new CourtTexts('en')
  const exhibits = exhibitsOf(
    [{ ledger, sha256: wishes.ledgerSha256 }, ...wishes.also],
    wishes.carryDecisions !== false,
  )
  const ledgers = exhibits.map((one) => one.ledger)
  const counts = countFindings(ledgers)
  const decided = new Map(exhibits.flatMap(({ made }) => [...made]))
  const listed = listedContents(exhibits, texts, wishes)
  const { caseLog } = wishes
  const names = ledgers.map((one) => one.case.exhibitId)
  const about = texts.say('about', {
    case: caseLog?.caseNumber ?? ledger.case.caseId,
    exhibits: names.length,
    names: names.join(', '),
  })
  const several = exhibits.length > 1
  const near = counts.nearUnconfirmed(decided)
  const models = modelWords(ledgers, texts)
  const { rows, missing } = labRows(exhibits, withValidation(wishes, texts), texts)
  return {
    texts,
    language: texts.of.language,
    title: texts.say('title', { several }),
    about,
    number: wishes.lab.reportNumber ?? null,
    state: stateOf(exhibits, texts),
    unreviewed: texts.isReviewed ? [] : [texts.say('unreviewed'), english.say('unreviewed')],
    results: [
      ...resultsOf(exhibits, texts, {
        ...counts,
        ...listed,
        shared: wishes.shared?.contents ?? null,
        closedListed: wishes.closedListed,
        unsettled: wishes.unsettled,
      }),
      ...linkedWords(exhibits, wishes, texts),
    ],
    found: foundRows(exhibits, counts, texts),
    categories: listed.categories,
    lab: rows,
    missing,
    notes: [
      texts.say('only-items'),
      texts.say('in-full'),
      ...(wishes.closedElsewhere > 0
        ? [texts.say('closed-of-case', { contents: wishes.closedElsewhere })]
        : []),
      ...(wishes.exposure ? [texts.say('exposure', wishes.exposure)] : []),
      ...chosenWords(wishes, listed, texts),
      ...(names.length > 1 ? [texts.say(carriedKey(wishes))] : []),
    ],
    contents: listed.contents,
    moreContents: listed.more > 0 ? texts.say('more-contents', { contents: listed.more }) : null,
    numbers: [
      ...(near > 0 ? [texts.say('near', { contents: near })] : []),
      ...(counts.conflicts > 0 ? [texts.say('conflicts', { contents: counts.conflicts })] : []),
      ...(counts.references > 0 ? [texts.say('references', { several, records: counts.references })] : []),
    ],
    exhibits: exhibitRows(exhibits, listed.decidedOn, counts, texts),
    several: severalOf(exhibits, wishes.shared, counts, texts),
    head:
      caseLog === null
        ? [labelled(exhibits[0]!.label, texts.say('newest-head')), ledger.newestHead()]
        : [texts.say('case-log-head'), caseLog.head],
    notExamined: [...omittedRows(exhibits, texts), ...notExaminedRows(exhibits, texts)],
    method: [texts.say('method-1'), texts.say('method-2'), texts.say('method-3')],
    lists: listRows(exhibits, texts),
    custody: custodySums(exhibits, caseLog, texts),
    custodyLog: isWhole(wishes) ? custodyRows(exhibits, caseLog, texts) : null,
    custodyEvents: ledgers.reduce(
      (sum, one) => sum + one.custody().length,
      caseLog === null ? 0 : caseLog.events.length,
    ),
    digests: digestRows(exhibits, caseLog, texts),
    signatures: signatureLines(exhibits, caseLog, texts),
    check: [
      ...([1, 2, 3, 4] as const).map((step) => texts.say(`check-${step}`)),
      ...(caseLog === null ? [] : [texts.say('check-case')]),
    ],
    leads: leadWords(counts, texts),
    models,
    standards: standardRows(texts, counts.leads > 0 || models.length > 0),
    sign: signatureFields(ledgers, texts),
    diff: wishes.earlier && differenceRows(wishes.earlier, texts),
    charts: chartsOf(ledgers, texts),
    end: texts.say('end'),
  }
}

function stateOf(exhibits: readonly CourtExhibit[], texts: CourtTexts): CourtReport['state'] {
  const bad = exhibits.filter(({ ledger }) => ledgerState(ledger) !== 'sealed')
  return {
    isGood: bad.length === 0,
    words:
      bad.length === 0
        ? texts.say('state-sealed', { several: exhibits.length > 1, records: exhibits.length })
        : bad
            .map(({ ledger, label }) => labelled(label, texts.say(`state-${ledgerState(ledger)}`)))
            .join(' '),
  }
}

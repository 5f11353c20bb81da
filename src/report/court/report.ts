/**
 * The court's edition as data: every sentence made, nothing of it markup, the same for HTML and PDF.
 *
 * Results come first. Listed is what is on a list or was decided on by a person, once a content, with every place; near matches
 * only where a person decided; leads are numbers. What the choice of a person leaves out is said.
 */
import { PRIORITIES } from '../../contracts/finding.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import { decisionsOf } from '../../ledger/custody/decisions.ts'
import { ledgerState } from '../values.ts'
import { type CourtCharts, chartsOf } from './charts.ts'
import { type CourtContent, listedContents } from './contents.ts'
import { countFindings } from './counts.ts'
import type { Lab } from './lab.ts'
import { labRows } from './lab-rows.ts'
import { custodyRows, digestRows, listRows, notExaminedRows, signatureLines } from './record.ts'
import type { Row } from './row.ts'
import { CourtTexts } from './texts.ts'

export interface CourtWishes {
  readonly language: string
  readonly lab: Lab
  /** Globs of paths whose names are not shown. */
  readonly redact: readonly string[]
  /** SHA-256 of the ledger's file; null where it was not computed. */
  readonly ledgerSha256: string | null
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
  readonly notExamined: readonly Row[]
  readonly method: readonly string[]
  readonly lists: readonly Row[]
  readonly custody: readonly Row[]
  readonly digests: readonly Row[]
  readonly signatures: readonly string[]
  readonly check: readonly string[]
  readonly leads: readonly string[]
  readonly charts: CourtCharts
  readonly end: string
}

export function courtReport(ledger: LedgerReader, wishes: CourtWishes): CourtReport {
  const texts = new CourtTexts(wishes.language)
  const english = new CourtTexts('en')
  const counts = countFindings(ledger)
  const made = decisionsOf(ledger.custody())
  const { contents, more, decided, differing } = listedContents(ledger, made, texts, wishes.redact)
  const state = ledgerState(ledger)
  const { caseId, exhibitId } = ledger.case
  const about = `${texts.say('case')} ${caseId}, ${texts.say('exhibit')} ${exhibitId}`
  const { rows, missing } = labRows(ledger, wishes.lab, texts)
  return {
    texts,
    language: texts.of.language,
    title: texts.say('title'),
    about,
    number: wishes.lab.reportNumber ?? null,
    state: { isGood: state === 'sealed', words: texts.say(`state-${state}`) },
    unreviewed: texts.isReviewed ? [] : [texts.say('unreviewed'), english.say('unreviewed')],
    results: resultsOf(ledger, texts, counts, decided, differing),
    lab: rows,
    missing,
    notes: [
      texts.say('only-items'),
      texts.say('in-full'),
      ...(wishes.redact.length > 0 ? [texts.say('redacted', { rules: wishes.redact })] : []),
    ],
    contents,
    moreContents: more > 0 ? texts.say('more-contents', { contents: more }) : null,
    numbers: [
      ...(counts.nearUnconfirmed(made) > 0
        ? [texts.say('near', { contents: counts.nearUnconfirmed(made) })]
        : []),
      ...(counts.conflicts > 0 ? [texts.say('conflicts', { contents: counts.conflicts })] : []),
      ...(counts.references > 0 ? [texts.say('references', { records: counts.references })] : []),
    ],
    notExamined: notExaminedRows(ledger),
    method: [
      texts.say('method-1'),
      texts.say('method-2'),
      texts.say('about-hit'),
      texts.say('about-decision'),
      texts.say('about-model'),
      texts.say('method-3'),
    ],
    lists: listRows(ledger, texts),
    custody: custodyRows(ledger),
    digests: digestRows(ledger, texts, wishes.ledgerSha256),
    signatures: signatureLines(ledger, texts),
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
    charts: chartsOf(ledger, counts),
    end: texts.say('end'),
  }
}

function resultsOf(
  ledger: LedgerReader,
  texts: CourtTexts,
  { listed, places }: { readonly listed: number; readonly places: number },
  decided: number,
  differing: number,
): string[] {
  const { stages } = ledger.summary()
  const read = stages.read.done + stages.read['done-with-warnings']
  const left = stages.read['not-done'] + stages.read['out-of-scope']
  const bytes = ledger.byteClasses()
  const seen = new Set(['allocated', 'metadata', 'partition-tables'])
  const unseen = bytes.reduce((sum, one) => (seen.has(one.class) ? sum : sum + one.bytes), 0)
  return [
    ledger.plan.hashSets.length === 0
      ? texts.say('result-no-lists')
      : listed === 0
        ? texts.say('result-none')
        : texts.say('result-listed', { contents: listed, places }),
    decided === 0
      ? texts.say('result-undecided')
      : texts.say('result-decided', { contents: decided, differing }),
    texts.say('result-examined', { read, left }),
    ...(ledger.exhibit.image && bytes.length > 0
      ? [texts.say('result-bytes', { size: ledger.exhibit.image.sizeBytes, left: unseen })]
      : []),
  ]
}

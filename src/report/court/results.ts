/** The result in sentences, the gravest first, and the same in one table by meaning, list and category. */
import { lacksLists } from '../../contracts/incomplete.ts'
import type { EntryTotals, ExaminationFacts, LedgerReader } from '../../contracts/ledger-reader.ts'
import { sayOfImage } from '../model/image-words.ts'
import { unrecognisedEntries } from '../model/unrecognised.ts'
import { editionWords, listWords } from './content-row.ts'
import type { Listed } from './contents.ts'
import type { Counts } from './counts.ts'
import { type CourtExhibit, labelled } from './exhibits.ts'
import { imageLines, resultLimits } from './image.ts'
import { unseenBytes } from './record.ts'
import type { Row } from './row.ts'
import type { CourtTexts } from './texts.ts'

interface Results extends Counts, Listed {
  /** Contents on more than one exhibit; null where it was not counted. */
  readonly shared: number | null
  /** Contents in quarantine that a list names, and contents that the policy of the case wants settled (CourtWishes). */
  readonly closedListed: number
  readonly unsettled: number
}

export function resultsOf(
  exhibits: readonly CourtExhibit[],
  texts: CourtTexts,
  results: Results,
): readonly string[] {
  const { listedOnSeveral, shared } = results
  const { language } = texts.of
  const ledgers = exhibits.map(({ ledger }) => ledger)
  const [result, ...more] = listedWords(ledgers, texts, results)
  return [
    [result!, ...resultLimits(exhibits, language)].join(' '),
    ...more,
    ...imageLines(exhibits, language).filter((line) => line !== result),
    ...(ledgers.length > 1 ? [texts.say('result-several', { contents: listedOnSeveral })] : []),
    ...(shared === null ? [] : [texts.say('result-shared', { contents: shared })]),
    ...decidedWords(texts, results),
    ...examinedWords(ledgers, texts),
  ]
}

/** Meaning, list and category, contents, places, and how many of the contents by a weak digest alone. */
export function foundRows(
  exhibits: readonly CourtExhibit[],
  { byCategory }: Counts,
  texts: CourtTexts,
): readonly Row[] {
  const { custom } = texts
  return [
    ...byCategory.map(({ hit, contents, places, weak }) => [
      texts.say(`meaning-${hit.meaning}`),
      listWords(hit, texts),
      custom.count(contents),
      custom.count(places),
      weak === 0 ? '–' : custom.count(weak),
    ]),
    ...exhibits.flatMap(({ ledger, label }) =>
      ledger.suppressed().map(({ hashSet, contents }) => {
        const edition = ledger.plan.hashSets.find(({ name }) => name === hashSet)?.edition ?? null
        return [
          texts.say('meaning-known'),
          labelled(label, editionWords(hashSet, edition, texts)),
          custom.count(contents),
          '–',
          '–',
        ]
      }),
    ),
  ]
}

function listedWords(
  ledgers: readonly (ExaminationFacts & EntryTotals)[],
  texts: CourtTexts,
  { byMeaning: { illegal, interest }, weak, ownDecisions, closedListed }: Results,
): string[] {
  if (ledgers.every(({ plan }) => lacksLists(plan)))
    return [sayOfImage('incomplete-no-list', {}, texts.of.language)]
  const exhibits = ledgers.length
  const known = sum(ledgers.flatMap((ledger) => ledger.suppressed().map(({ contents }) => contents)))
  return [
    illegal.contents === 0
      ? texts.say('result-illegal-none', { exhibits })
      : texts.say('result-illegal', { exhibits, ...illegal }),
    interest.contents === 0
      ? texts.say('result-interest-none', { exhibits })
      : texts.say('result-interest', { exhibits, ...interest }),
    ...(ownDecisions === 0 ? [] : [texts.say('result-own-decisions', { contents: ownDecisions })]),
    ...(weak === 0 ? [] : [`${texts.say('result-weak', { contents: weak })} ${texts.say('about-weak')}`]),
    ...(known === 0 ? [] : [texts.say('result-known', { contents: known })]),
    ...(closedListed === 0 ? [] : [texts.say('closed-listed', { contents: closedListed })]),
  ]
}

function decidedWords(
  texts: CourtTexts,
  { decided, differing, unsettled, notPertinent, notPertinentUnseen, sights }: Results,
): string[] {
  if (decided === 0) return [texts.say('result-undecided')]
  return [
    texts.say('result-decided', { contents: decided }),
    ...(differing === 0 ? [] : [texts.say('result-differing', { contents: differing })]),
    ...(unsettled === 0 ? [] : [texts.say('unsettled', { contents: unsettled })]),
    ...(notPertinent === 0
      ? []
      : [texts.say('result-not-pertinent', { contents: notPertinent, unseen: notPertinentUnseen })]),
    ...(sights.unseen === 0 ? [] : [texts.say('result-without-sight', { ...sights })]),
  ]
}

function examinedWords(ledgers: readonly LedgerReader[], texts: CourtTexts): string[] {
  const stages = ledgers.map((ledger) => ledger.summary().stages)
  // An empty file is read, and compared with nothing.
  const read = sum(stages.map(({ matched }) => matched.done + matched['done-with-warnings']))
  const left = sum(stages.map((one) => one.read['not-done'] + one.read['out-of-scope']))
  const unrecognised = sum(ledgers.map(unrecognisedEntries))
  const images = ledgers.filter((ledger) => ledger.exhibit.image && ledger.byteClasses().length > 0)
  return [
    texts.say('result-examined', { read, left }),
    ...(unrecognised === 0 ? [] : [texts.say('result-unrecognised', { entries: unrecognised })]),
    ...(images.length === 0
      ? []
      : [
          texts.say('result-bytes', {
            several: images.length > 1,
            images: images.length,
            size: sum(images.map(({ exhibit }) => exhibit.image!.sizeBytes)),
            left: sum(images.map((ledger) => unseenBytes(ledger.byteClasses()))),
          }),
        ]),
  ]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0)
}

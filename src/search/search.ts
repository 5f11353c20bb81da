/**
 * Searches a ledger: text through the index where there is one; names, attributes and findings always.
 *
 * Every matching place is a result, including copies and members in copies of containers. Results with matching text
 * come first, the nearest before the others (BM25). Then come results with findings, then the stronger priority class,
 * then the evidence path. Few columns of each entry decide in most cases (quick.ts). Views are built only for shown
 * results and where only a view can decide.
 */
import type { LedgerReader } from '../contracts/ledger-reader.ts'
import type { TextPlace } from '../contracts/text-place.ts'
import type { EntryView } from '../contracts/view.ts'
import type { SearchFacts } from '../ledger/read/search-facts.ts'
import { besideOf } from './beside.ts'
import { type Answers, type Asked, askIndex, findingTexts, holds, placeOf } from './conditions.ts'
import { contextOf } from './context.ts'
import { wordsIn } from './leaves.ts'
import type { Condition, Words } from './query.ts'
import { QuickCheck, sha256Of } from './quick.ts'
import { nearTerms } from './spelling.ts'
import type { TextIndex } from './text-index.ts'

export interface SearchResult {
  readonly view: EntryView
  /** `text`, `name`, `attribute`, `finding`: where the first words were found; null when the query has no words. */
  readonly where: 'text' | 'name' | 'attribute' | 'finding' | null
  /** At most 200 characters of context in their original form: every output escapes them once, in its own way. */
  readonly context: string
  /** Where these words stand in a picture; null: not in a picture. */
  readonly inPicture: TextPlace | null
}

export interface SearchAnswer {
  readonly hits: number
  /**
   * Number of further places in copies of copies of containers: they exceed the limit of listed places and were not
   * searched.
   */
  readonly leftOut: bigint
  /** Number of results on the page. */
  readonly shown: number
  /** Built one by one on request. */
  readonly results: () => IterableIterator<SearchResult>
  /** Words of the index that are similar to query words without a match. */
  readonly suggestions: readonly string[]
}

/** Source of entries: the ledger's views one by one, or few columns with views on demand. */
export type Searched =
  | { readonly ledger: LedgerReader }
  | {
      readonly facts: SearchFacts
      /** Whether an entry is privileged; null when no entry is. */
      readonly hides: ((view: EntryView) => boolean) | null
    }

/** @param page number of the page of results, counted from 0; all results are counted */
export function search(
  searched: Searched,
  index: TextIndex | null,
  query: Condition,
  page: { readonly from: number; readonly count: number },
): SearchAnswer {
  const asked = new Map<Words, Asked>()
  for (const words of wordsIn(query)) asked.set(words, askIndex(words, index))
  const answers = { asked, beside: besideOf('facts' in searched ? searched.facts : searched.ledger) }
  const found = [
    ...('facts' in searched ? quickly(searched, query, answers) : slowly(searched, query, answers)),
  ]
  found.sort(compareFound)
  const shown = found.slice(page.from, page.from + page.count)
  return {
    hits: found.length,
    leftOut: found.reduce((sum, { leftOut }) => sum + leftOut, 0n),
    shown: shown.length,
    results: function* () {
      for (const { view } of shown) yield resultOf(view(), query, asked, index)
    },
    suggestions: found.length === 0 && index ? suggestionsFor(query, index) : [],
  }
}

interface Found {
  readonly view: () => EntryView
  /** BM25 over all words of the query; 0 when no text matched, below 0 otherwise. */
  readonly textRank: number
  readonly hasFinding: boolean
  readonly band: number
  readonly path: Buffer
  readonly leftOut: bigint
}

function compareFound(a: Found, b: Found): number {
  return (
    a.textRank - b.textRank ||
    Number(b.hasFinding) - Number(a.hasFinding) ||
    a.band - b.band ||
    Buffer.compare(a.path, b.path)
  )
}

function* slowly(
  { ledger }: { readonly ledger: LedgerReader },
  query: Condition,
  answers: Answers,
): IterableIterator<Found> {
  for (const view of ledger.places())
    if (holds(query, view, answers))
      yield {
        view: () => view,
        textRank: view.content ? textRankOf(view.content.digests.sha256, answers.asked) : 0,
        hasFinding: !findingTexts(view).next().done,
        band: view.entry.band,
        path: view.entry.path.bytes,
        leftOut: view.placesLeftOut,
      }
}

function* quickly(
  { facts, hides }: Extract<Searched, { readonly facts: SearchFacts }>,
  query: Condition,
  answers: Answers,
): IterableIterator<Found> {
  const check = new QuickCheck(query, answers, facts, true)
  for (const entry of facts.entries(check.wantedDigests, check.restriction(facts))) {
    const answer = check.of(entry)
    if (answer === false) continue
    const view = () => facts.viewOf(entry)
    if (answer === null && !holds(query, view(), answers)) continue
    if (hides?.(view())) continue
    const { band, path } = entry
    yield {
      view,
      textRank: textRankOf(sha256Of(entry), answers.asked),
      hasFinding: check.hasFinding(entry),
      band,
      path,
      leftOut: entry.placesLeftOut,
    }
  }
}

function textRankOf(sha256: string, asked: ReadonlyMap<Words, Asked>): number {
  let sum = 0
  for (const { contents } of asked.values()) sum += contents.get(sha256) ?? 0
  return sum
}

function resultOf(
  view: EntryView,
  query: Condition,
  asked: ReadonlyMap<Words, Asked>,
  index: TextIndex | null,
): SearchResult {
  for (const words of wordsIn(query)) {
    const answer = asked.get(words)!
    const place = placeOf(words, view, answer)
    if (!place) continue
    const text = place.written ?? index?.textMatching(view.content!.digests.sha256, answer.expression!) ?? ''
    const { shown, start, end } = contextOf(text, answer, words)
    const places =
      place.written === null && view.content ? (index?.placesOf(view.content.digests.sha256) ?? []) : []
    const inPicture = places.find((one) => one.start < Math.max(end, start + 1) && one.end > start) ?? null
    return { view, where: place.where, context: shown, inPicture }
  }
  return { view, where: null, context: '', inPicture: null }
}

const SUGGESTIONS = 5

function suggestionsFor(query: Condition, index: TextIndex): string[] {
  const words = [...wordsIn(query)].flatMap((one) => one.words)
  const missing = words.filter((word) => index.matching(`"${word.replaceAll('"', '""')}"`).size === 0)
  return missing.flatMap((word) => nearTerms(index, word, SUGGESTIONS))
}

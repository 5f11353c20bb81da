/**
 * Searches a ledger: text through the index where there is one, and names, attributes and findings always.
 *
 * Results come in evidence-path order, every entry that matches, copies too: an order that does not depend on a ranking
 * nobody can explain. Conditions are looked at entry by entry; only words in text are asked of the index, once each.
 */
import picomatch from 'picomatch'
import type { EntryView, LedgerReader } from '../contracts.ts'
import { printName, printPath, printText } from '../evidence-path.ts'
import { foldWords, placedWords, wordsOf } from './fold-words.ts'
import type { Condition, FieldName, Words } from './query.ts'
import { nearTerms } from './spelling.ts'
import type { TextIndex } from './text-index.ts'

export interface SearchResult {
  readonly view: EntryView
  /** `text`, `name`, `attribute`, `finding`: where the first words were found; null when the query has none. */
  readonly where: 'text' | 'name' | 'attribute' | 'finding' | null
  /** At most 200 characters around what was found, printable. */
  readonly context: string
}

export interface SearchAnswer {
  readonly hits: number
  readonly results: readonly SearchResult[]
  /** Words of the index near those that occur nowhere. */
  readonly suggestions: readonly string[]
}

const CONTEXT_CHARS = 200

/** @param page which results to give back, counted from 0; all are counted */
export function search(
  ledger: LedgerReader,
  index: TextIndex | null,
  query: Condition,
  page: { readonly from: number; readonly count: number },
): SearchAnswer {
  const asked = new Map<Words, Asked>()
  for (const words of wordsIn(query)) asked.set(words, askIndex(words, index))
  const results: SearchResult[] = []
  let hits = 0
  for (const view of ledger.entries()) {
    if (!holds(query, view, asked)) continue
    if (hits >= page.from && hits < page.from + page.count) results.push(resultOf(view, query, asked, index))
    hits++
  }
  return { hits, results, suggestions: hits === 0 && index ? suggestionsFor(query, index) : [] }
}

interface Asked {
  /** Expression of FTS5; null when the index holds no word near enough. */
  readonly expression: string | null
  readonly contents: ReadonlySet<string>
  /** Forms of each word that count as it. */
  readonly forms: readonly ReadonlySet<string>[]
}

function* wordsIn(condition: Condition): IterableIterator<Words> {
  if (condition.kind === 'words') yield condition
  else if (condition.kind === 'not') yield* wordsIn(condition.of)
  else if (condition.kind === 'and' || condition.kind === 'or')
    for (const one of condition.of) yield* wordsIn(one)
}

function askIndex(words: Words, index: TextIndex | null): Asked {
  const forms = words.words.map(
    (word) => new Set([word, ...(words.fuzzy && index ? nearTerms(index, word) : [])]),
  )
  const expression = expressionOf(words, forms)
  return { expression, contents: index ? index.matching(expression) : new Set(), forms }
}

/** Every word in quotes: nothing in a query is syntax to SQLite. */
function expressionOf({ words, near, prefix, fuzzy }: Words, forms: readonly ReadonlySet<string>[]): string {
  const quoted = words.map((word) => `"${word.replaceAll('"', '""')}"`)
  if (fuzzy)
    return forms
      .map((any) => `(${[...any].map((form) => `"${form.replaceAll('"', '""')}"`).join(' OR ')})`)
      .join(' AND ')
  if (near !== null) return `NEAR(${quoted.join(' ')}, ${near})`
  return `${quoted.join(' + ')}${prefix ? ' *' : ''}`
}

function holds(condition: Condition, view: EntryView, asked: ReadonlyMap<Words, Asked>): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.of.every((one) => holds(one, view, asked))
    case 'or':
      return condition.of.some((one) => holds(one, view, asked))
    case 'not':
      return !holds(condition.of, view, asked)
    case 'time':
      return inTime(view, condition.from, condition.before)
    case 'field':
      return fieldHolds(condition.field, condition.value, view)
    case 'words':
      return placeOf(condition, view, asked.get(condition)!) !== null
  }
}

function inTime(view: EntryView, from: bigint | null, before: bigint | null): boolean {
  const ns = view.entry.times.modified?.ns
  return ns !== undefined && (from === null || ns >= from) && (before === null || ns < before)
}

interface Place {
  readonly where: Exclude<SearchResult['where'], null>
  /** What it stands in; null: the text in the index. */
  readonly written: string | null
}

function placeOf(words: Words, view: EntryView, asked: Asked): Place | null {
  if (view.content && asked.contents.has(view.content.digests.sha256)) return { where: 'text', written: null }
  if (words.textOnly) return null
  const path = view.entry.path.steps.map(({ name }) => name.toString('utf8')).join(' / ')
  if (standsIn(path, words, asked)) return { where: 'name', written: printPath(view.entry.path) }
  for (const { name, value } of view.attributes)
    if (standsIn(`${name} ${value}`, words, asked))
      return { where: 'attribute', written: `${name}: ${value}` }
  for (const finding of findingTexts(view))
    if (standsIn(finding, words, asked)) return { where: 'finding', written: finding }
  return null
}

function* findingTexts(view: EntryView): IterableIterator<string> {
  for (const { hashSet, meaning, categoryLabel, category } of [...view.hits, ...view.conflicts, ...view.near])
    yield [meaning, hashSet, categoryLabel ?? category ?? ''].join(' ')
  for (const { classifier, label } of view.leads) yield `${classifier} ${label}`
  for (const { classifier, rule, stage, quote } of view.signals)
    yield `${classifier} ${rule} ${stage ?? ''}: ${quote}`
}

function standsIn(text: string, words: Words, { forms }: Asked): boolean {
  const have = wordsOf(text)
  const is = (word: string | undefined, i: number) =>
    word !== undefined &&
    (forms[i]!.has(word) || (words.prefix && i === forms.length - 1 && word.startsWith(words.words[i]!)))
  if (words.near === null) return have.some((_, at) => forms.every((_, i) => is(have[at + i], i)))
  const near = words.near
  return have.some(
    (word, at) =>
      is(word, 0) &&
      forms.every((_, i) => have.some((other, j) => is(other, i) && Math.abs(j - at) <= near + 1)),
  )
}

function fieldHolds(field: FieldName, value: string, view: EntryView): boolean {
  switch (field) {
    case 'name':
      return fits(printName(view.entry.path.steps.at(-1)!.name), value)
    case 'path':
      return fits(printPath(view.entry.path), value)
    case 'type': {
      const type = view.content?.mediaType ?? ''
      return (
        type === value ||
        (value.includes('*') ? fits(type, value) : type.startsWith(`${value}/`) || type.endsWith(`/${value}`))
      )
    }
    case 'hit':
      return [...view.hits, ...view.near, ...view.conflicts].some(
        ({ hashSet, meaning, category, categoryLabel }) =>
          [hashSet, meaning, category ?? '', categoryLabel ?? ''].some(
            (one) => one !== '' && fits(one, value),
          ),
      )
    case 'lead':
      return view.leads.some(({ classifier, label }) => fits(classifier, value) || fits(label, value))
    case 'signal':
      return view.signals.some(
        ({ rule, stage }) => fits(rule, value) || (stage !== null && fits(stage, value)),
      )
    case 'lang':
      return view.attributes.some(({ name, value: is }) => name === 'language' && is === value.toLowerCase())
    case 'attr':
      return view.attributes.some(({ name, value: is }) => fits(`${name}: ${is}`, value))
    case 'digest':
      return view.content !== null && Object.values(view.content.digests).includes(value.toLowerCase())
  }
}

/** Part of it, or the whole of it where the value has `*` or `?`; case and accents do not count. */
function fits(text: string, value: string): boolean {
  const [folded, wanted] = [foldWords(text), foldWords(value)]
  return /[*?]/.test(wanted) ? globFor(wanted)(folded) : folded.includes(wanted)
}

const globs = new Map<string, (text: string) => boolean>()

function globFor(glob: string): (text: string) => boolean {
  const known = globs.get(glob)
  if (known) return known
  const made = picomatch(glob, { dot: true, bash: true, nonegate: true })
  globs.set(glob, made)
  return made
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
    return { view, where: place.where, context: contextOf(text, answer, words) }
  }
  return { view, where: null, context: '' }
}

/** Longest stretch of a text that is looked through for the words. */
const LOOKED_AT_CHARS = 1 << 20

/** The first place with all of the words, else with the most of them, and what stands around it. */
function contextOf(text: string, { forms }: Asked, { words, prefix }: Words): string {
  const found: { readonly i: number; readonly start: number; readonly end: number }[] = []
  for (const { word, start, end } of placedWords(text.slice(0, LOOKED_AT_CHARS))) {
    const i = forms.findIndex(
      (any, n) => any.has(word) || (prefix && n === forms.length - 1 && word.startsWith(words[n]!)),
    )
    if (i !== -1) found.push({ i, start, end })
  }
  let best = { start: 0, end: 0, distinct: 0 }
  for (const [at, first] of found.entries()) {
    const within = found.slice(at, at + 50).filter(({ end }) => end - first.start <= CONTEXT_CHARS)
    const distinct = new Set(within.map(({ i }) => i)).size
    if (distinct > best.distinct) best = { start: first.start, end: within.at(-1)!.end, distinct }
    if (distinct === forms.length) break
  }
  const spare = Math.max(0, CONTEXT_CHARS - (best.end - best.start) - 2)
  const from = Math.max(0, best.start - Math.floor(spare / 2))
  const piece = text.slice(from, from + CONTEXT_CHARS - 2)
  const shown = `${from > 0 ? '…' : ''}${piece.replace(/\s+/g, ' ').trim()}${from + piece.length < text.length ? '…' : ''}`
  return cut(printText(shown), CONTEXT_CHARS)
}

/** Escapes make text longer; the limit holds for what is shown. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}

const SUGGESTIONS = 5

function suggestionsFor(query: Condition, index: TextIndex): string[] {
  const words = [...wordsIn(query)].flatMap((one) => one.words)
  const missing = words.filter((word) => index.matching(`"${word.replaceAll('"', '""')}"`).size === 0)
  return missing.flatMap((word) => nearTerms(index, word, SUGGESTIONS))
}

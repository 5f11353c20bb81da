/** The conditions of a query on an entry: on its text (through the index), its names, its metadata and its findings. */

import { listedPath, printName, printPath } from '../base/evidence-path.ts'
import type { Attribute } from '../contracts/attribute.ts'
import type { Params } from '../contracts/coded.ts'
import type { EvidencePath, Recovered } from '../contracts/entry.ts'
import type { FindingLists } from '../contracts/finding.ts'
import type { EntryStatus } from '../contracts/image.ts'
import type { EntryView } from '../contracts/view.ts'
import { attributeText } from '../findings/attribute.ts'
import { BY_KIND, FINDINGS, listOf } from '../findings/index.ts'
import { fits, isAny, typeFits } from './fits.ts'
import { wordsOf } from './fold-words.ts'
import { isOfCountry, isPositionIn } from './position.ts'
import type { BesideField, Condition, RangeField, WordField, Words } from './query.ts'
import { inRange, type Range } from './range.ts'
import { isSpeechIn } from './speech-share.ts'
import { nearTerms } from './spelling.ts'
import type { TextIndex } from './text-index.ts'

export interface Asked {
  /** FTS5 expression; null when the index contains no word that is near enough. */
  readonly expression: string | null
  /** Rank of each content whose text matches, by SHA-256 in hex: smaller is nearer. */
  readonly contents: ReadonlyMap<string, number>
  /** For each word, its forms that count as a match. */
  readonly forms: readonly ReadonlySet<string>[]
}

/** Answers to conditions that no view contains. */
export interface Answers {
  readonly asked: ReadonlyMap<Words, Asked>
  readonly beside: Beside
}

/** Facts from the custody log, persons of records, and the status of listed files that are not live. */
export interface Beside {
  /** SHA-256 of the contents with such a decision, tag, or person or direction of a record, by the value in the query. */
  readonly among: (field: BesideField, value: string) => ReadonlySet<string>
  /** By the bytes of the listed path, as Latin-1. */
  readonly recovered: () => ReadonlyMap<string, Recovered>
}

export function askIndex(words: Words, index: TextIndex | null): Asked {
  const forms = words.words.map(
    (word) => new Set([word, ...(words.fuzzy && index ? nearTerms(index, word) : [])]),
  )
  const expression = expressionOf(words, forms)
  return { expression, contents: index ? index.ranked(expression) : new Map(), forms }
}

/** Every word in quotes: SQLite treats no part of a query as syntax. */
function expressionOf({ words, near, prefix, fuzzy }: Words, forms: readonly ReadonlySet<string>[]): string {
  const quoted = words.map((word) => `"${word.replaceAll('"', '""')}"`)
  if (fuzzy)
    return forms
      .map((any) => `(${[...any].map((form) => `"${form.replaceAll('"', '""')}"`).join(' OR ')})`)
      .join(' AND ')
  if (near !== null) return `NEAR(${quoted.join(' ')}, ${near})`
  return `${quoted.join(' + ')}${prefix ? ' *' : ''}`
}

/** Whether an entry matches the condition: the slow and simple way. */
export function holds(condition: Condition, view: EntryView, answers: Answers): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.of.every((one) => holds(one, view, answers))
    case 'or':
      return condition.of.some((one) => holds(one, view, answers))
    case 'not':
      return !holds(condition.of, view, answers)
    case 'time':
      return inTime(view.entry.times.modified?.ns, condition.from, condition.before)
    case 'field':
      return fieldHolds(condition.field, condition.value, view)
    case 'words':
      return placeOf(condition, view, answers.asked.get(condition)!) !== null
    case 'range':
      return rangeHolds(condition.field, condition.range, view)
    case 'status':
      return statusHolds(condition.status, view.entry.path, answers.beside)
    case 'decided':
    case 'tag':
    case 'person':
    case 'direction':
      return isAmong(condition, view.content?.digests.sha256, answers.beside)
  }
}

function rangeHolds(field: RangeField, range: Range | null, view: EntryView): boolean {
  switch (field) {
    case 'size':
      return sizeHolds(view.entry.kind, Number(view.entry.sizeBytes), range)
    case 'score':
      return scoreHolds(range, view)
    case 'priority':
      return priorityHolds(view.ranked.priority, range)
  }
}

export function sizeHolds(kind: string, sizeBytes: number, range: Range | null): boolean {
  return kind === 'file' && range !== null && inRange(sizeBytes, range)
}

export function scoreHolds(range: Range | null, { leads }: Pick<FindingsOf, 'leads'>): boolean {
  return range !== null && leads.some(({ scorePer10k }) => inRange(scorePer10k / 10_000, range))
}

export function priorityHolds(priority: number | null, range: Range | null): boolean {
  return range === null ? priority === null : priority !== null && inRange(priority, range)
}

/** Status of the listed file at the place, or of the listed file that contains the place. */
function statusOf(path: EvidencePath, { recovered }: Beside): EntryStatus {
  return recovered().get(listedPath(path).bytes.toString('latin1'))?.status ?? 'live'
}

/**
 * `deleted` matches every deleted file, in any state and however it was found; the other values match only themselves.
 */
export function statusHolds(asked: string, path: EvidencePath, beside: Beside): boolean {
  const status = statusOf(path, beside)
  return asked === 'deleted' ? status !== 'live' : status === asked
}

/** @param sha256 digest of the content, where one was read */
export function isAmong(
  { kind, value }: { readonly kind: BesideField; readonly value: string },
  sha256: string | undefined,
  { among }: Beside,
): boolean {
  if (sha256 === undefined || sha256 === '') return false
  return value.toLowerCase() === 'none' ? !among(kind, 'any').has(sha256) : among(kind, value).has(sha256)
}

/** @param ns null or undefined when there is no time */
export function inTime(ns: bigint | null | undefined, from: bigint | null, before: bigint | null): boolean {
  return ns !== undefined && ns !== null && (from === null || ns >= from) && (before === null || ns < before)
}

interface Place {
  readonly where: 'text' | 'name' | 'attribute' | 'finding'
  /** The text that contains the words; null for the text in the index. */
  readonly written: string | null
}

export function placeOf(words: Words, view: EntryView, asked: Asked): Place | null {
  if (view.content && asked.contents.has(view.content.digests.sha256)) return { where: 'text', written: null }
  if (words.textOnly) return null
  const names = namesOf(view.entry.path)
  if (standsIn(names, words, asked)) return { where: 'name', written: names }
  for (const attribute of view.attributes) {
    const written = attributeText(attribute)
    if (standsIn(written, words, asked)) return { where: 'attribute', written }
  }
  for (const finding of findingTexts(view))
    if (standsIn(finding, words, asked)) return { where: 'finding', written: finding }
  return null
}

/** The last name of a path: without the folders above it, on the exhibit or in an archive. */
export function baseName({ steps }: EvidencePath): Buffer {
  const { name } = steps.at(-1)!
  return name.subarray(name.lastIndexOf('/') + 1)
}

/** All names of a path, as words to search in. */
export function namesOf(path: EvidencePath): string {
  return path.steps.map(({ name }) => name.toString('utf8')).join(' / ')
}

export type FindingsOf = FindingLists & Pick<EntryView, 'leads'>

const WITH_WORDS = FINDINGS.filter(({ kind }) => kind !== 'attribute' && kind !== 'score')

/** Texts of every finding except attributes, which are searched separately. */
export function* findingTexts(view: FindingsOf): IterableIterator<string> {
  for (const kind of WITH_WORDS)
    if (kind.searchText) for (const finding of listOf(view, kind)) yield kind.searchText(finding)
  for (const lead of view.leads) yield BY_KIND.score.searchText!({ kind: 'score', ...lead })
}

export function standsIn(text: string, words: Words, { forms }: Asked): boolean {
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

function fieldHolds(field: WordField, value: string, view: EntryView): boolean {
  switch (field) {
    case 'name':
      return fits(printName(baseName(view.entry.path)), value)
    case 'path':
      return fits(printPath(view.entry.path), value)
    case 'type':
      return typeFits(view.content?.mediaType ?? '', value)
    case 'digest':
      return view.content !== null && Object.values(view.content.digests).includes(value.toLowerCase())
    default:
      return findingHolds(field, value, view)
  }
}

/** Evaluates the fields that concern findings only. */
export function findingHolds(field: WordField, value: string, view: FindingsOf): boolean {
  switch (field) {
    case 'hit':
      return [...view.hits, ...view.near, ...view.conflicts, ...view.references].some(
        ({ hashSet, meaning, category, categoryLabel }) =>
          isNamed([hashSet, meaning, category, categoryLabel], value),
      )
    case 'lead':
      return view.leads.some(({ classifier, label }) => isNamed([classifier, label], value))
    case 'signal':
      return view.signals.some(({ rule, stage }) => isNamed([rule, stage], value))
    case 'lang':
      return view.attributes.some(
        (one) => one.code === 'language' && one.params.language === value.toLowerCase(),
      )
    case 'camera':
      return view.attributes.some((one) => one.code.startsWith('camera-') && fits(valuesOf(one), value))
    case 'gps':
      return view.attributes.some((one) => isPositionIn(one, value))
    case 'country':
      return view.attributes.some((one) => isOfCountry(one, value))
    case 'speech':
      return view.attributes.some((one) => isSpeechIn(one, value))
    case 'attr':
      return view.attributes.some((one) => fits(attributeText(one), value))
    default:
      return false
  }
}

function isNamed(names: readonly (string | null)[], value: string): boolean {
  return isAny(value) || names.some((name) => name !== null && name !== '' && fits(name, value))
}

function valuesOf({ params }: Attribute): string {
  return Object.values(params as Params).join(' ')
}

/** What a query asks of an entry: conditions on its text (through the index), its names, its metadata and its findings. */

import picomatch from 'picomatch'
import { printName, printPath } from '../base/evidence-path.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { FindingLists } from '../contracts/finding.ts'
import type { EntryView } from '../contracts/view.ts'
import { attributeText } from '../findings/attribute.ts'
import { BY_KIND, FINDINGS, listOf } from '../findings/index.ts'
import { foldWords, wordsOf } from './fold-words.ts'
import type { Condition, FieldName, Words } from './query.ts'
import { nearTerms } from './spelling.ts'
import type { TextIndex } from './text-index.ts'

export interface Asked {
  /** Expression of FTS5; null when the index holds no word near enough. */
  readonly expression: string | null
  /** Rank of each content whose text matches, by SHA-256 in hex: smaller is nearer. */
  readonly contents: ReadonlyMap<string, number>
  /** Forms of each word that count as it. */
  readonly forms: readonly ReadonlySet<string>[]
}

export function* wordsIn(condition: Condition): IterableIterator<Words> {
  if (condition.kind === 'words') yield condition
  else if (condition.kind === 'not') yield* wordsIn(condition.of)
  else if (condition.kind === 'and' || condition.kind === 'or')
    for (const one of condition.of) yield* wordsIn(one)
}

export function askIndex(words: Words, index: TextIndex | null): Asked {
  const forms = words.words.map(
    (word) => new Set([word, ...(words.fuzzy && index ? nearTerms(index, word) : [])]),
  )
  const expression = expressionOf(words, forms)
  return { expression, contents: index ? index.ranked(expression) : new Map(), forms }
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

/** Whether an entry is what is asked for: the slow and obvious way. */
export function holds(condition: Condition, view: EntryView, asked: ReadonlyMap<Words, Asked>): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.of.every((one) => holds(one, view, asked))
    case 'or':
      return condition.of.some((one) => holds(one, view, asked))
    case 'not':
      return !holds(condition.of, view, asked)
    case 'time':
      return inTime(view.entry.times.modified?.ns, condition.from, condition.before)
    case 'field':
      return fieldHolds(condition.field, condition.value, view)
    case 'words':
      return placeOf(condition, view, asked.get(condition)!) !== null
  }
}

/** @param ns null or undefined: it has no time */
export function inTime(ns: bigint | null | undefined, from: bigint | null, before: bigint | null): boolean {
  return ns !== undefined && ns !== null && (from === null || ns >= from) && (before === null || ns < before)
}

interface Place {
  readonly where: 'text' | 'name' | 'attribute' | 'finding'
  /** What it stands in; null: the text in the index. */
  readonly written: string | null
}

export function placeOf(words: Words, view: EntryView, asked: Asked): Place | null {
  if (view.content && asked.contents.has(view.content.digests.sha256)) return { where: 'text', written: null }
  if (words.textOnly) return null
  if (standsIn(namesOf(view.entry.path), words, asked))
    return { where: 'name', written: printPath(view.entry.path) }
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

/** All names of a path, as words to be looked through. */
export function namesOf(path: EvidencePath): string {
  return path.steps.map(({ name }) => name.toString('utf8')).join(' / ')
}

export type FindingsOf = FindingLists & Pick<EntryView, 'leads'>

const WITH_WORDS = FINDINGS.filter(({ kind }) => kind !== 'attribute' && kind !== 'score')

/** Of every finding but attributes, which are looked through apart. */
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

export function fieldHolds(field: FieldName, value: string, view: EntryView): boolean {
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

/** The fields that speak of findings alone. */
export function findingHolds(field: FieldName, value: string, view: FindingsOf): boolean {
  switch (field) {
    case 'hit':
      return [...view.hits, ...view.near, ...view.conflicts, ...view.references].some(
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
      return view.attributes.some(
        (one) => one.code === 'language' && one.params.language === value.toLowerCase(),
      )
    case 'attr':
      return view.attributes.some((one) => fits(attributeText(one), value))
    default:
      return false
  }
}

/** `image`, `image/*`, `image/jpeg` or `jpeg`. */
export function typeFits(type: string, value: string): boolean {
  if (type === value) return true
  return value.includes('*') ? fits(type, value) : type.startsWith(`${value}/`) || type.endsWith(`/${value}`)
}

/** Part of it, or the whole of it where the value has `*` or `?`; case and accents do not count. */
export function fits(text: string, value: string): boolean {
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

/**
 * The query language of `seized search`: parses text into a tree of conditions. SQLite never receives the text as
 * written: words are folded and quoted one by one.
 *
 *   word   "a phrase"   pref*   ~speling   NEAR(one two, 5)   a OR b   NOT a  or  -a   (a b) c
 *   and the fields of fields.ts, field:value
 */
import { UsageError } from '../base/errors.ts'
import type { EntryStatus } from '../contracts/image.ts'
import { FIELD_NAMES, FIELD_TABLE, type FieldName, isField } from './fields.ts'
import { wordsOf } from './fold-words.ts'
import { boxIn } from './position.ts'
import { parseRange, type Range } from './range.ts'
import { speechBounds } from './speech-share.ts'
import { type Token, tokensOf } from './tokens.ts'

/** Words that are searched together, in the text and in all other words of an entry. */
export interface Words {
  readonly kind: 'words'
  /** In sequence (phrase), or within `near` words of each other. */
  readonly words: readonly string[]
  readonly near: number | null
  /** True: the last word is a prefix. */
  readonly prefix: boolean
  /** True: similar spellings match too. */
  readonly fuzzy: boolean
  /** True: search in the text only. */
  readonly textOnly: boolean
}

export type RangeField = 'size' | 'score' | 'priority'

/** Fields that are answered with contents, from outside their entries. */
export type BesideField = (typeof BESIDE)[number]

const BESIDE = ['decided', 'tag', 'person', 'direction'] as const

/** Fields that are compared as words. */
export type WordField = Exclude<FieldName, RangeField | 'text' | 'from' | 'to' | 'status' | BesideField>

export type Condition =
  | Words
  | { readonly kind: 'field'; readonly field: WordField; readonly value: string }
  | { readonly kind: 'status'; readonly status: string }
  | { readonly kind: BesideField; readonly value: string }
  /** A null range: the entry has no value. */
  | { readonly kind: 'range'; readonly field: RangeField; readonly range: Range | null }
  /** Bounds on the modified time, in nanoseconds since 1970. */
  | { readonly kind: 'time'; readonly from: bigint | null; readonly before: bigint | null }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }

export function isBeside(kind: Condition['kind']): kind is BesideField {
  return BESIDE.some((field) => field === kind)
}

const DEFAULT_NEAR = 10
const MAX_NEAR = 1000
const MAX_DEPTH = 50

/** @throws UsageError that names the part that could not be parsed */
export function parseQuery(query: string): Condition {
  const parser = new QueryParser(tokensOf(query))
  const condition = parser.or(0)
  if (!parser.atEnd)
    throw new UsageError(`The query goes on after what it means: "${parser.peek()}" was not expected.`)
  return condition
}

class QueryParser {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length
  }

  peek(): string {
    return this.#tokens[this.#at]?.text ?? 'the end'
  }

  or(depth: number): Condition {
    if (depth > MAX_DEPTH) throw new UsageError('The query has too many parentheses inside each other.')
    const of = [this.#and(depth)]
    while (this.#takeWord('OR')) of.push(this.#and(depth))
    return of.length === 1 ? of[0]! : { kind: 'or', of }
  }

  #and(depth: number): Condition {
    const of = [this.#not(depth)]
    while (!this.atEnd && !this.#is('close') && !this.#isWord('OR')) {
      this.#takeWord('AND')
      of.push(this.#not(depth))
    }
    return of.length === 1 ? of[0]! : { kind: 'and', of }
  }

  #not(depth: number): Condition {
    if (this.#takeWord('NOT')) return { kind: 'not', of: this.#not(depth) }
    return this.#unit(depth)
  }

  #unit(depth: number): Condition {
    const token = this.#tokens[this.#at++]
    if (!token) throw new UsageError('The query ends where a word was expected.')
    if (token.kind === 'open') {
      const inner = this.or(depth + 1)
      this.#expect('close', ')')
      return inner
    }
    if (token.kind === 'quoted') return wordsFrom(token.text, token.text)
    if (token.kind !== 'word')
      throw new UsageError(`A word was expected where the query has "${token.text}".`)
    if (token.text === 'NEAR' && this.#is('open')) return this.#near()
    if (token.text.startsWith('-') && token.text.length > 1) {
      this.#at--
      const rest = { ...token, text: token.text.slice(1) }
      return { kind: 'not', of: this.#plain(rest) }
    }
    this.#at--
    return this.#plain(token)
  }

  /** Parses a word or `field:value`, where the value may be quoted, and moves past it. */
  #plain(token: Token): Condition {
    this.#at++
    const colon = token.text.indexOf(':')
    const field = colon > 0 ? token.text.slice(0, colon).toLowerCase() : ''
    if (!isField(field)) {
      if (/^[a-z][a-z-]*$/.test(field))
        throw new UsageError(
          `There is no field ${field}: the fields are ${FIELD_NAMES.join(', ')}. What is to be looked for with its colon is put in quotation marks.`,
        )
      return wordFrom(token.text)
    }
    let value = token.text.slice(colon + 1)
    const next = this.#tokens[this.#at]
    const quoted = value === '' && next?.kind === 'quoted' && next.glued
    if (quoted) {
      value = next.text
      this.#at++
    }
    if (value === '') throw new UsageError(`The field ${field}: needs a value.`)
    return fieldFrom(field, value, quoted)
  }

  #near(): Words {
    this.#at++
    const words: string[] = []
    while (!this.#is('close') && !this.#is('comma') && !this.atEnd)
      words.push(...wordsOf(this.#tokens[this.#at++]!.text))
    let near = DEFAULT_NEAR
    if (this.#is('comma')) {
      const text = this.#tokens[this.#at + 1]?.text ?? ''
      near = Number(text)
      this.#at += 2
      if (!Number.isInteger(near) || near < 0 || near > MAX_NEAR)
        throw new UsageError(`NEAR takes a number of words from 0 to ${MAX_NEAR}, not "${text}".`)
    }
    this.#expect('close', ')')
    if (words.length < 2) throw new UsageError('NEAR takes two words or more: NEAR(one two, 5).')
    return { kind: 'words', words, near, prefix: false, fuzzy: false, textOnly: false }
  }

  #is(kind: Token['kind']): boolean {
    return this.#tokens[this.#at]?.kind === kind
  }

  #isWord(text: string): boolean {
    return this.#is('word') && this.peek() === text
  }

  #takeWord(text: string): boolean {
    if (!this.#isWord(text)) return false
    this.#at++
    return true
  }

  #expect(kind: Token['kind'], text: string): void {
    if (!this.#is(kind)) throw new UsageError(`The query needs a "${text}" where it has "${this.peek()}".`)
    this.#at++
  }
}

function wordFrom(text: string): Words {
  const fuzzy = text.startsWith('~')
  const prefix = text.endsWith('*')
  return { ...wordsFrom(text.slice(fuzzy ? 1 : 0, prefix ? -1 : undefined), text), prefix, fuzzy }
}

function wordsFrom(text: string, asGiven: string): Words {
  const words = wordsOf(text)
  if (words.length === 0) throw new UsageError(`"${asGiven}" holds no word to search for.`)
  return { kind: 'words', words, near: null, prefix: false, fuzzy: false, textOnly: false }
}

function fieldFrom(field: FieldName, value: string, quoted: boolean): Condition {
  if (field === 'text') return { ...(quoted ? wordsFrom(value, value) : wordFrom(value)), textOnly: true }
  if (field === 'from') return { kind: 'time', from: nanosOf(value, false), before: null }
  if (field === 'to') return { kind: 'time', from: null, before: nanosOf(value, true) }
  if (field === 'decided' || field === 'tag' || field === 'person') return { kind: field, value }
  if (field === 'status') return { kind: 'status', status: oneOf(field, value, STATUSES) }
  if (field === 'direction') return { kind: field, value: oneOf(field, value, DIRECTIONS) }
  // A box that cannot be parsed is refused here rather than at the first content.
  if (field === 'gps') boxIn(value)
  if (field === 'speech') speechBounds(value)
  if (field === 'size' || field === 'score' || field === 'priority') {
    const none = field === 'priority' && value.toLowerCase() === 'none'
    return {
      kind: 'range',
      field,
      range: none ? null : parseRange(field, value, FIELD_TABLE[field].range),
    }
  }
  return { kind: 'field', field, value }
}

function oneOf(field: FieldName, value: string, known: readonly string[]): string {
  const one = value.toLowerCase()
  if (!known.includes(one)) throw new UsageError(`${field}: takes ${known.join(', ')}, not "${value}".`)
  return one
}

const DIRECTIONS = ['sent', 'received', 'shared', 'any', 'none'] as const
const STATUSES: readonly EntryStatus[] = ['live', 'deleted', 'deleted-overwritten', 'orphan', 'carved']

const DAY_MS = 86_400_000

/** @param end true: a day as upper bound is included completely; an instant is itself the bound */
function nanosOf(value: string, end: boolean): bigint {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(value)
  const ms = Date.parse(isDay || /([zZ]|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`)
  if (Number.isNaN(ms)) throw new UsageError(`"${value}" is no date: use 2026-11-24 or 2026-11-24T08:00.`)
  return BigInt(end && isDay ? ms + DAY_MS : ms) * 1_000_000n + (end && !isDay ? 1n : 0n)
}

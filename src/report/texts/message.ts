/**
 * Messages with parameters, in the part of the ICU MessageFormat notation that reports need: `{name}`, `{count,
 * plural, one {# file} other {# files}}`, `{kind, select, a {…} other {…}}`, and `{name, format}` for the formats
 * below. A missing parameter selects `absent`, an empty list `empty`, or `other` where there is no such case.
 *
 * @see https://unicode-org.github.io/icu/userguide/format_parse/messages/
 */
import type { Param, Params } from '../../contracts/coded.ts'
import { type Custom, PLAIN } from './custom.ts'

type Piece =
  | string
  | { readonly name: string; readonly format: string | null }
  | {
      readonly name: string
      readonly kind: 'plural' | 'select'
      readonly cases: ReadonlyMap<string, readonly Piece[]>
    }

export class Message {
  readonly #pieces: readonly Piece[]
  readonly #language: string
  readonly #custom: Custom

  /** @throws SyntaxError for a message that is not in this notation */
  constructor(text: string, language: string, custom: Custom = PLAIN) {
    this.#pieces = new Parser(text).whole()
    this.#language = language
    this.#custom = custom
  }

  /** Names of all parameters in the message, each once. */
  get parameters(): readonly string[] {
    return [...new Set(namesIn(this.#pieces))]
  }

  write(params: Params): string {
    return this.#write(this.#pieces, params, null).trim()
  }

  #write(pieces: readonly Piece[], params: Params, count: Param | null): string {
    return pieces.map((piece) => this.#piece(piece, params, count)).join('')
  }

  #piece(piece: Piece, params: Params, count: Param | null): string {
    if (typeof piece === 'string')
      return count === null ? piece : piece.replaceAll('#', this.#custom.count(Number(count)))
    const value = params[piece.name]
    if (!('cases' in piece)) return value === undefined ? '' : this.#formatted(value, piece.format)
    const plural = piece.kind === 'plural'
    const key =
      value === undefined
        ? 'absent'
        : Array.isArray(value) && value.length === 0
          ? 'empty'
          : plural
            ? new Intl.PluralRules(this.#language).select(Number(value))
            : String(value)
    const chosen = piece.cases.get(key) ?? piece.cases.get('other') ?? []
    return this.#write(chosen, params, plural && value !== undefined ? value : count)
  }

  #formatted(value: Param, format: string | null): string {
    if (Array.isArray(value)) return listed(value, this.#language)
    return format === null ? String(value) : FORMATS[format]!(Number(value), this.#custom)
  }
}

const FORMATS: Readonly<Record<string, (value: number, custom: Custom) => string>> = {
  number: (value, custom) => custom.count(value),
  bytes: (value, custom) => custom.bytes(value),
  score: (value, custom) => custom.score(value),
  /** Milliseconds as `1:02:03.004`. */
  clock,
  /** Per 1,000 seconds as per second. */
  rate: (value) => (value / 1000).toFixed(2),
}

/** The first ten items, and how many more there are. */
function listed(items: readonly (string | number | boolean)[], language: string): string {
  const more = items.length - LISTED
  const rest = language === 'en' ? ` and ${more} more` : `, … (+${more})`
  return `${items.slice(0, LISTED).join(', ')}${more > 0 ? rest : ''}`
}

const LISTED = 10

function clock(ms: number): string {
  const whole = Math.round(ms)
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(whole / 3_600_000)
  const minutes = Math.floor(whole / 60_000) % 60
  const seconds = Math.floor(whole / 1000) % 60
  return `${hours}:${two(minutes)}:${two(seconds)}.${String(whole % 1000).padStart(3, '0')}`
}

function namesIn(pieces: readonly Piece[]): string[] {
  return pieces.flatMap((piece) =>
    typeof piece === 'string'
      ? []
      : [piece.name, ...('cases' in piece ? [...piece.cases.values()].flatMap(namesIn) : [])],
  )
}

class Parser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): Piece[] {
    const pieces = this.#pieces()
    if (this.#at < this.#text.length) throw this.#error('a } that closes nothing')
    return pieces
  }

  /** Parses up to the closing `}`, or to the end. */
  #pieces(): Piece[] {
    const pieces: Piece[] = []
    while (this.#at < this.#text.length && this.#text[this.#at] !== '}') {
      if (this.#text[this.#at] === '{') pieces.push(this.#argument())
      else pieces.push(this.#take(/[^{}]+/y))
    }
    return pieces
  }

  #argument(): Piece {
    this.#take(/\{\s*/y)
    const name = this.#take(/[A-Za-z][A-Za-z0-9]*/y)
    if (this.#try(/\s*\}/y)) return { name, format: null }
    this.#take(/\s*,\s*/y)
    const format = this.#take(/[a-z]+/y)
    if (this.#try(/\s*\}/y)) {
      if (!Object.hasOwn(FORMATS, format)) throw this.#error(`no format ${format}`)
      return { name, format }
    }
    if (format !== 'plural' && format !== 'select') throw this.#error(`no format ${format}`)
    this.#take(/\s*,\s*/y)
    // A map, because a parameter may contain any text, including the name of a property that every object has.
    const cases = new Map<string, readonly Piece[]>()
    while (!this.#try(/\s*\}/y)) {
      const key = this.#take(/\s*[A-Za-z0-9-]+/y).trim()
      this.#take(/\s*\{/y)
      cases.set(key, this.#pieces())
      this.#take(/\}/y)
    }
    return { name, kind: format, cases }
  }

  #try(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found) this.#at += found[0].length
    return found !== null
  }

  #take(pattern: RegExp): string {
    const start = this.#at
    if (!this.#try(pattern)) throw this.#error('something else is expected')
    return this.#text.slice(start, this.#at)
  }

  #error(what: string): SyntaxError {
    return new SyntaxError(`Message “${this.#text}”, at ${this.#at}: ${what}.`)
  }
}

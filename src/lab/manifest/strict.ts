/** Reads a file of settings strictly: an unknown key, a missing one or one of another kind is refused with its line. */
import { readFileSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { type Json, readJson } from './json-lines.ts'

export interface StrictFile {
  readonly text: string
  readonly root: Field
}

/** @throws UsageError when the file cannot be read, is no JSON, or is larger than any file written by hand */
export function readStrict(file: string): StrictFile {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new UsageError(`${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, { cause })
  }
  return parseStrict(text, file)
}

const LONGEST = 16 << 20

/** @param name name of the file in errors */
export function parseStrict(text: string, name: string): StrictFile {
  if (text.length > LONGEST)
    throw new UsageError(`${name} is longer than 16 MiB: it is no manifest and no configuration.`)
  try {
    return { text, root: new Field(name, '', readJson(text)) }
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new UsageError(`${name}, ${cause.message}.`, { cause })
  }
}

export class Field {
  readonly #name: string
  readonly #where: string
  readonly #json: Json

  constructor(name: string, where: string, json: Json) {
    this.#name = name
    this.#where = where
    this.#json = json
  }

  fail(what: string): never {
    const where = this.#where === '' ? '' : `${this.#where}: `
    throw new UsageError(printText(`${this.#name}, line ${this.#json.line}: ${where}${what}.`))
  }

  /** @returns each given key; a key in neither list is refused */
  object<R extends string, O extends string = never>(
    required: readonly R[],
    optional: readonly O[] = [],
  ): { readonly [K in R]: Field } & { readonly [K in O]?: Field } {
    const map = this.#map()
    const known: readonly string[] = [...required, ...optional]
    for (const [key, json] of map)
      if (!known.includes(key))
        new Field(this.#name, this.#where, json).fail(
          `unknown key "${key}"; it knows ${known.map((one) => `"${one}"`).join(', ')}`,
        )
    for (const key of required) if (!map.has(key)) this.fail(`the key "${key}" is missing`)
    return Object.fromEntries([...map].map(([key, json]) => [key, this.#inner(key, json)])) as {
      readonly [K in R]: Field
    } & { readonly [K in O]?: Field }
  }

  /** Keys that a person chose. */
  entries(): readonly (readonly [key: string, field: Field])[] {
    return [...this.#map()].map(([key, json]) => [key, this.#inner(key, json)])
  }

  list(): readonly Field[] {
    const { value } = this.#json
    if (!Array.isArray(value)) return this.fail('a list is expected')
    return (value as readonly Json[]).map(
      (json, i) => new Field(this.#name, `${this.#where}[${i + 1}]`, json),
    )
  }

  get isNull(): boolean {
    return this.#json.value === null
  }

  /** @param longest in characters; control characters are refused */
  text(longest = 200): string {
    const { value } = this.#json
    if (typeof value !== 'string' || value.trim() === '') return this.fail('a text is expected')
    if (value.length > longest) this.fail(`longer than ${longest} characters`)
    if (/\p{Cc}/u.test(value)) this.fail('it holds a control character')
    return value
  }

  matching(pattern: RegExp, what: string): string {
    const text = this.text()
    return pattern.test(text) ? text : this.fail(`${what}, not "${text}"`)
  }

  oneOf<const T extends string>(words: readonly T[]): T {
    const { value } = this.#json
    return words.find((word) => word === value) ?? this.fail(`one of ${words.join(', ')} is expected`)
  }

  flag(): boolean {
    const { value } = this.#json
    return typeof value === 'boolean' ? value : this.fail('true or false is expected')
  }

  integer(least: number, most: number): number {
    const { value } = this.#json
    return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? value
      : this.fail(`a whole number from ${least} to ${most} is expected`)
  }

  #map(): ReadonlyMap<string, Json> {
    const { value } = this.#json
    return value instanceof Map ? value : this.fail('an object is expected')
  }

  #inner(key: string, json: Json): Field {
    return new Field(this.#name, this.#where === '' ? key : `${this.#where}.${key}`, json)
  }
}

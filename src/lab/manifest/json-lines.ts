/** JSON with the line of every value, so that errors name their line. */

export interface Json {
  /** From 1. */
  readonly line: number
  readonly value: string | number | boolean | null | readonly Json[] | ReadonlyMap<string, Json>
}

/** @throws SyntaxError with the line in its words: invalid JSON, a repeated key, more than 32 levels */
export function readJson(text: string): Json {
  const reader = new Reader(text)
  const json = reader.value(0)
  reader.end()
  return json
}

const DEEPEST = 32
const SPACE = /[ \t\r\n]*/y
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y

class Reader {
  readonly #text: string
  #at = 0
  #line = 1

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): Json {
    this.#space()
    if (depth > DEEPEST) this.#fail('nested too deeply')
    const line = this.#line
    if (this.#taken('{')) return { line, value: this.#object(depth) }
    if (this.#taken('[')) return { line, value: this.#array(depth) }
    const token = this.#match(STRING) ?? this.#match(NUMBER) ?? this.#match(WORD)
    if (token === null) return this.#fail('a value is expected')
    return { line, value: JSON.parse(token) as string | number | boolean | null }
  }

  end(): void {
    this.#space()
    if (this.#at < this.#text.length) this.#fail('something follows the end')
  }

  #object(depth: number): ReadonlyMap<string, Json> {
    const map = new Map<string, Json>()
    this.#space()
    if (this.#taken('}')) return map
    for (;;) {
      this.#space()
      const token = this.#match(STRING)
      if (token === null) return this.#fail('a key in double quotes is expected')
      const key = JSON.parse(token) as string
      if (map.has(key)) this.#fail(`the key "${key}" stands twice`)
      this.#space()
      if (!this.#taken(':')) this.#fail('a colon is expected')
      const line = this.#line
      const { value } = this.value(depth + 1)
      map.set(key, { line, value })
      this.#space()
      if (this.#taken('}')) return map
      if (!this.#taken(',')) this.#fail('a comma or the end of an object is expected')
    }
  }

  #array(depth: number): readonly Json[] {
    const items: Json[] = []
    this.#space()
    if (this.#taken(']')) return items
    for (;;) {
      items.push(this.value(depth + 1))
      this.#space()
      if (this.#taken(']')) return items
      if (!this.#taken(',')) this.#fail('a comma or the end of a list is expected')
    }
  }

  #taken(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found === null) return null
    this.#at += found[0].length
    return found[0]
  }

  #space(): void {
    const passed = this.#match(SPACE) ?? ''
    for (const character of passed) if (character === '\n') this.#line++
  }

  #fail(what: string): never {
    throw new SyntaxError(`line ${this.#line}: ${what}`)
  }
}

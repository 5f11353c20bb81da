/** The text in which LVM2 writes its metadata: sections in braces, `key = value`, lists in brackets, `#` to the end of a line. */

export type ConfigValue = string | number | readonly (string | number)[]
export interface ConfigSection {
  readonly values: ReadonlyMap<string, ConfigValue>
  readonly sections: ReadonlyMap<string, ConfigSection>
}

const TOKEN = /\s*(?:#[^\n]*\n\s*)*(?:([A-Za-z0-9_.+-]+)|"((?:[^"\\]|\\.)*)"|([{}=[\],]))/y
const MOST_DEPTH = 8
const MOST_TOKENS = 1_000_000

/** Null: not in this notation. */
export function parseConfig(text: string): ConfigSection | null {
  const tokens = [...tokensOf(text)]
  const [section, end] = sectionAt(tokens, 0, 0) ?? []
  return section !== undefined && end === tokens.length ? section : null
}

interface Token {
  readonly kind: 'word' | 'text' | 'mark'
  readonly text: string
}

function* tokensOf(text: string): Iterable<Token> {
  TOKEN.lastIndex = 0
  for (let count = 0; count < MOST_TOKENS; count++) {
    const found = TOKEN.exec(text)
    if (found === null) return
    const [, word, quoted, mark] = found
    if (word !== undefined) yield { kind: 'word', text: word }
    else if (quoted !== undefined) yield { kind: 'text', text: quoted.replace(/\\(.)/g, '$1') }
    else yield { kind: 'mark', text: mark! }
  }
}

function sectionAt(tokens: readonly Token[], from: number, depth: number): [ConfigSection, number] | null {
  if (depth > MOST_DEPTH) return null
  const values = new Map<string, ConfigValue>()
  const sections = new Map<string, ConfigSection>()
  let at = from
  while (at < tokens.length && tokens[at]!.text !== '}') {
    const name = tokens[at]!
    const next = tokens[at + 1]?.text
    if (name.kind === 'mark') return null
    if (next === '{') {
      const inner = sectionAt(tokens, at + 2, depth + 1)
      if (inner === null || tokens[inner[1]]?.text !== '}') return null
      sections.set(name.text, inner[0])
      at = inner[1] + 1
    } else if (next === '=') {
      const value = valueAt(tokens, at + 2)
      if (value === null) return null
      values.set(name.text, value[0])
      at = value[1]
    } else return null
  }
  return [{ values, sections }, at]
}

function valueAt(tokens: readonly Token[], at: number): [ConfigValue, number] | null {
  const first = tokens[at]
  if (first === undefined) return null
  if (first.kind !== 'mark') return [scalar(first), at + 1]
  if (first.text !== '[') return null
  const list: (string | number)[] = []
  for (let next = at + 1; next < tokens.length; next++) {
    const token = tokens[next]!
    if (token.kind === 'mark' && token.text === ']') return [list, next + 1]
    if (token.kind !== 'mark') list.push(scalar(token))
    else if (token.text !== ',') return null
  }
  return null
}

function scalar({ kind, text }: Token): string | number {
  return kind === 'word' && /^-?\d{1,15}$/.test(text) ? Number(text) : text
}

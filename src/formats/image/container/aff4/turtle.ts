/**
 * Parses the subset of Turtle that AFF4 uses: the statements about each subject, as text.
 *
 * @see AFF4 Standard v1.0a, section 4, "AFF4 objects"; W3C, "RDF 1.1 Turtle"
 */

export interface Said {
  readonly value: string
  /** Type of a literal: `aff4:MD5`, `xsd:long`; empty for a name. */
  readonly type: string
}

export type Statements = ReadonlyMap<string, ReadonlyMap<string, readonly Said[]>>

const SCHEMA = 'http://aff4.org/Schema#'
const TOKENS_AT_MOST = 4_000_000
const TOKENS =
  /<([^<>\n]*)>|"""((?:[^"\\]|\\.|"(?!""))*)"""|"((?:[^"\\\n]|\\.)*)"(?:\^\^(?:<([^>\n]*)>|([^\s;,<>"]+)))?|(@prefix[^\n]*)|([;,])|(\.)(?=\s|$)|([^\s;,<>"]+)/g

/** All spellings of schema names become `aff4:Name`; `a` becomes `rdf:type`. */
export function parseTurtle(text: string): { readonly statements: Statements; readonly isWhole: boolean } {
  const subjects = new Map<string, Map<string, Said[]>>()
  let subject: Map<string, Said[]> | null = null
  let predicate = ''
  let count = 0
  for (const [, iri, long, short, typeIri, typeName, prefix, separator, end, name] of text.matchAll(TOKENS)) {
    if (prefix !== undefined) continue
    if (++count > TOKENS_AT_MOST) return { statements: subjects, isWhole: false }
    const literal = long ?? short
    if (end !== undefined) {
      subject = null
      predicate = ''
    } else if (separator !== undefined) {
      if (separator === ';') predicate = ''
    } else if (literal !== undefined) {
      if (subject && predicate)
        add(subject, predicate, { value: unescaped(literal), type: named(typeIri ?? typeName ?? '') })
    } else {
      const value = named(iri ?? name ?? '')
      if (!subject) {
        subject = subjects.get(value) ?? new Map()
        subjects.set(value, subject)
      } else if (predicate === '') predicate = value === 'a' ? 'rdf:type' : value
      else add(subject, predicate, { value, type: '' })
    }
  }
  return { statements: subjects, isWhole: true }
}

function add(subject: Map<string, Said[]>, predicate: string, said: Said): void {
  const held = subject.get(predicate)
  if (held) held.push(said)
  else subject.set(predicate, [said])
}

const named = (iri: string): string => (iri.startsWith(SCHEMA) ? `aff4:${iri.slice(SCHEMA.length)}` : iri)

const unescaped = (text: string): string =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|([tnr"'\\]))/g, (_, code?: string, one?: string) =>
    code ? String.fromCharCode(Number.parseInt(code, 16)) : (CONTROLS[one ?? ''] ?? one ?? ''),
  )

const CONTROLS: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r' }

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
const STATEMENTS_AT_MOST = 1_000_000
const TOKENS =
  /<([^>\n]*)>|"((?:[^"\\\n]|\\.)*)"(?:\^\^(?:<([^>\n]*)>|([^\s;,<>"]+)))?|(@prefix[^\n]*)|([;,])|(\.)(?=\s|$)|([^\s;,<>"]+)/g

/** All spellings of schema names become `aff4:Name`; `a` becomes `rdf:type`. */
export function parseTurtle(text: string): Statements {
  const subjects = new Map<string, Map<string, Said[]>>()
  let subject: Map<string, Said[]> | null = null
  let predicate = ''
  let count = 0
  for (const [, iri, literal, typeIri, typeName, prefix, separator, end, name] of text.matchAll(TOKENS)) {
    if (prefix !== undefined) continue
    if (++count > STATEMENTS_AT_MOST) break
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
  return subjects
}

function add(subject: Map<string, Said[]>, predicate: string, said: Said): void {
  const held = subject.get(predicate)
  if (held) held.push(said)
  else subject.set(predicate, [said])
}

const named = (iri: string): string => (iri.startsWith(SCHEMA) ? `aff4:${iri.slice(SCHEMA.length)}` : iri)

const unescaped = (text: string): string =>
  text.replace(/\\([tnr"\\])/g, (_, one: string) => ({ t: '\t', n: '\n', r: '\r' })[one] ?? one)

/**
 * Letter runs without which a pattern cannot match: a text without them needs no regular expression.
 *
 * Two thousand patterns on every message cost milliseconds; finding the letter runs of a text costs microseconds. A run
 * at a word's edge includes the edge: "me" is then not found in "homework". The slow way, trying every pattern, is the
 * test's oracle.
 */

/** In a run: a word begins or ends here. It is no letter. */
export const EDGE = '\0'

/** Runs of letters of which every match contains at least one. */
export type AnyOf = readonly string[]
/** Every match contains one run of each; empty when no run is required. The most selective first. */
export type Required = readonly AnyOf[]

/** @param pattern the rules' notation with lists expanded: groups, `|`, `?`, `*`, `+`, `{m,n}`, classes, escapes */
export function requiredRuns(pattern: string): Required {
  const reader = { pattern, at: 0 }
  const alternatives = parseAlternatives(reader)
  if (reader.at < pattern.length) throw new Error(`unbalanced “)” at ${reader.at}`)
  // A pattern as a whole matches whole words.
  return ofAlternatives(alternatives, { begins: true, ends: true })
}

type Repeat = 'once' | 'optional' | 'many'

/** `space`: between two words, always; `other`: any element with several readings. */
type Item =
  | { readonly kind: 'letter'; readonly letter: string; readonly repeat: Repeat }
  | { readonly kind: 'group'; readonly alternatives: Alternatives; readonly repeat: Repeat }
  | { readonly kind: 'space' | 'other' }
type Alternatives = readonly (readonly Item[])[]

/** True where a word begins before, or ends after, the element. */
interface Edges {
  readonly begins: boolean
  readonly ends: boolean
}
const NO_EDGES: Edges = { begins: false, ends: false }

/** Of several alternatives, one of their most selective runs is required. */
function ofAlternatives(alternatives: Alternatives, edges: Edges): Required {
  const each = alternatives.map((items) => ofSequence(items, edges))
  if (each.length === 1) return each[0]!
  return each.every((required) => required.length > 0)
    ? [[...new Set(each.flatMap((required) => required[0]!))]]
    : []
}

function ofSequence(items: readonly Item[], edges: Edges): Required {
  const found: AnyOf[] = []
  const edgeBefore = (i: number) => (i === 0 ? edges.begins : items[i - 1]!.kind === 'space')
  const edgeAfter = (i: number) => (i === items.length - 1 ? edges.ends : items[i + 1]!.kind === 'space')
  let run = ''
  const endRun = (edge: boolean) => {
    if (run.length > 0 && run !== EDGE) found.push([edge ? run + EDGE : run])
    run = ''
  }
  items.forEach((item, i) => {
    if (item.kind === 'group') {
      endRun(false)
      const once = item.repeat === 'once'
      const inside = once ? { begins: edgeBefore(i), ends: edgeAfter(i) } : NO_EDGES
      if (item.repeat !== 'optional') found.push(...ofAlternatives(item.alternatives, inside))
    } else if (item.kind === 'letter' && item.repeat !== 'optional') {
      if (run === '' && edgeBefore(i)) run = EDGE
      run += item.letter
      if (item.repeat === 'many') endRun(false)
      else if (edgeAfter(i)) endRun(true)
    } else endRun(false)
  })
  endRun(false)
  return found.sort((a, b) => weight(b) - weight(a))
}

interface Reader {
  readonly pattern: string
  at: number
}

function parseAlternatives(reader: Reader): Alternatives {
  const all = [parseSequence(reader)]
  while (reader.pattern[reader.at] === '|') {
    reader.at += 1
    all.push(parseSequence(reader))
  }
  return all
}

function parseSequence(reader: Reader): Item[] {
  const items: Item[] = []
  while (reader.at < reader.pattern.length) {
    const character = reader.pattern[reader.at]!
    if (character === '|' || character === ')') break
    if (character === '(') {
      const alternatives = parseGroup(reader)
      items.push({ kind: 'group', alternatives, repeat: parseRepeat(reader) })
      continue
    }
    const letter = parseAtom(reader)
    const repeat = parseRepeat(reader)
    if (letter !== null) items.push({ kind: 'letter', letter, repeat })
    else items.push({ kind: character === ' ' && repeat === 'once' ? 'space' : 'other' })
  }
  return items
}

function parseGroup(reader: Reader): Alternatives {
  reader.at += reader.pattern.startsWith('(?:', reader.at) ? 3 : 1
  const inside = parseAlternatives(reader)
  if (reader.pattern[reader.at] !== ')') throw new Error('a “)” is missing')
  reader.at += 1
  return inside
}

/** @returns a letter, or null for an element with several readings */
function parseAtom(reader: Reader): string | null {
  const character = reader.pattern[reader.at]!
  if (character === '[') {
    const inside = /^\[(?:\\.|[^\]\\])*\]/.exec(reader.pattern.slice(reader.at))
    if (!inside) throw new Error('a “]” is missing')
    reader.at += inside[0].length
    return null
  }
  if (character === '\\') {
    reader.at += 2
    return null
  }
  reader.at += 1
  return /[\p{L}\p{M}\p{N}]/u.test(character) ? character : null
}

/** `optional`: the preceding atom may be missing; `many`: it occurs one or more times. */
function parseRepeat(reader: Reader): Repeat {
  const found = /^(?:([?*])|(\+)|\{(\d+)(?:,\d*)?\})\??/.exec(reader.pattern.slice(reader.at, reader.at + 12))
  if (!found) return 'once'
  reader.at += found[0].length
  return found[1] !== undefined || found[3] === '0' ? 'optional' : 'many'
}

/** The longest shortest run wins, edges counted; among equals the fewest. */
function weight(anyOf: AnyOf): number {
  return Math.min(8, ...anyOf.map((run) => run.length)) + 1 / (1 + anyOf.length)
}

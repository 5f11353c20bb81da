/**
 * Which letters a pattern cannot match without: a text that has none of them needs no regular expression.
 *
 * Two thousand patterns on every message cost milliseconds; looking up the letter runs that a text has costs
 * microseconds. The slow way, trying every pattern, is the test's oracle.
 */

/** Runs of letters of which every match holds at least one. */
export type AnyOf = readonly string[]
/** Every match holds one run of each; empty when nothing can be said. The most telling first. */
export type Required = readonly AnyOf[]

/** @param pattern the rules' notation with lists expanded: groups, `|`, `?`, `*`, `+`, `{m,n}`, classes, escapes */
export function requiredRuns(pattern: string): Required {
  const reader = { pattern, at: 0 }
  const required = alternatives(reader)
  if (reader.at < pattern.length) throw new Error(`unbalanced “)” at ${reader.at}`)
  return required
}

interface Reader {
  readonly pattern: string
  at: number
}

/** Of several alternatives only their most telling runs are known: one of them all. */
function alternatives(reader: Reader): Required {
  let all: Required = sequence(reader)
  while (reader.pattern[reader.at] === '|') {
    reader.at += 1
    const next = sequence(reader)
    const [one, other] = [all[0], next[0]]
    all = one === undefined || other === undefined ? [] : [[...new Set([...one, ...other])]]
  }
  return all
}

function sequence(reader: Reader): Required {
  const found: AnyOf[] = []
  let run = ''
  const endRun = () => {
    if (run !== '') found.push([run])
    run = ''
  }
  while (reader.at < reader.pattern.length) {
    const character = reader.pattern[reader.at]!
    if (character === '|' || character === ')') break
    if (character === '(') {
      endRun()
      const inside = group(reader)
      if (quantifier(reader) !== 'optional') found.push(...inside)
      continue
    }
    const letter = atom(reader)
    const repeat = quantifier(reader)
    if (letter !== null && repeat === null) run += letter
    else if (letter !== null && repeat === 'many') {
      run += letter
      endRun()
    } else endRun()
  }
  endRun()
  return found.sort((a, b) => weight(b) - weight(a))
}

function group(reader: Reader): Required {
  reader.at += reader.pattern.startsWith('(?:', reader.at) ? 3 : 1
  const inside = alternatives(reader)
  if (reader.pattern[reader.at] !== ')') throw new Error('a “)” is missing')
  reader.at += 1
  return inside
}

/** @returns a letter, or null for anything that stands for more than itself */
function atom(reader: Reader): string | null {
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

/** `optional`: the atom before may be missing; `many`: it is there, and maybe more than once. */
function quantifier(reader: Reader): 'optional' | 'many' | null {
  const found = /^(?:([?*])|(\+)|\{(\d+)(?:,\d*)?\})\??/.exec(reader.pattern.slice(reader.at, reader.at + 12))
  if (!found) return null
  reader.at += found[0].length
  return found[1] !== undefined || found[3] === '0' ? 'optional' : 'many'
}

/** The longest shortest run wins; among equals the fewest. */
function weight(anyOf: AnyOf): number {
  return Math.min(8, ...anyOf.map((run) => run.length)) + 1 / (1 + anyOf.length)
}

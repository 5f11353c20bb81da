/**
 * The notation of phrases, translated to regular expressions.
 *
 * Outside a character class a space matches any white space or comma, an apostrophe one or none, `~` any word, `{name}`
 * a list of the file. Inside a class a space is one white space or comma, an apostrophe is itself. `A & B` is both near
 * each other, in either order and in one sentence.
 * A pattern with a hidden meaning is refused: a rule that never matches is worse than a file that does not load.
 */
import { foldText } from './fold-text.ts'
import { type Required, requiredRuns } from './required-words.ts'

export interface Pattern {
  readonly expression: RegExp
  /** See required-words.ts. */
  readonly required: Required
}

// Any character but white space and punctuation. Unicode property classes are clearer but take a hundred times as long:
// each pattern would have its own tables of ranges.
const WORD = '[^\\s!-/:-@\\[-`{-\\u00bf\\u2000-\\u206f\\u3000-\\u303f\\u0964\\u0965]'

const IN_WORD = new RegExp(WORD)

/** @param unit one UTF-16 unit */
export function isBetweenWords(unit: string): boolean {
  return !IN_WORD.test(unit)
}

/** What may stand between the two sides of a `&`: nothing that ends a sentence; a stop inside a number does not. */
const NEAR = `(?!${WORD})(?:[^.!?;\\n\\u0964]|\\.(?=\\d)){1,60}?(?<!${WORD})`

/** @throws Error with the fault and its position, when the pattern is not in this notation */
export function compilePattern(pattern: string, lists: ReadonlyMap<string, string>): Pattern {
  const written = expand(pattern, lists, 0)
  const capital = /\\[A-Z]/.exec(written)
  // Folding lower-cases all letters, and a lower-case escape has another meaning.
  if (capital) throw new Error(`“${capital[0]}” is not of the notation, in “${pattern}”`)
  // Patterns are folded like texts, so authors may write accents.
  const sides = foldText(written).text.split(' & ')
  if (sides.length > 2) throw new Error(`“${pattern}” has more than one “&”`)
  const required = sides.flatMap((side) => requiredRuns(side))
  const [one, other] = sides.map((side) => `(?:${translate(side)})`)
  const either = other === undefined ? one : `${one}${NEAR}${other}|${other}${NEAR}${one}`
  return { expression: new RegExp(`(?<!${WORD})(?:${either})(?!${WORD})`, 'g'), required }
}

function expand(pattern: string, lists: ReadonlyMap<string, string>, depth: number): string {
  return pattern.replace(/\{([a-z][a-z-]*)\}/g, (_, name: string) => {
    const list = lists.get(name)
    if (list === undefined || depth > 4) throw new Error(`there is no list “${name}”`)
    return `(?:${expand(list, lists, depth + 1)})`
  })
}

/** Classes, escapes and everything else, apart. */
const TOKEN = /\[(?:\\.|[^\]\\])*\]|\\.| \?|./gsu

const OUTSIDE: Readonly<Record<string, string>> = {
  '\\w': WORD,
  ' ?': '[\\s,]{0,3}',
  ' ': '[\\s,]{1,3}',
  "'": "['\\s]?",
  '~': `(?:${WORD}|')+`,
}

function translate(folded: string): string {
  return folded.replace(TOKEN, (token) =>
    token.startsWith('[') ? characterClass(token) : (OUTSIDE[token] ?? token),
  )
}

function characterClass(token: string): string {
  if (!token.endsWith(']') || token.length < 3) throw new Error('a “]” is missing')
  const inside = token.slice(1, -1)
  if (/~|\\w|\[/.test(inside))
    throw new Error(`“${token}” holds what stands for a word, or a class in a class`)
  if (/ -.|.- /.test(inside)) throw new Error(`“${token}” makes a range of a space; put the - first or last`)
  return `[${inside.replaceAll(' ', '\\s,')}]`
}

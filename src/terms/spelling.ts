/**
 * Reduces many spellings to one: case, accents, look-alike letters, digits for letters, separators, doubled letters,
 * camelCase.
 *
 * Terms and texts are folded alike, so folding may lose a distinction ("i" and "l" become one) but never adds one.
 * Words that fold to the same spelling are found together; `terms check` shows the false hits.
 */
import { rectifyConfusion } from 'unicode-confusables'

export interface Spelling {
  /** Letters and digits only, in one spelling; words are written together. */
  readonly letters: string
  /** For each letter, and for the end, the offset in the original. */
  readonly origin: readonly number[]
  /** Offsets in `letters` of word edges, ascending: separators, camelCase, the two ends. */
  readonly edges: ReadonlySet<number>
}

/** Digits and signs used in place of letters. `1`, `!`, `|` and `l` all become `i`. */
const STANDS_FOR: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'i',
  '€': 'e',
  l: 'i',
}

const LETTER = /[\p{L}\p{N}]/u
const MARK = /\p{M}/u
const ACCENTED = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u
const INVISIBLE = /\p{Cf}|\u034f|[\ufe00-\ufe0f]/u

/** @param text one path component, or any text */
export function spellingOf(text: string): Spelling {
  const letters: string[] = []
  const origin: number[] = []
  const edges = new Set<number>([0])
  const numbers = numberEdges(text)
  let before = ''
  let at = 0
  for (const character of text) {
    const start = at
    at += character.length
    if (numbers?.has(start)) edges.add(letters.length)
    if (INVISIBLE.test(character)) continue
    if (isCamelEdge(before, character)) edges.add(letters.length)
    const folded = foldCharacter(character, before, text[at] ?? '')
    if (folded === '') {
      if (!MARK.test(character)) edges.add(letters.length)
      if (!MARK.test(character)) before = ''
      continue
    }
    for (const letter of folded) {
      // Doubled letters count as one: "boook" and "book" have one spelling.
      if (letter === letters.at(-1) && !/\p{N}/u.test(letter)) continue
      letters.push(letter)
      origin.push(start)
    }
    before = character
  }
  edges.add(letters.length)
  origin.push(text.length)
  return withoutSpelledOut({ letters: letters.join(''), origin, edges })
}

function isCamelEdge(before: string, character: string): boolean {
  return /\p{Ll}/u.test(before) && /\p{Lu}/u.test(character)
}

/** A number at the end or the beginning of a word may be a letter or only a number ("holiday1", "2holidays"). */
function numberEdges(text: string): ReadonlySet<number> | null {
  if (!/\p{N}/u.test(text)) return null
  const edges = new Set<number>()
  for (const { index } of text.matchAll(/(?<=\p{L})\p{N}+(?![\p{L}\p{N}])/gu)) edges.add(index)
  for (const { index, 0: number } of text.matchAll(/(?<![\p{L}\p{N}])\p{N}+(?=\p{L})/gu))
    edges.add(index + number.length)
  return edges
}

/** @returns '' for a character that separates words */
function foldCharacter(character: string, before: string, next: string): string {
  const composed = character.normalize('NFKC').toLowerCase()
  const stands = STANDS_FOR[composed]
  if (stands !== undefined) {
    // A sign is a letter only inside a word; a number on its own stays a number.
    const inWord = /\p{L}/u.test(before) || /\p{L}/u.test(next)
    if (/\p{L}/u.test(composed) || inWord) return stands
    return /\p{N}/u.test(composed) ? composed : ''
  }
  if (/^[a-z0-9]$/.test(composed)) return composed
  const alike = composed.charCodeAt(0) < 0x80 ? composed : rectifyConfusion(composed).toLowerCase()
  return [...alike.normalize('NFKD')]
    .filter(
      (part, i, parts) => LETTER.test(part) || (MARK.test(part) && !ACCENTED.test(parts[i - 1] ?? before)),
    )
    .map((part) => STANDS_FOR[part] ?? part)
    .join('')
}

/** "c a n d l e": edges between single letters are ignored. */
function withoutSpelledOut({ letters, origin, edges }: Spelling): Spelling {
  const sorted = [...edges].sort((a, b) => a - b)
  const kept = sorted.filter((edge, i) => {
    const before = i === 0 ? Number.POSITIVE_INFINITY : edge - sorted[i - 1]!
    const after = i === sorted.length - 1 ? Number.POSITIVE_INFINITY : sorted[i + 1]! - edge
    return before > 1 || after > 1
  })
  return { letters, origin, edges: new Set(kept) }
}

export interface PathComponent {
  /** 0 is the outermost folder; the name itself comes last. */
  readonly index: number
  readonly text: string
  /** Offset of `text` in the path. */
  readonly start: number
}

/**
 * Folders and name separately; the name loses its extension.
 * @param last kind of the last component: `folders` means that the path has no name
 */
export function componentsOf(path: string, last: 'name' | 'folders' = 'name'): PathComponent[] {
  const components: PathComponent[] = []
  let start = 0
  for (const text of path.split(/[/\\]/)) {
    if (text !== '') components.push({ index: components.length, text, start })
    start += text.length + 1
  }
  return components.map((component, i) =>
    i === components.length - 1 && last === 'name'
      ? { ...component, text: component.text.replace(/(?<=.)\.[A-Za-z0-9]{1,8}$/, '') }
      : component,
  )
}

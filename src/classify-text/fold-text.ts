/**
 * Folds text to the form that rules and features read, and keeps the way back to the original.
 *
 * The same words arrive in many spellings: with and without accents, in other apostrophes, stretched ("heyyy"), broken
 * by invisible characters, or as UTF-8 read as Windows-1252. Bengali vowel signs are marks too and are kept: taking them
 * off changes the word.
 */

export interface FoldedText {
  readonly text: string
  /** For each UTF-16 unit of `text` its offset in the original; the last element is the original's length. */
  readonly origin: Int32Array
}

/** UTF-8 read as Windows-1252, also with its first letter lost: as found in job offers that went through a table. */
const MISREAD: readonly (readonly [string, string])[] = [
  ['€™', "'"],
  ['€˜', "'"],
  ['€œ', '"'],
  ['€\u009d', '"'],
  ['€“', '-'],
  ['€”', '-'],
  ['€¢', ' '],
  ['€¦', ' '],
  ['€¯', ' '],
  ['€‹', ''],
  ['Ã©', 'e'],
  ['Ã¨', 'e'],
  ['Ã¡', 'a'],
  ['Ã±', 'n'],
  ['Ã³', 'o'],
  ['Ãº', 'u'],
  ['Ã\u00ad', 'i'],
  ['Ã§', 'c'],
]

/** Letters that no decomposition turns into a plain one. */
const PLAIN: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  ʼ: "'",
  '`': "'",
  '´': "'",
  '′': "'",
  ς: 'σ',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ı: 'i',
}

/** Pictographs, which only separate words. */
const PICTURE = /\p{Extended_Pictographic}/u
const INVISIBLE = /\p{Cf}|\u034f|\ufe0f/u
/** Scripts whose marks are accents. In other scripts a mark belongs to the word. */
const ACCENTED = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u
const MARK = /\p{M}/u
/** ASCII without three equal letters in a row. */
const PLAIN_ASCII = /^(?!.*([a-z])\1\1)[\t\n\r\x20-\x7e]*$/is

/** Finds lost line breaks of lists ("RequirementsAn eye for detail"): a capital after a small letter or a stop. */
const JOINED = /[\p{Ll}\p{N}.!?:]\p{Lu}/u

/** @param partJoined inserts a space where a line break was lost */
export function foldText(original: string, partJoined = false): FoldedText {
  return PLAIN_ASCII.test(original) && !(partJoined && JOINED.test(original))
    ? foldPlain(original)
    : foldAny(original, partJoined)
}

/** Fast path for most chats; the result equals that of {@link foldAny}. */
function foldPlain(original: string): FoldedText {
  return {
    text: original.toLowerCase().replaceAll('`', "'"),
    origin: identity(original.length + 1),
  }
}

let ascending = new Int32Array(0)

/** 0, 1, 2 …: one array for all texts, because it is never changed. */
function identity(length: number): Int32Array {
  if (ascending.length < length) ascending = Int32Array.from({ length: 2 * length }, (_, i) => i)
  return ascending.subarray(0, length)
}

function foldAny(original: string, partJoined = false): FoldedText {
  const units: string[] = []
  const origin: number[] = []
  let previousIsAccentable = false
  const emit = (folded: string, from: number) => {
    for (let i = 0; i < folded.length; i += 1) {
      units.push(folded[i]!)
      origin.push(from)
    }
  }
  for (let at = 0; at < original.length; ) {
    if (partJoined && at > 0 && isCapital(original, at) && JOINED.test(original.slice(at - 1, at + 1)))
      emit(' ', at)
    if (original.charCodeAt(at) < 0x7f) {
      const character = original[at]!
      emit(PLAIN[character] ?? character.toLowerCase(), at)
      previousIsAccentable = true
      at += 1
      continue
    }
    const misread = misreadAt(original, at)
    if (misread) {
      emit(misread[1], at)
      at += misread[0].length
      continue
    }
    const character = String.fromCodePoint(original.codePointAt(at)!)
    if (character.length === 2 && PICTURE.test(character)) emit(' ', at)
    else if (!INVISIBLE.test(character)) {
      for (const part of decompose(character)) {
        if (MARK.test(part) && previousIsAccentable) continue
        if (!MARK.test(part)) previousIsAccentable = ACCENTED.test(part)
        const lower = part.toLowerCase()
        emit(PLAIN[lower] ?? lower, at)
      }
    }
    at += character.length
  }
  return unstretch(units, origin, original.length)
}

/** Cheap, and never no for a capital letter: {@link JOINED} decides. */
function isCapital(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit > 0x7f || (unit >= 65 && unit <= 90)
}

/** The original's span that a span of the folded text came from. */
export function originalSpan(folded: FoldedText, start: number, end: number): { start: number; end: number } {
  return { start: folded.origin[start]!, end: folded.origin[end]! }
}

function misreadAt(text: string, at: number): readonly [string, string] | undefined {
  const first = text[at]!
  if (first === 'â' && text[at + 1] === '€') {
    const found = MISREAD.find(([wrong]) => text.startsWith(wrong, at + 1))
    return found && [`â${found[0]}`, found[1]]
  }
  return first === '€' || first === 'Ã' ? MISREAD.find(([wrong]) => text.startsWith(wrong, at)) : undefined
}

function decompose(character: string): string {
  // Indic characters are as a plain editor types a rule: composed, but a dotted letter is two characters (NFC has it so).
  const isIndic = /\p{Script=Bengali}|\p{Script=Devanagari}/u.test(character)
  return character.normalize(isIndic ? 'NFC' : 'NFKD')
}

/** "heyyy" → "hey", "goooal" → "gooal": three or more equal letters count as one at a word's end, and as two inside. */
function unstretch(units: readonly string[], origin: readonly number[], end: number): FoldedText {
  let text = ''
  const kept: number[] = []
  for (let i = 0; i < units.length; ) {
    let run = 1
    while (i + run < units.length && units[i + run] === units[i]) run += 1
    const letters = run >= 3 && /\p{L}/u.test(units[i]!)
    const inside = letters && i + run < units.length && /\p{L}/u.test(units[i + run]!)
    const keep = letters ? (inside ? 2 : 1) : run
    for (let k = 0; k < keep; k += 1) {
      text += units[i]
      kept.push(origin[i + k]!)
    }
    i += run
  }
  kept.push(end)
  return { text, origin: Int32Array.from(kept) }
}

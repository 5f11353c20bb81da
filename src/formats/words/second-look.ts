/**
 * What a second reading of a line settles. A word that its network does not know has a low confidence even where every letter
 * is right, and the networks of Greek and Bengali know neither the sign of the euro nor Latin names. So the line is read once more:
 * by the network of English, and by its own network at another size. Each look is one reading a line, whatever it holds.
 */
import { LEAST_CONFIDENCE } from '../../classify-text/uses.ts'
import { confidenceOf } from './choose-language.ts'
import type { Place, ReadWord, TextLine } from './text-line.ts'

/** Of the line's height. */
export const LARGER = 1.15
/** Confidence from which English says what stands there: of letters of another script it stays below. */
const SURE_OF_SIGNS = 80
/** Words of a picture that is less sure as a whole are not confirmed: two looks at a blur may see the same wrong letters. */
const READABLE = 80
/** Fewer letters agree by chance. */
const LEAST_LETTERS = 2
/** Of the wider one's width, that two readings of one word share. */
const SAME_PLACE = 0.6

/** Another reading of the same line. */
export type Look = (line: TextLine) => Promise<readonly ReadWord[]>

/** Words of a line of another script, with those that English reads more surely. */
export async function withForeignWords(line: TextLine, english: Look): Promise<TextLine> {
  return line.words.some(mayBeForeign) ? { ...line, words: named(line.words, await english(line)) } : line
}

/** Lines of a picture; words that two looks give alike are as sure as a sign needs. */
export async function confirmedLines(lines: readonly TextLine[], larger: Look): Promise<readonly TextLine[]> {
  if (confidenceOf(lines.map(({ words }) => words)) < READABLE) return lines
  const out: TextLine[] = []
  for (const line of lines)
    out.push(
      line.words.some(mayBeConfirmed) ? { ...line, words: confirmed(line.words, await larger(line)) } : line,
    )
  return out
}

/** “Viber”, “€500”, “%”: English has read the word surely, and more surely than the network of the other script. */
function named(words: readonly ReadWord[], english: readonly ReadWord[]): readonly ReadWord[] {
  return words.map((word) => {
    if (!mayBeForeign(word)) return word
    const other = english.find((one) => isAt(one.place, word.place))
    const isSurer = other && other.confidence >= SURE_OF_SIGNS && other.confidence > word.confidence
    return isSurer ? other : word
  })
}

function confirmed(words: readonly ReadWord[], again: readonly ReadWord[]): readonly ReadWord[] {
  return words.map((word) =>
    mayBeConfirmed(word) && again.some(({ text, place }) => text === word.text && isAt(place, word.place))
      ? { ...word, confidence: LEAST_CONFIDENCE }
      : word,
  )
}

/** Unsure, with a digit, or without a letter of a script other than Latin. */
function mayBeForeign({ text, confidence }: ReadWord): boolean {
  return confidence < LEAST_CONFIDENCE || /\p{N}/u.test(text) || !/[^\P{L}\p{Script=Latin}]/u.test(text)
}

/** Digits are told by no spelling: an unsure one stays unsure. */
function mayBeConfirmed({ text, confidence }: ReadWord): boolean {
  return (
    confidence < LEAST_CONFIDENCE &&
    !/\p{N}/u.test(text) &&
    (text.match(/\p{L}/gu)?.length ?? 0) >= LEAST_LETTERS
  )
}

function isAt(a: Place, b: Place): boolean {
  const shared = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left)
  return shared >= SAME_PLACE * Math.max(a.width, b.width)
}

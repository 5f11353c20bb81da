/**
 * Folding of text for search: NFKD, case folding, and removal of accents in Latin, Greek and Cyrillic. Marks of other
 * scripts are kept, because in Bengali a vowel sign is a letter of the word. Index and query use the same folding, so
 * it need not be reversible.
 */

const ACCENTED = /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{Mn}+/gu
/** Letters that no decomposition turns into a plain letter, and signs that people do not type. */
const PLAIN: Readonly<Record<string, string>> = {
  ς: 'σ',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ı: 'i',
  '\u00ad': '',
  '\u200b': '',
  '\ufeff': '',
}
/** Scripts without spaces between words: every letter is a word, and words are phrases, here and in the index. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*/gu
const SPECIAL = /[ßæœøłđıς\u00ad\u200b\ufeff]/g
/** A sequence of non-ASCII characters, with the letter that a mark at its start belongs to. */
const BEYOND_ASCII = /[a-z]?[^\0-\x7f]+/g

export function foldWords(text: string): string {
  return text.toLowerCase().replace(BEYOND_ASCII, foldedStretch)
}

/** Cache of folded sequences. Words repeat: a look-up is twice as fast as folding again. */
const stretches = new Map<string, string>()
const MAX_STRETCHES = 50_000

function foldedStretch(stretch: string): string {
  const known = stretches.get(stretch)
  if (known !== undefined) return known
  const folded = stretch
    .normalize('NFKD')
    .replace(ACCENTED, '$1')
    .toLowerCase()
    .replace(SPECIAL, (letter) => PLAIN[letter]!)
    .normalize('NFC')
    .replace(UNSPACED, ' $& ')
  if (stretches.size < MAX_STRETCHES && stretch.length < 50) stretches.set(stretch, folded)
  return folded
}

/** Characters of a word, here and in the index (TOKENIZER): letters, numbers, marks, private use. */
const WORD = /[\p{L}\p{N}\p{M}\p{Co}]+/gu

/** @see https://sqlite.org/fts5.html#unicode61_tokenizer: text is folded before it reaches the tokenizer */
export const TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'"

/** Folded words in order. */
export function wordsOf(text: string): string[] {
  return foldWords(text).match(WORD) ?? []
}

export interface Word {
  readonly word: string
  readonly start: number
  readonly end: number
}

/** Words with their positions in the original text. */
export function* placedWords(text: string): IterableIterator<Word> {
  for (const match of text.matchAll(WORD_AS_WRITTEN)) {
    const start = match.index
    for (const word of wordsOf(match[0])) yield { word, start, end: start + match[0].length }
  }
}

const WORD_AS_WRITTEN = /[\p{L}\p{N}\p{M}\p{Co}\u00ad\u200b\ufeff]+/gu

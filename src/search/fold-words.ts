/**
 * How text is compared in search: NFKD, case, and accents of Latin, Greek and Cyrillic taken off; marks of other scripts
 * kept, because in Bengali a vowel sign is a letter of the word. Index and query fold the same way, so that it need not be
 * reversible.
 */

const ACCENTED = /([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{Mn}+/gu
/** Letters that no decomposition turns into a plain one, and signs that nobody types. */
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
/** A stretch beyond ASCII, with the letter that a mark at its start belongs to. */
const BEYOND_ASCII = /[a-z]?[^\0-\x7f]+/g

export function foldWords(text: string): string {
  return text.toLowerCase().replace(BEYOND_ASCII, foldedStretch)
}

/** Words repeat: looking one up is twice as fast as folding it again. */
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

/** What a word is made of, here and in the index (TOKENIZER): letters, numbers, marks, private use. */
const WORD = /[\p{L}\p{N}\p{M}\p{Co}]+/gu

/** @see https://sqlite.org/fts5.html#unicode61_tokenizer: folding is done before the text gets there */
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

/** Words with where they stand in the text as it is. */
export function* placedWords(text: string): IterableIterator<Word> {
  for (const match of text.matchAll(WORD_AS_WRITTEN)) {
    const start = match.index
    for (const word of wordsOf(match[0])) yield { word, start, end: start + match[0].length }
  }
}

const WORD_AS_WRITTEN = /[\p{L}\p{N}\p{M}\p{Co}\u00ad\u200b\ufeff]+/gu

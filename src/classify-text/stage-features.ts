/**
 * A message in sentences, and a sentence as hashed features for the stage model: words, word pairs, runs of three to five
 * letters.
 *
 * Sentences, because one phrase in a long message is lost when the whole is brought to length one. Runs of letters,
 * because romanised Greek and Bengali, and children, spell as they hear.
 */
import type { FoldedText } from './fold-text.ts'
import { type Buckets, bucketOf, wordsOf } from './hash-features.ts'

export const STAGE_BUCKETS = 1 << 16

/**
 * Least number of features: a shorter sentence is scaled as one of this length (about four words), or one word would
 * count as a phrase.
 */
const LEAST_FEATURES = 48

/** Weight of each bucket of a sentence. */
export function featureScale(buckets: Buckets): number {
  return 1 / Math.sqrt(Math.max(LEAST_FEATURES, buckets.length))
}

/** A sentence longer than this is cut into pieces. */
const SENTENCE_WORDS = 24
/** Further letters of a word are ignored. */
const WORD_CHARS = 24
const RUNS = { from: 3, to: 5 } as const
const SENTENCE = /[^.!?;।\n\r…]+[.!?;।…]*/gu
/** Shorter sentences are fragments, whose meaning is arbitrary. */
const THREE_WORDS = /(?:[\p{L}\p{N}][\p{L}\p{M}\p{N}'’]*[^\p{L}\p{M}\p{N}]+){2}[\p{L}\p{N}]/u

export interface Sentence {
  /** Folded. */
  readonly text: string
  /** Offset in the folded message. */
  readonly start: number
}

export function sentencesOf({ text }: FoldedText): Sentence[] {
  const sentences: Sentence[] = []
  for (const found of text.matchAll(SENTENCE)) {
    for (const piece of piecesOf(found[0]))
      if (THREE_WORDS.test(piece.text)) sentences.push({ text: piece.text, start: found.index + piece.start })
  }
  return sentences
}

function piecesOf(sentence: string): Sentence[] {
  if (sentence.length <= 4 * SENTENCE_WORDS) return [{ text: sentence, start: 0 }]
  const words = [...sentence.matchAll(/\S+/g)]
  const pieces: Sentence[] = []
  for (let w = 0; w < words.length; w += SENTENCE_WORDS) {
    const start = words[w]!.index
    const end = words[w + SENTENCE_WORDS]?.index ?? sentence.length
    pieces.push({ text: sentence.slice(start, end), start })
  }
  return pieces
}

/**
 * @param folded a folded sentence
 * @returns distinct buckets, in the order they were found
 */
export function stageFeatures(folded: string): Buckets {
  const found = new Set<number>()
  let before = ''
  for (const word of wordsOf(folded)) {
    const cut = word.slice(0, WORD_CHARS)
    found.add(bucketOf('w', cut, STAGE_BUCKETS))
    found.add(bucketOf('p', `${before} ${cut}`, STAGE_BUCKETS))
    const marked = `_${cut}_`
    for (let length = RUNS.from; length <= RUNS.to; length += 1)
      for (let at = 0; at + length <= marked.length; at += 1)
        found.add(bucketOf('r', marked.slice(at, at + length), STAGE_BUCKETS))
    before = cut
  }
  if (/[?;]/.test(folded)) found.add(bucketOf('m', '?', STAGE_BUCKETS))
  return [...found]
}

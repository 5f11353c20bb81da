/**
 * Context of the words that were found: at most 200 characters in their original form. Each output escapes them in its
 * own way.
 */
import type { Asked } from './conditions.ts'
import { placedWords } from './fold-words.ts'
import type { Words } from './query.ts'

const CONTEXT_CHARS = 200

/** Longest part of a text that is searched for the words. */
const LOOKED_AT_CHARS = 1 << 20

/** The first place with all of the words, or else with most of them, and its context. */
export function contextOf(
  text: string,
  { forms }: Asked,
  { words, prefix }: Words,
): { readonly shown: string; readonly start: number; readonly end: number } {
  const found: { readonly i: number; readonly start: number; readonly end: number }[] = []
  for (const { word, start, end } of placedWords(text.slice(0, LOOKED_AT_CHARS))) {
    const i = forms.findIndex(
      (any, n) => any.has(word) || (prefix && n === forms.length - 1 && word.startsWith(words[n]!)),
    )
    if (i !== -1) found.push({ i, start, end })
  }
  let best = { start: 0, end: 0, distinct: 0 }
  for (const [at, first] of found.entries()) {
    const within = found.slice(at, at + 50).filter(({ end }) => end - first.start <= CONTEXT_CHARS)
    const distinct = new Set(within.map(({ i }) => i)).size
    if (distinct > best.distinct) best = { start: first.start, end: within.at(-1)!.end, distinct }
    if (distinct === forms.length) break
  }
  const spare = Math.max(0, CONTEXT_CHARS - (best.end - best.start) - 2)
  const from = Math.max(0, best.start - Math.floor(spare / 2))
  const piece = text.slice(from, from + CONTEXT_CHARS - 2)
  const shown = `${from > 0 ? '…' : ''}${piece.replace(/\s+/g, ' ').trim()}${from + piece.length < text.length ? '…' : ''}`
  return { shown, start: best.start, end: best.end }
}

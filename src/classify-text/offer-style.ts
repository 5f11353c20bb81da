/**
 * The style of an offer, independent of its content: length, capitals, exclamation marks, digits, currency, contacts.
 * Marks of layout (line breaks, entities) are left out: they depend on the table of a row, not on its author.
 */

const CONTACTS = {
  url: /\[url\]|https?:\/\/|\bwww\./gi,
  mail: /\[email\]|[\p{L}\p{N}]@[\p{L}\p{N}]/giu,
  phone: /\[phone\]|\+?\d[\d ()-]{7,}\d/gi,
} as const

/** @param words of the same text; @returns a few marks, each a name with a step */
export function styleOf(text: string, words: readonly string[]): string[] {
  if (words.length === 0) return ['empty']
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0
  return [
    `length ${step(words.length, 10, 25, 50, 100, 200, 400, 800)}`,
    `capitals ${step(count(/\p{Lu}/gu) / Math.max(1, count(/\p{L}/gu)), 0.02, 0.04, 0.06, 0.1, 0.2)}`,
    `exclamations ${step(count(/!/g), 1, 2, 4, 8)}`,
    `questions ${step(count(/\?/g), 1, 3)}`,
    `digits ${step(count(/\d/g) / text.length, 0.001, 0.005, 0.01, 0.03)}`,
    `links ${step(count(CONTACTS.url), 1, 2, 4)}`,
    `mails ${step(count(CONTACTS.mail), 1, 2)}`,
    `phones ${step(count(CONTACTS.phone), 1)}`,
    `currency ${step(count(/[$£€]/g), 1, 2, 4)}`,
    `sentence ${step(words.length / Math.max(1, count(/[.!?]/g)), 8, 14, 20, 30)}`,
    `word ${step(words.reduce((sum, word) => sum + word.length, 0) / words.length, 4, 4.5, 5, 5.5, 6)}`,
  ]
}

function step(value: number, ...from: readonly number[]): number {
  return from.filter((least) => value >= least).length
}

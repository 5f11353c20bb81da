/**
 * Finds the language of the lines of a picture before all are read: the networks of every script read the two longest
 * lines, and the one that is surest reads the rest. Languages of one script differ by letters and by words that the
 * network knows, so confidence tells them apart where a script does not. Where words alone decide (French without its
 * accents), the language of the text that was read does: its network is taken unless it is clearly less sure.
 */
import type { ReadWord } from './text-line.ts'

/** The network of one language. */
export interface Network {
  /** ISO 639-2. */
  readonly language: string
  /** ISO 639-1, as the language of a text is named; empty: none. */
  readonly iso6391: string
  readonly script: string
}

/** Those that come with the program. The first of a script tells whether the script is right. */
export const SHIPPED: readonly Network[] = [
  { language: 'eng', iso6391: 'en', script: 'Latin' },
  { language: 'lit', iso6391: 'lt', script: 'Latin' },
  { language: 'spa', iso6391: 'es', script: 'Latin' },
  { language: 'por', iso6391: 'pt', script: 'Latin' },
  { language: 'fra', iso6391: 'fr', script: 'Latin' },
  { language: 'ell', iso6391: 'el', script: 'Greek' },
  { language: 'ben', iso6391: 'bn', script: 'Bengali' },
]

/** Mean confidence from which a script is taken without asking others: letters of another script stay below. */
export const SURE_OF_SCRIPT = 80
/** English reads plain letters of its neighbours well: another language must be surer by this much. */
const SURER_BY = 0.4

const LESS_SURE_BY = 4

/** ISO 639-1 of a text; null: too short to tell. */
export type LanguageOf = (text: string) => string | null

export type ReadSample = (language: string) => Promise<readonly (readonly ReadWord[])[]>

/** @returns the languages in the order of their confidence; the first reads the picture */
export async function chosenLanguages(
  installed: readonly Network[],
  sample: ReadSample,
  languageOf: LanguageOf,
): Promise<readonly string[]> {
  const sure = new Map<string, number>()
  const ask = async (language: string) => {
    if (!sure.has(language)) sure.set(language, confidenceOf(await sample(language)))
    return sure.get(language)!
  }
  const scripts = [...new Set(installed.map(({ script }) => script))].map((script) =>
    installed.filter((one) => one.script === script).map(({ language }) => language),
  )
  let best: readonly string[] = scripts[0] ?? []
  let bestSure = -1
  for (const script of scripts) {
    const confidence = await ask(script[0]!)
    if (confidence > bestSure) [best, bestSure] = [script, confidence]
    if (confidence >= SURE_OF_SCRIPT) break
  }
  for (const language of best) await ask(language)
  const first = best[0]
  const worth = (language: string) => sure.get(language)! - (language === first ? 0 : SURER_BY)
  const sorted = [...best].sort((a, b) => worth(b) - worth(a) || best.indexOf(a) - best.indexOf(b))
  const [surest] = sorted
  if (surest === undefined) return []
  const lines = await sample(surest)
  const named = languageOf(lines.map(textOfWords).join('\n'))
  const told = installed.find(({ iso6391 }) => iso6391 === named)?.language
  return told !== undefined && best.includes(told) && sure.get(told)! >= sure.get(surest)! - LESS_SURE_BY
    ? [told, ...sorted.filter((one) => one !== told)]
    : sorted
}

/** Mean confidence of the letters: a long word counts more than a mark that was taken for one. */
export function confidenceOf(lines: readonly (readonly ReadWord[])[]): number {
  let [letters, sum] = [0, 0]
  for (const { text, confidence } of lines.flat()) {
    letters += text.length
    sum += text.length * confidence
  }
  return letters === 0 ? 0 : sum / letters
}

function textOfWords(words: readonly ReadWord[]): string {
  return words.map(({ text }) => text).join(' ')
}

/** Whether a plan has the words in pictures read: its models name those that read them, which a scan without a legal basis has not. */
import type { Plan } from './case.ts'

/** Id among the models of a plan, and name of their folder. */
export const WORDS_IN_PICTURES = 'words'

/** The same of each further language, before its code (ISO 639-2): `words-deu`. */
export const LANGUAGE_ID = 'words-'

export function readsWordsInPictures({ models }: Pick<Plan, 'models'>): boolean {
  return models.some(({ id }) => id === WORDS_IN_PICTURES)
}

/** Null: the model is not a further language. */
export function languageOfId(id: string): string | null {
  return id.startsWith(LANGUAGE_ID) ? id.slice(LANGUAGE_ID.length) : null
}

/** Further languages that a plan names, in the plan's order. */
export function languagesIn(models: Plan['models']): string[] {
  return models.flatMap(({ id }) => languageOfId(id) ?? [])
}

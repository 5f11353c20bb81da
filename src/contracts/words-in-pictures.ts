/** Whether a plan has the words in pictures read: its models name those that read them, which a scan without a legal basis has not. */
import type { Plan } from './case.ts'

/** Id among the models of a plan, and name of their folder. */
export const WORDS_IN_PICTURES = 'words'

export function readsWordsInPictures({ models }: Pick<Plan, 'models'>): boolean {
  return models.some(({ id }) => id === WORDS_IN_PICTURES)
}

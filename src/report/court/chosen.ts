/** Describes the contents and names that a person chose not to show in the court's edition. */
import type { Choice, Listed } from './contents.ts'
import type { CourtTexts } from './texts.ts'

/** Describes the choice, and how much it leaves out. */
export function chosenWords(
  { categories, places, redact }: Choice,
  { leftOut }: Listed,
  texts: CourtTexts,
): string[] {
  const what = [
    ...(categories.length > 0 ? [texts.say('choice-categories', { items: categories })] : []),
    ...(places.length > 0 ? [texts.say('choice-places', { items: places })] : []),
  ]
  return [
    ...(what.length > 0
      ? [texts.say('left-out', { contents: leftOut, what: texts.custom.clauses(what) })]
      : []),
    ...(redact.length > 0 ? [texts.say('redacted', { rules: redact })] : []),
  ]
}

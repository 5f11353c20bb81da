/** Categories by their name on their own scale, with what the name means in the court's language where the scale comes with the program. */
import type { Meaning } from '../../contracts/hash-set.ts'
import labels from '../texts/category-labels.json' with { type: 'json' }
import type { Row } from './row.ts'
import type { CourtKey, CourtTexts } from './texts.ts'

/** A scale as far as a report needs it: `match/scale.ts` reads the tables. */
export interface NamedScale {
  readonly id: string
  readonly categories: Readonly<Record<string, { readonly label: string; readonly meaning: Meaning }>>
}

/** Names on the scales of hashsets/scales; a test asks that none is missing. The name itself is always quoted as it stands. */
const MEANT: Readonly<Record<string, string>> = labels

export function hasMeaning(label: string): boolean {
  return Object.hasOwn(MEANT, label)
}

export interface Category {
  readonly category: string | null
  readonly scale: string | null
  /** As the ledger has it; null where no table named it. */
  readonly label: string | null
}

export function categoryWords({ category, scale, label }: Category, texts: CourtTexts): string {
  if (category === null) return texts.say('no-category')
  const given = { category, ...(scale === null ? {} : { scale }) }
  return label === null
    ? texts.say('category-unnamed', given)
    : texts.say('category-named', { ...given, label })
}

/** Scale, category, name, and what the name means in the report's language; each once. In English the names speak for themselves. */
export function categoryRows(all: readonly Category[], texts: CourtTexts): readonly Row[] {
  if (texts.isBinding) return []
  const rows = all.flatMap(({ category, scale, label }): Row[] =>
    category === null || label === null || !hasMeaning(label)
      ? []
      : [[scale ?? '–', category, label, texts.say(MEANT[label] as CourtKey)]],
  )
  return [...new Map(rows.map((row) => [row.join('\0'), row])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row)
}

/** The name of a category that a person gave, from the tables at hand. */
export function labelOf(
  scales: readonly NamedScale[],
  scale: string,
  category: string | null,
): string | null {
  return meantBy(scales, scale, category)?.label ?? null
}

/** Whether a category says that the content is of no interest to the case. */
export function isNotPertinent(
  scales: readonly NamedScale[],
  scale: string,
  category: string | null,
): boolean {
  return meantBy(scales, scale, category)?.meaning === 'known'
}

function meantBy(scales: readonly NamedScale[], scale: string, category: string | null) {
  const table = scales.find(({ id }) => id === scale)
  return category !== null && table && Object.hasOwn(table.categories, category)
    ? table.categories[category]
    : undefined
}

/**
 * Categories by their name on their own scale. For a scale that comes with the program, the report adds the meaning of
 * the name in the court's language.
 */
import type { Meaning } from '../../contracts/hash-set.ts'
import labels from '../texts/category-labels.json' with { type: 'json' }
import type { Row } from './row.ts'
import type { CourtKey, CourtTexts } from './texts.ts'

/** The fields of a scale that a report needs; `match/scale.ts` reads the tables. */
export interface NamedScale {
  readonly id: string
  readonly categories: Readonly<Record<string, { readonly label: string; readonly meaning: Meaning }>>
}

/**
 * Meanings of the names on the scales of hashsets/scales; a test checks that no name is missing. The name itself is
 * always quoted unchanged.
 */
const MEANT: Readonly<Record<string, string>> = labels

export function hasMeaning(label: string): boolean {
  return Object.hasOwn(MEANT, label)
}

export interface Category {
  readonly category: string | null
  readonly scale: string | null
  /** The name as the ledger stores it; null where no table named it. */
  readonly label: string | null
}

export function categoryWords({ category, scale, label }: Category, texts: CourtTexts): string {
  if (category === null) return texts.say('no-category')
  const given = { category, ...(scale === null ? {} : { scale }) }
  return label === null
    ? texts.say('category-unnamed', given)
    : texts.say('category-named', { ...given, label })
}

/**
 * Scale, category, name, and the meaning of the name in the report's language; each row once. The English report needs
 * no meanings.
 */
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

/** The name of a category that a person gave, from the loaded scale tables. */
export function labelOf(
  scales: readonly NamedScale[],
  scale: string,
  category: string | null,
): string | null {
  return meantBy(scales, scale, category)?.label ?? null
}

/** Whether the category marks the content as of no interest to the case. */
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

/** Columns of all findings from a list: the list, its edition, and its own category. */
import type { Hit } from '../contracts/finding.ts'
import type { Meaning } from '../contracts/hash-set.ts'
import type { Cell, FindingRow } from './finding-kind.ts'

export type OfList = Pick<
  Hit,
  'hashSet' | 'hashSetSha256' | 'edition' | 'category' | 'scale' | 'categoryLabel' | 'meaning'
>

export const LIST = ['hash_set text', 'hash_set_sha256 text', 'edition text?'] as const
export const CATEGORY = ['category text?', 'scale text?', 'category_label text?', 'meaning text'] as const

export const OF_ILLEGAL_OR_INTEREST = "meaning <> 'known'"

/** The same of a finding. */
export function isOfIllegalOrInterest({ meaning }: OfList): boolean {
  return meaning !== 'known'
}

export function listCells({ hashSet, hashSetSha256, edition }: OfList): Cell[] {
  return [hashSet, hashSetSha256, edition]
}

export function categoryCells({ category, scale, categoryLabel, meaning }: OfList): Cell[] {
  return [category, scale, categoryLabel, meaning]
}

export function ofListFromRow(row: FindingRow): OfList {
  return {
    hashSet: row.hash_set as string,
    hashSetSha256: row.hash_set_sha256 as string,
    edition: row.edition as string | null,
    category: row.category as string | null,
    scale: row.scale as string | null,
    categoryLabel: row.category_label as string | null,
    meaning: row.meaning as Meaning,
  }
}

export const LIST_SAYS = {
  meaning: 'text',
  list: 'text',
  edition: 'text?',
  category: 'text?',
  scale: 'text?',
} as const

export function listParams({ meaning, hashSet, edition, category, scale }: OfList) {
  return {
    meaning,
    list: hashSet,
    ...(edition !== null && { edition }),
    ...(category !== null && { category }),
    ...(scale !== null && { scale }),
  }
}

export function joined(algorithms: readonly string[]): string {
  return [...algorithms].sort().join(',')
}

export function split(text: FindingRow[string] | undefined): string[] {
  return typeof text === 'string' && text !== '' ? text.split(',') : []
}

export function listText({ meaning, hashSet, categoryLabel, category }: OfList): string {
  return [meaning, hashSet, categoryLabel ?? category ?? ''].join(' ')
}

/** Counts of places, contents and list records. */
import type { EntryView } from '../../contracts/view.ts'

export interface Count {
  /** Places: names on the exhibit, including those in further copies of containers. */
  entries: number
  /** Distinct contents. */
  contents: number
  /** Number of list records that match these contents. */
  records: number
}

/**
 * One place, with the unlisted places that follow from it; its content with the records that agree, at its first place.
 */
export function add(
  count: Count,
  { placesLeftOut }: Pick<EntryView, 'placesLeftOut'>,
  first: boolean,
  records: number,
): void {
  if (records === 0) return
  count.entries += 1 + Number(placesLeftOut)
  if (!first) return
  count.contents++
  count.records += records
}

export function newCount(): Count {
  return { entries: 0, contents: 0, records: 0 }
}

/** What records say was done with a content, counted: which way it went, never who did it. */
import type { ContentRecord } from '../contracts/view.ts'

/** Only what there is: neither is ever 0. */
export interface Handled {
  readonly shared?: number
  readonly sent?: number
}

/** @returns null where no record says that it left the device */
export function handledOf(records: readonly ContentRecord[]): Handled | null {
  const count = (direction: ContentRecord['direction']) =>
    records.filter((one) => one.direction === direction).length
  const [shared, sent] = [count('shared'), count('sent')]
  if (shared + sent === 0) return null
  return { ...(shared > 0 && { shared }), ...(sent > 0 && { sent }) }
}

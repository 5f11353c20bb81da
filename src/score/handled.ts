/** Counts records about sharing or sending a content: the direction, never the person. */
import type { ContentRecord } from '../contracts/view.ts'

/** Only present counts: neither is ever 0. */
export interface Handled {
  readonly shared?: number
  readonly sent?: number
}

/** @returns null if no record states that the content left the device */
export function handledOf(records: readonly ContentRecord[]): Handled | null {
  const count = (direction: ContentRecord['direction']) =>
    records.filter((one) => one.direction === direction).length
  const [shared, sent] = [count('shared'), count('sent')]
  if (shared + sent === 0) return null
  return { ...(shared > 0 && { shared }), ...(sent > 0 && { sent }) }
}

/** What the page is told of a person's exposure today. */
import type { Progress } from './said.ts'

export type DaySaid = Pick<Progress, 'pictures' | 'seconds' | 'limit'>

export const NOTHING_SEEN: DaySaid = {
  pictures: { shown: 0, most: null },
  seconds: { shown: 0, most: null },
  limit: 'free',
}

/**
 * The view of a content that the program had shown to a person before the decision. Reports show it with every
 * decision.
 */
import type { Sight } from '../../contracts/custody.ts'
import type { Hit } from '../../contracts/finding.ts'
import type { RecordedDecision } from './decisions.ts'

/** Rounded up to a tenth; null where the log does not say it. */
export function secondsInSight({ seenMs }: Pick<RecordedDecision, 'seenMs'>): number | null {
  return seenMs === null ? null : Math.ceil(seenMs / 100) / 10
}

/** Standing decisions, and those of them for which the program had shown that person nothing of the content. */
export interface SightCounts {
  readonly decisions: number
  readonly unseen: number
  /** Of those without sight, on contents that a list holds. */
  readonly list: number
}

/** @param contents standing decisions and hits of each content */
export function countSights(
  contents: Iterable<readonly [readonly Pick<RecordedDecision, 'seen'>[], readonly Hit[]]>,
): SightCounts {
  const counts = { decisions: 0, unseen: 0, list: 0 }
  for (const [stands, hits] of contents)
    for (const made of stands) {
      const sight = sightOf(made, hits)
      counts.decisions++
      if (sight === 'list' || sight === 'unseen') counts.unseen++
      if (sight === 'list') counts.list++
    }
  return counts
}

/** Whether the person had been shown something of the content by this program. */
export function isOnSight({ seen }: Pick<RecordedDecision, 'seen'>): boolean {
  return seen !== 'nothing' && seen !== 'imported'
}

/** @param hits of the content */
export function sightOf({ seen }: Pick<RecordedDecision, 'seen'>, hits: readonly Hit[]): Sight {
  if (seen !== 'nothing') return seen
  return hits.some(({ meaning }) => meaning !== 'known') ? 'list' : 'unseen'
}

/** Event with the number of contents that were read and hashed a second time, and the results. */
import type { RunHistory } from './ledger-reader.ts'

export const READ_AGAIN = 'contents-read-again'

/**
 * Why a content is read again: a hit, suppression by a known list, a random draw, or a first reader that had reported
 * falsely.
 */
export type WhyAgain = 'hit' | 'known' | 'other' | 'doubted'

export interface AgainCount {
  /** Readings that could be checked. */
  readonly of: number
  readonly asked: number
  readonly agreed: number
  /** No second process could read it. */
  readonly unanswered: number
}

export interface ReadAgain extends Readonly<Record<WhyAgain, AgainCount>> {
  /** Contents for which the second process reported a different reading. */
  readonly differing: number
  /** Processes that were ended because of a difference. */
  readonly distrusted: number
}

/** Sum over all parts of a run; null: nothing was read, or the program's version read nothing again. */
export function readAgainOf(ledger: Pick<RunHistory, 'events'>): ReadAgain | null {
  const details = ledger.events().flatMap(({ event, detail }) => (event === READ_AGAIN ? [detail] : []))
  if (details.length === 0) return null
  const sum = (name: string) =>
    details.reduce(
      (total, detail) => total + (/^\d{1,15}$/.test(detail[name] ?? '') ? Number(detail[name]) : 0),
      0,
    )
  const count = (why: WhyAgain): AgainCount => ({
    of: sum(`${why}-of`),
    asked: sum(`${why}-asked`),
    agreed: sum(`${why}-agreed`),
    unanswered: sum(`${why}-unanswered`),
  })
  return {
    hit: count('hit'),
    known: count('known'),
    other: count('other'),
    doubted: count('doubted'),
    differing: sum('differing'),
    distrusted: sum('distrusted'),
  }
}

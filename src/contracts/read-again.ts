/** The event of a run that says how many contents were read and hashed a second time, and what came of it. */
import type { LedgerReader } from './ledger.ts'

export const READ_AGAIN = 'contents-read-again'

/** Why a content is asked again: a list speaks of it, a known list suppresses it, it was drawn, or who read it first had lied. */
export const WHY_AGAIN = ['hit', 'known', 'other', 'doubted'] as const
export type WhyAgain = (typeof WHY_AGAIN)[number]

export interface AgainCount {
  /** Answers that asking may have met. */
  readonly of: number
  readonly asked: number
  readonly agreed: number
  /** No second process could read it. */
  readonly unanswered: number
}

export interface ReadAgain extends Readonly<Record<WhyAgain, AgainCount>> {
  /** Contents that a second process read otherwise. */
  readonly differing: number
  /** Processes that were ended because of it. */
  readonly distrusted: number
}

/** Of all parts of a run together; null: nothing was read, or by a program that asked nothing again. */
export function readAgainOf(ledger: Pick<LedgerReader, 'events'>): ReadAgain | null {
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

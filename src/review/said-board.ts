/** What the page of a served case is told beside contents: how far the case is, and who is at work. Types only. */
import type { Pass } from '../contracts/custody.ts'

/** Where a person is at work; `board`: the progress of the case, without contents. */
export type Place = Pass | 'board'

export interface BoardPerson {
  readonly name: string
  readonly role: 'read' | 'grade' | 'adjudicate' | 'lead' | 'none'
  /** Where the person is at work now; null: not here. */
  readonly at: Place | null
  /** Contents of the lease, and those that are left of it. */
  readonly leased: number
  readonly left: number
  /** Decisions a minute of this session; null with too few for an estimate. */
  readonly perMinute: number | null
  /** Decisions of this day, in the time zone of the case. */
  readonly decidedToday: number
  readonly decided: number
  /** Pictures shown today above the level of cells, and the time. */
  readonly picturesToday: number
  readonly secondsToday: number
}

export interface Board {
  /** Contents of the case, and those that one person, and two or more, decided on. */
  readonly contents: number
  readonly graded: number
  readonly gradedTwice: number
  readonly differing: number
  readonly needsEyes: number
  /** Empty for a person who reads: exposure is personal data. */
  readonly persons: readonly BoardPerson[]
}

export interface BoardGreeting {
  readonly at: 'board'
  readonly key: string
  readonly caseId: string
  readonly operator: string
  /** The lead hands work to others. */
  readonly isLead: boolean
  readonly places: readonly Place[]
  readonly language: string
  readonly words: Readonly<Record<string, string>>
  readonly unreviewed: string
}

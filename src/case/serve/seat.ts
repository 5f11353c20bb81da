/** A person at work on a served case: one session, opened by a certificate and left when it ends or falls silent. */
import { newSecret } from '../../review/guard.ts'
import type { Review } from '../../review/route.ts'
import type { Ending } from '../../review/run-route.ts'
import type { Place } from '../../review/said-board.ts'
import type { Certified } from './certificate.ts'
import { RequestNumbers } from './request-numbers.ts'

/** A review that was opened for one person. */
export interface OpenedReview {
  readonly review: Review
  /** Logs the end, and frees files and processes. @returns the ending with what went wrong */
  close(ending: Ending): Promise<Ending>
}

export class Seat {
  readonly who: Certified
  readonly at: Place
  /** Null at the board. */
  readonly opened: OpenedReview | null
  readonly key = newSecret()
  readonly numbers = new RequestNumbers()
  heardMs = performance.now()
  activeMs = performance.now()

  constructor(who: Certified, at: Place, opened: OpenedReview | null) {
    this.who = who
    this.at = at
    this.opened = opened
  }

  heard(isActive: boolean): void {
    this.heardMs = performance.now()
    if (isActive) this.activeMs = this.heardMs
  }
}

/** A route of the page, and what it may use of the review. */
import type { Acts } from './acts.ts'
import type { Body } from './bodies.ts'
import type { Reveals } from './reveals.ts'
import type { Screens } from './screens.ts'
import type { ReviewSession } from './session.ts'
import type { Pieces } from './tile-pieces.ts'

/** Pieces are sent one by one, as each is made. */
export type RouteAnswer = object | Buffer | Pieces

/** One review, for the server and its routes. */
export interface Review {
  readonly session: ReviewSession
  readonly acts: Acts
  /** Null when no exhibit was named. */
  readonly reveals: Reveals | null
  readonly screens: Screens
}

export interface Route {
  readonly path: string
  /** True for an act of a person: the session is not idle. */
  readonly isActive: boolean
  readonly answer: (review: Review, body: Body) => RouteAnswer | Promise<RouteAnswer>
}

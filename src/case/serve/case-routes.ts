/** Requests that only a served case has: the next work, the board, and handing work to others. */
import { type Body, lineIn } from '../../review/bodies.ts'
import { PageRefusal } from '../../review/page-refusal.ts'
import type { RouteAnswer } from '../../review/route.ts'
import type { Board, BoardGreeting } from '../../review/said-board.ts'
import { PASSES_OF, type Role, WATCHING } from '../roles.ts'
import type { Certified } from './certificate.ts'
import type { Leases } from './leases.ts'
import type { Seat } from './seat.ts'
import type { Seats } from './seats.ts'

export interface CaseRouteParts {
  readonly leases: Leases
  readonly seats: Seats
  readonly greetBoard: (who: Certified, role: Role) => Omit<BoardGreeting, 'key' | 'places'>
  readonly board: (role: Role) => Board
  readonly logReassigned: (by: Certified, detail: Readonly<Record<string, string>>) => void
}

interface CaseRoute {
  readonly path: string
  readonly isActive: boolean
  readonly mayAsk: (role: Role) => boolean
  readonly answer: (parts: CaseRouteParts, seat: Seat, role: Role, body: Body) => RouteAnswer
}

const MOST_NAME = 200

export const CASE_ROUTES: readonly CaseRoute[] = [
  {
    path: '/api/work',
    isActive: true,
    mayAsk: (role) => PASSES_OF[role].length > 0,
    answer: ({ leases }, { opened }) => {
      if (opened === null) throw new PageRefusal('refused-no-pass')
      const { session } = opened.review
      leases.take(session, performance.now())
      return session.progress()
    },
  },
  {
    path: '/api/board',
    isActive: true,
    mayAsk: (role) => WATCHING.includes(role),
    answer: ({ board }, _, role) => board(role),
  },
  {
    path: '/api/reassign',
    isActive: true,
    mayAsk: (role) => role === 'lead',
    answer: ({ leases, seats, board, logReassigned }, { who }, role, { from, to }) => {
      const giver = lineIn(from, MOST_NAME)
      const taker = to === null ? null : lineIn(to, MOST_NAME)
      const lease = leases.held(giver)
      if (lease === undefined) throw new PageRefusal('refused-holds-none', { person: giver })
      if (taker !== null && (taker === giver || seats.of(taker)?.at !== lease.pass))
        throw new PageRefusal('refused-not-at-work', { person: taker, pass: lease.pass })
      const contents = leases.reassign(giver, taker)
      logReassigned(who, {
        from: giver,
        ...(taker === null ? {} : { to: taker }),
        pass: lease.pass,
        contents: contents.join(' '),
      })
      return board(role)
    },
  },
]

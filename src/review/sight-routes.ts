/** Requests of the page for tiles at a level of sight. */
import { SCREEN_LEVELS, type ScreenLevel, TREATMENTS, type Treatment } from '../contracts/sight.ts'
import { type Body, nonsense, sha256In, wholeIn } from './bodies.ts'
import type { Route } from './route.ts'

const WANTS = ['tile', 'strip', 'sheet', 'scrub'] as const
/** Positions in one request. */
const MOST_NEEDED = 200

export const SIGHT_ROUTES: readonly Route[] = [
  {
    path: '/api/screen',
    isActive: true,
    answer: ({ screens }, body) =>
      screens.ask({
        view: wholeIn(body.view),
        from: wholeIn(body.from),
        count: wholeIn(body.count),
        need: positionsIn(body.need),
        ahead: wholeIn(body.ahead),
        level: levelIn(body.level),
        treatment: treatmentIn(body.treatment),
        turn: wholeIn(body.turn),
      }),
  },
  {
    path: '/api/lift',
    isActive: true,
    answer: ({ screens }, body) => {
      const want = WANTS.find((one) => one === body.want)
      if (!want) throw nonsense('want')
      return screens.lift({
        sha256: sha256In(body.sha256),
        level: levelIn(body.level),
        treatment: treatmentIn(body.treatment),
        want,
        turn: wholeIn(body.turn),
      })
    },
  },
  {
    path: '/api/lower',
    isActive: true,
    answer: ({ screens, session }, body) => {
      screens.lower(wholeIn(body.turn))
      return session.progress()
    },
  },
  {
    // The window was left: nothing is in sight.
    path: '/api/covered',
    isActive: false,
    answer: ({ screens, session }, body) => {
      screens.cover(wholeIn(body.turn))
      return session.progress()
    },
  },
]

function positionsIn(value: unknown): readonly number[] {
  if (!Array.isArray(value) || value.length > MOST_NEEDED) throw nonsense('need')
  return [...new Set(value.map(wholeIn))]
}

/** Null: the level at which the pass starts. */
function levelIn(value: Body[string]): ScreenLevel | null {
  if (value === null || value === undefined) return null
  const level = SCREEN_LEVELS.find((one) => one === value)
  if (!level) throw nonsense('level')
  return level
}

function treatmentIn(value: Body[string]): Treatment {
  const treatment = TREATMENTS.find((one) => one === value)
  if (!treatment) throw nonsense('treatment')
  return treatment
}

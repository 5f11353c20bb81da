/**
 * Levels at which a person sees a content, weakest first. No level is claimed to protect a person who looks: studies
 * found no such effect of blur or grey scale (docs/reference/review.md).
 */

/**
 * `cells`: at most 16 × 16 grey cells from the ledger. `blurred`: small, grey, and blurred or drawn. `grey`: small, grey
 * and clear. `colour`: one content in colour, for a reason.
 */
export const LEVELS = ['cells', 'blurred', 'grey', 'colour'] as const

export type Level = (typeof LEVELS)[number]

/** Levels of a screen of tiles; colour is of one content alone. */
export const SCREEN_LEVELS = ['cells', 'blurred', 'grey'] as const satisfies readonly Level[]

export type ScreenLevel = (typeof SCREEN_LEVELS)[number]

/** How a blurred tile is made: blurred by a Gaussian, or smoothed between its outlines. */
export const TREATMENTS = ['blur', 'drawn'] as const

export type Treatment = (typeof TREATMENTS)[number]

export function rankOf(level: Level): number {
  return LEVELS.indexOf(level)
}

export function lower<T extends Level>(a: T, b: T): T {
  return rankOf(a) < rankOf(b) ? a : b
}

/**
 * The level of sight for each content in each pass: a table of the program, or that of an agency's policy file. The person
 * may always see less.
 */
import type { Pass } from '../contracts/custody.ts'
import {
  type Level,
  lower,
  SCREEN_LEVELS,
  type ScreenLevel,
  TREATMENTS,
  type Treatment,
} from '../contracts/sight.ts'

/** `listed`: a list of illegal material contains it, so that the digest speaks and no eyes are needed. */
export type SightOf = 'listed' | 'other'

export interface SightRule {
  /** Level of a screen where the person chose none. */
  readonly start: ScreenLevel
  /** Highest level of a screen. */
  readonly screen: ScreenLevel
  /** Highest level of one tile while a key is held. */
  readonly held: ScreenLevel
}

export interface LevelLimits {
  readonly tiles: number | null
  readonly minutes: number | null
}

export interface SightRules {
  readonly of: Readonly<Record<Pass, Readonly<Record<SightOf, SightRule>>>>
  readonly treatments: readonly Treatment[]
  /** Limits of one person in one day, by level. */
  readonly day: Readonly<Partial<Record<Level, LevelLimits>>>
  /** Lowest level at which a decision of the pass may be made; absent: any, also without sight. */
  readonly needs: Readonly<Partial<Record<Pass, Level>>>
}

const FIRST = {
  listed: { start: 'cells', screen: 'cells', held: 'blurred' },
  other: { start: 'blurred', screen: 'blurred', held: 'grey' },
} as const satisfies Record<SightOf, SightRule>

const LATER = {
  listed: { start: 'cells', screen: 'blurred', held: 'grey' },
  other: { start: 'grey', screen: 'grey', held: 'grey' },
} as const satisfies Record<SightOf, SightRule>

export const DEFAULT_RULES: SightRules = {
  of: { first: FIRST, second: LATER, peer: LATER, adjudicate: LATER },
  treatments: TREATMENTS,
  day: {},
  needs: {},
}

/** @param wanted level that the person chose for screens; null: none */
export function screenLevel({ start, screen }: SightRule, wanted: ScreenLevel | null): ScreenLevel {
  return lower(wanted ?? start, screen)
}

/** One level above, for one tile; null where the rule allows none. */
export function liftedLevel({ held }: SightRule, from: ScreenLevel): ScreenLevel | null {
  const next = SCREEN_LEVELS[SCREEN_LEVELS.indexOf(from) + 1]
  return next === undefined || lower(next, held) !== next ? null : next
}

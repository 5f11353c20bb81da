/** What a key is pressed for. */
import type { ViewMade } from '../said.ts'
import type { TileCache } from './tile-cache.ts'

/** What a key refers to when it is pressed: the cursor and the view may be others when its turn comes. */
export interface Aim {
  readonly cache: TileCache | null
  readonly view: ViewMade
  readonly at: number
  readonly selected: readonly number[]
  /** The content behind the last one, which does not exist. */
  readonly isPastLast: boolean
  /** The cursor goes on afterwards. */
  readonly goesOn: boolean
  /** Pressed before the cursor went on: it is for the next content, where the cursor does go on. */
  readonly isAhead: boolean
  readonly moves: number
  readonly stays: number
}

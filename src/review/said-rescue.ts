/** What the page is told of the queue of rescue. */
import type { RescueMove } from '../ledger/custody/rescue-moves.ts'

/** A fact that put a content there; the page has the words. */
export type RescueReason =
  /** Not on any list, and made with a camera whose other pictures are here. `camera` is empty where it has no name. */
  | { readonly code: 'first-generation'; readonly camera: string; readonly others: number }
  /** A model marked a conversation. */
  | { readonly code: 'conversation'; readonly classifier: string; readonly score: string }
  /** Its time is within `days` days before the examination. */
  | { readonly code: 'recent'; readonly time: string; readonly days: number }
  | { readonly code: 'no-time' }

export interface RescueSaid {
  readonly isIn: boolean
  /** Of the rule; empty where the rule does not apply. */
  readonly reasons: readonly RescueReason[]
  /** What persons did, oldest first; in a blind pass only what this person did. */
  readonly moves: readonly RescueMove[]
}

export interface RescueCounted {
  /** Contents of the pass that stand in the queue; null while the rule is asked. */
  readonly rescue: number | null
  /** How much of the ledger the rule was asked of, from 0 to 1. */
  readonly share: number
}

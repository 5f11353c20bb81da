/**
 * Messages between page and server: types only, so that the page contains no code of the server. Bodies are JSON,
 * pixels are bytes.
 */
import type { Pass, RevealReason, Sight } from '../contracts/custody.ts'
import type { ScreenLevel, Treatment } from '../contracts/sight.ts'
import type { Place } from './said-board.ts'
import type { GradedElsewhere } from './said-elsewhere.ts'
import type { Keymap } from './said-keys.ts'
import type { RescueSaid } from './said-rescue.ts'

export type { ScreenLevel, Treatment } from '../contracts/sight.ts'

export const ORDERS = [
  'priority',
  'list',
  'place',
  'time',
  'camera',
  'similarity',
  'similar-listed',
  'grade-next',
] as const
export type Order = (typeof ORDERS)[number]

/**
 * Subsets of the pass: all contents, those that may speak of a child at risk now, those without my decision, those that
 * need a second look, those on which two persons differ.
 */
export const QUEUES = ['all', 'rescue', 'left', 'needs-eyes', 'differing'] as const
export type Queue = (typeof QUEUES)[number]

export interface Category {
  readonly id: string
  readonly label: string
  /** Null when the scale's table has no keys; the program does not guess one. */
  readonly key: string | null
}

/** Answer to `hello`. */
export interface Greeting {
  /** Key of this session, sent with every later request. */
  readonly key: string
  readonly caseId: string
  readonly exhibitId: string
  readonly operator: string
  readonly pass: Pass
  readonly scale: { readonly id: string; readonly title: string; readonly categories: readonly Category[] }
  readonly keymap: Keymap
  /** Language of the labels; text of the record stays in English. */
  readonly language: string
  readonly words: Readonly<Record<string, string>>
  /** Note that the labels were not reviewed; empty where they were. */
  readonly unreviewed: string
  readonly progress: Progress
  /** Settings of reveals, or the reason why no reveal is possible. */
  readonly reveal:
    | { readonly mostMs: number; readonly reasons: readonly RevealReason[] }
    | { readonly without: string }
  readonly sight: {
    readonly hasExhibit: boolean
    readonly treatments: readonly Treatment[]
    /** Level of a screen before the person chooses another one. */
    readonly start: ScreenLevel
    /** Levels of screens in this pass. */
    readonly levels: readonly ScreenLevel[]
  }
  /** Time after which a pause is suggested. */
  readonly pauseMs: number
  readonly partial: boolean
  /** Numbers of contents that a list of privileged contents closes; `listed`: of these, on lists. */
  readonly closed: { readonly contents: number; readonly listed: number }
  /** Only where a case is served: passes of the person's role, and the board. Contents come in leases. */
  readonly places?: readonly Place[]
}

export interface Progress {
  /** Number of contents in the pass. */
  readonly total: number
  readonly left: number
  readonly needsEyes: number
  /** At the pace of this session; null with too few decisions for an estimate. */
  readonly leftMs: number | null
  /** Decisions a minute of this session; null as above. */
  readonly perMinute: number | null
  /** Pictures shown to this person today; each frame of a video counts. */
  readonly pictures: { readonly shown: number; readonly most: number | null }
  readonly seconds: { readonly shown: number; readonly most: number | null }
  /** `warned` from 80 % of a limit on; `reached`: no further reveal today. */
  readonly limit: 'free' | 'warned' | 'reached'
}

export interface ViewAsked {
  readonly order: Order
  readonly queue: Queue
  /** In the language of `seized search`; empty: no filter. */
  readonly query: string
  /** True: one tile for each stack of near copies. */
  readonly stacked: boolean
  /** Only contents related to one content. */
  readonly around: { readonly sha256: string; readonly by: 'near' | 'camera' | 'folder' } | null
  /** Only contents below this node of the tree; absent or null: all. */
  readonly below?: number | null
}

export interface ViewMade {
  readonly view: number
  readonly tiles: number
}

export interface ScreenAsked {
  readonly view: number
  /** The tiles that are in sight: `count` from position `from`. */
  readonly from: number
  readonly count: number
  /** Positions of which the page has no pixels. */
  readonly need: readonly number[]
  /** Tiles behind them that are made meanwhile. */
  readonly ahead: number
  /** Level that the person chose; null: that of the pass. */
  readonly level: ScreenLevel | null
  readonly treatment: Treatment
  /** Counted by the page: an end that comes late ends nothing that was asked for after it. */
  readonly turn: number
}

/** One content above its level, or the frames of a video at the level of the screen. */
export interface LiftAsked {
  readonly sha256: string
  readonly level: ScreenLevel | null
  readonly treatment: Treatment
  readonly want: 'tile' | 'strip' | 'sheet' | 'scrub'
  /** As of a screen. */
  readonly turn: number
}

/** Header of one tile's pixels: its frames follow, grey, one after the other. */
export interface TileHead {
  readonly sha256: string
  readonly level: ScreenLevel
  readonly want: 'tile' | 'strip' | 'sheet' | 'scrub'
  /** Code of the reason why there are no pixels. */
  readonly without: string | null
  readonly frames: readonly { readonly width: number; readonly height: number }[]
}

/** One tile without its looks. */
export interface Tile {
  readonly sha256: string
  /** Printed name of the place that was recorded first. */
  readonly name: string
  /** 1–6; null when no rule gave a priority. */
  readonly priority: number | null
  readonly kind: 'picture' | 'video' | 'other'
  /** My category on this scale. */
  readonly mine: string | null
  readonly eyes: boolean
  /** Withheld in the pass `peer`. */
  readonly outcome: 'none' | 'single' | 'agreed' | 'differing' | 'adjudicated' | null
  /** Number of contents in its stack, including itself; 1 where the view has no stacks. */
  readonly stack: number
  readonly places: number
  /** A list of illegal material contains it. */
  readonly listed: boolean
  readonly tags: readonly string[]
}

/** The contents of a decision. `count` is the number that the person was shown: another number is refused. */
export type Target =
  | { readonly contents: readonly string[]; readonly count: number }
  | { readonly stackOf: string; readonly count: number }
  | { readonly view: number; readonly count: number }

export interface DecideAsked {
  readonly act: 'decided' | 'withdrawn' | 'adjudicated'
  readonly category: string | null
  readonly note: string
  readonly of: Target
}

export interface Decided {
  readonly decided: number
  /** Number of these contents that this program had not shown, by the basis of the decision. */
  readonly unseen: { readonly list: number; readonly unseen: number }
  readonly progress: Progress
}

export interface Details {
  readonly sha256: string
  /** The other digests, each with its algorithm. */
  readonly digests: readonly string[]
  readonly mediaType: string
  readonly sizeBytes: number
  /** Printed places; complete unless `more` are left out. */
  readonly places: readonly string[]
  readonly more: number
  /** Of the first place. */
  readonly times: readonly {
    readonly clock: 'born' | 'modified' | 'accessed' | 'changed'
    readonly time: string
  }[]
  /** Of each place; empty where it is not known. */
  readonly modified: readonly string[]
  /** 1–6; null when no rule gave a priority. */
  readonly priority: number | null
  readonly reasons: readonly string[]
  readonly findings: readonly string[]
  readonly attributes: readonly string[]
  /** Device records on the content: origin, recipient, time. */
  readonly records: readonly string[]
  readonly camera: string | null
  readonly rescue: RescueSaid
  readonly stack: number
  /** The most similar listed content, and how similar in parts per 10,000; null: not compared. */
  readonly similar: { readonly to: string; readonly per10k: number } | null
  /** The scan read it as a picture with words: the page may ask for them. */
  readonly hasWords: boolean
  readonly elsewhere: readonly GradedElsewhere[]
  readonly decisions: readonly {
    readonly who: string
    readonly when: string
    readonly what: string
    readonly note: string
    readonly sight: Sight
    /** Time in sight; null where the log does not say it. */
    readonly seenMs: number | null
  }[]
  readonly tags: readonly string[]
  readonly notes: readonly { readonly operator: string; readonly utc: string; readonly text: string }[]
  /** True: decisions of other persons are withheld. */
  readonly blind: boolean
}

export interface Refusal {
  /** In English. */
  readonly refused: string
  /** The same among the words of the page, with its parameters. */
  readonly word?: string
  readonly params?: Readonly<Record<string, string | number>>
  /** The session is over. */
  readonly ended?: boolean
}

/** What page and server say to each other: types only, so that the page holds no code of the server. Bodies are JSON, tiles are bytes. */
import type { Pass, RevealReason, Sight } from '../contracts/custody.ts'

export const ORDERS = ['priority', 'list', 'place', 'time', 'camera', 'similarity'] as const
export type Order = (typeof ORDERS)[number]

/** Which contents of the pass: all, those without my decision, those that need eyes, those on which two persons differ. */
export const QUEUES = ['all', 'left', 'needs-eyes', 'differing'] as const
export type Queue = (typeof QUEUES)[number]

export interface Category {
  readonly id: string
  readonly label: string
  /** Null: the scale's table has no keys; nothing is guessed. */
  readonly key: string | null
}

/** Answer to `hello`. */
export interface Greeting {
  /** Of this session: sent with everything that follows. */
  readonly key: string
  readonly caseId: string
  readonly exhibitId: string
  readonly operator: string
  readonly pass: Pass
  readonly scale: { readonly id: string; readonly title: string; readonly categories: readonly Category[] }
  /** Of its labels; what the record says stays in English. */
  readonly language: string
  readonly words: Readonly<Record<string, string>>
  /** That nobody reviewed the labels; empty where that is not so. */
  readonly unreviewed: string
  readonly progress: Progress
  /** Null: nothing can be revealed, and why. */
  readonly reveal:
    | { readonly mostMs: number; readonly reasons: readonly RevealReason[] }
    | { readonly without: string }
  /** After which a pause is suggested. */
  readonly pauseMs: number
  readonly partial: boolean
}

export interface Progress {
  /** Contents of the pass. */
  readonly total: number
  readonly left: number
  readonly needsEyes: number
  /** At the pace of this session; null: too few decisions to say. */
  readonly leftMs: number | null
  /** Of this person today; frames of a video count each. */
  readonly pictures: { readonly shown: number; readonly most: number | null }
  readonly seconds: { readonly shown: number; readonly most: number | null }
  /** `warned` from 80 % of a limit on; `reached`: nothing more is revealed today. */
  readonly limit: 'free' | 'warned' | 'reached'
}

export interface ViewAsked {
  readonly order: Order
  readonly queue: Queue
  /** In the language of `seized search`; empty: no filter. */
  readonly query: string
  /** One tile a stack of near copies. */
  readonly stacked: boolean
  /** Only what goes with one content. */
  readonly around: { readonly sha256: string; readonly by: 'near' | 'camera' | 'folder' } | null
}

export interface ViewMade {
  readonly view: number
  readonly tiles: number
}

/** One tile; the cells of its preview follow in the answer, `w` × `h` grey bytes. */
export interface Tile {
  readonly sha256: string
  readonly w: number
  readonly h: number
  /** 1–5; null: no rule asks for a look. */
  readonly priority: number | null
  readonly kind: 'picture' | 'video' | 'other'
  /** Mine, on this scale. */
  readonly mine: string | null
  readonly eyes: boolean
  /** Withheld in the pass `peer`. */
  readonly outcome: 'none' | 'single' | 'agreed' | 'differing' | 'adjudicated' | null
  /** Contents in its stack, itself included; 1 where the view has no stacks. */
  readonly stack: number
  readonly places: number
}

/** Which contents a decision is of. `count` is what the person was told: another number is refused. */
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
  /** Of these, how many this program showed nothing of, by what the decision then rests on. */
  readonly unseen: { readonly list: number; readonly unseen: number }
  readonly progress: Progress
}

export interface Details {
  readonly sha256: string
  readonly mediaType: string
  readonly sizeBytes: number
  /** Printed; every one where not `more` are left out. */
  readonly places: readonly string[]
  readonly more: number
  readonly times: readonly string[]
  readonly priority: string | null
  readonly reasons: readonly string[]
  readonly findings: readonly string[]
  readonly attributes: readonly string[]
  /** What records on the device say of it: where it came from, to whom it went, when. */
  readonly records: readonly string[]
  readonly camera: string | null
  readonly stack: number
  readonly decisions: readonly {
    readonly who: string
    readonly when: string
    readonly what: string
    readonly note: string
    readonly sight: Sight
  }[]
  /** Others' decisions are withheld. */
  readonly blind: boolean
}

export interface RevealAsked {
  readonly sha256: string
  readonly reason: RevealReason
  /** What the person typed; empty but where the reason is `other`. */
  readonly words: string
  readonly colour: boolean
  /** 0: none, 1, 2. */
  readonly blur: number
}

/** Of a reveal: its pixels follow, all frames one after the other. */
export interface RevealHead {
  /** Of its event. */
  readonly number: number
  readonly mostMs: number
  /** 1: grey, 3: RGB. */
  readonly channels: 1 | 3
  readonly frames: readonly { readonly width: number; readonly height: number }[]
}

export interface Refusal {
  readonly refused: string
  /** The session is over. */
  readonly ended?: boolean
}

/** What a run tells whoever watches it. */

import type { CaseInfo } from './case.ts'
import type { ClockBehind } from './clock.ts'
import type { EvidencePath } from './entry.ts'
import type { Hit } from './finding.ts'
import type { BlockSample } from './image-exhibit.ts'
import type { ImageState } from './image-state.ts'
import type { ReadAgain } from './read-again.ts'
import type { Phase } from './stage.ts'
import type { Summary } from './view.ts'

/** Why a run stopped before its end: Ctrl-C, an order of the system, a terminal that was closed, a reader that went away. */
const PAUSE_REASONS = ['interrupted', 'terminated', 'hung-up', 'reader-gone'] as const

export type PauseReason = (typeof PAUSE_REASONS)[number]

export interface Inside {
  readonly path: string
  readonly members: number
}

/** A content that takes long, printed, and how far it is. */
export interface Reading {
  readonly path: string
  readonly bytesDone: bigint
  readonly bytesTotal: bigint
}

export type ProgressEvent =
  | {
      readonly event: 'started'
      readonly case: CaseInfo
      readonly ledger: string
      readonly planDigest: string
    }
  | {
      readonly event: 'phase'
      readonly phase: Phase | 'seal'
      readonly entriesTotal: number
      readonly bytesTotal: bigint
      /** So far: a run that goes on has some from the start. */
      readonly hits: number
      readonly leads: number
      readonly notDone: number
    }
  | {
      readonly event: 'progress'
      readonly phase: Phase | 'seal'
      readonly entriesDone: number
      readonly entriesTotal: number | null
      readonly bytesDone: bigint
      readonly bytesTotal: bigint | null
      readonly bytesPerSecond: number
      readonly etaSeconds: number | null
      /** The container that is being opened, printed, and how many members it gave so far. */
      readonly inside?: Inside
      /** The largest content that is being read, once it has taken a second. */
      readonly reading?: Reading
      /** Names so far of a folder that is being listed, once it has taken a second. */
      readonly listing?: number
      readonly hits: number
      readonly leads: number
      readonly notDone: number
    }
  | { readonly event: 'hit'; readonly path: EvidencePath; readonly hit: Hit }
  | { readonly event: 'warning'; readonly message: string }
  | { readonly event: 'paused'; readonly reason: PauseReason; readonly ledger: string }
  | ({
      readonly event: 'summary'
      readonly case: CaseInfo
      readonly ledger: string
      readonly evidenceDigest: string
      readonly analysisDigest: string
      readonly chainHead: string
      /** Newest head of the custody log. */
      readonly custodyHead: string
      readonly ledgerSha256: string
      /** Of all entries together, in copies of containers too. */
      readonly places: bigint
      readonly clock: readonly ClockBehind[]
      readonly exitCode: number
      /** Whether the image is shown to be what was acquired; of a mount, the image that it was mounted from. */
      readonly image: ImageState
      /** Why it is not complete, what was not examined and what was recovered, in words: a line each. */
      readonly says: readonly string[]
      /** Of an image of which blocks were drawn, with what each draw says in words. */
      readonly samples?: readonly (BlockSample & { readonly says: string })[]
      /** Contents that were read a second time, and how many of the others may have been read falsely all the same. */
      readonly readAgain?: ReadAgain & { readonly notExcluded: number | null; readonly says: string }
    } & Summary)

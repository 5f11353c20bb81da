/** Progress events of a run. */

import type { CaseInfo } from './case.ts'
import type { ClockBehind } from './clock.ts'
import type { EvidencePath } from './entry.ts'
import type { Hit } from './finding.ts'
import type { BlockSample } from './image-exhibit.ts'
import type { ImageState } from './image-state.ts'
import type { ReadAgain } from './read-again.ts'
import type { Phase } from './stage.ts'
import type { Summary } from './view.ts'

/** Reasons for an early stop of a run: Ctrl-C, a system signal, a closed terminal, a closed output pipe. */
const PAUSE_REASONS = ['interrupted', 'terminated', 'hung-up', 'reader-gone'] as const

export type PauseReason = (typeof PAUSE_REASONS)[number]

export interface Inside {
  readonly path: string
  readonly members: number
}

/** Printed path of the content that has been examined for the longest time, and that time. */
export interface Working {
  readonly path: string
  readonly seconds: number
}

/** Printed path of a content that takes long, and its progress. */
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
      /** Counts so far; in a resumed run they do not start at 0. */
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
      /** Printed path of the container that is being expanded, and the number of its members so far. */
      readonly inside?: Inside
      /** The largest content that is being read, after one second. */
      readonly reading?: Reading
      /** The content that has been examined for the longest time, after three seconds. */
      readonly working?: Working
      /** Number of names so far in a folder that is being listed, after one second. */
      readonly listing?: number
      readonly hits: number
      readonly leads: number
      readonly notDone: number
    }
  | { readonly event: 'hit'; readonly path: EvidencePath; readonly hit: Hit }
  /** Something that may need a person's action. */
  | { readonly event: 'warning'; readonly message: string }
  /** A fact for the record: it stands in ledger and report too. */
  | { readonly event: 'note'; readonly message: string }
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
      /** Number of paths of all entries, also in copies of containers. */
      readonly places: bigint
      readonly clock: readonly ClockBehind[]
      readonly exitCode: number
      /** Comparison of the image with its acquisition hashes; for a mount: of the image behind the mount. */
      readonly image: ImageState
      /** Texts, one line each: why the run is incomplete, what was not examined, and what was recovered. */
      readonly says: readonly string[]
      /** Random samples of an image; `says` is the text for each sample. */
      readonly samples?: readonly (BlockSample & { readonly says: string })[]
      /**
       * Contents that were read a second time. `notExcluded`: number of other contents that may still have been read
       * falsely.
       */
      readonly readAgain?: ReadAgain & { readonly notExcluded: number | null; readonly says: string }
    } & Summary)

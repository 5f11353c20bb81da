/** Messages between the main process and the confined lister of an image. */

import type { ListedHeaderHashes } from '../contracts/hash-set.ts'
import type { Damage } from '../contracts/image.ts'
import type { ImageHash, SegmentFile } from '../contracts/image-exhibit.ts'
import type { Secret, UnlockedVolume } from '../contracts/lock.ts'
import type { FrameLimits } from '../process/frame.ts'
import type { FactsMessage } from './lister.ts'

/** The medium itself, outside of its volumes: offsets are counted from its beginning. */
export const MEDIUM = 0

/** Parts of a volume without a live file that the lister searches. */
export interface RemainsAsked {
  /** `carve-text`: also runs of text, in slack too; of a plan with a legal basis for text. */
  readonly remains: 'none' | 'known' | 'carve' | 'carve-text'
  readonly sample: { readonly draws: number; readonly seed: string } | null
  readonly lists: ListedHeaderHashes['lists']
}

export const LIST_FRAME = {
  /** run → lister, first and only: {@link ListSetUp}. */
  setUp: 1,
  /** lister → run, first: {@link ImageFacts}. */
  image: 48,
  /** lister → run: BatchMessage. */
  entries: 49,
  /** lister → run: a RangeMessage; the volumes in order, then the bytes outside of them. */
  range: 50,
  /** lister → run: number of the volume on which work begins. */
  at: 51,
  /** lister → run, last. */
  end: 52,
  /** lister → run, last: the image cannot be opened; RefusalMessage. */
  refused: 53,
  /** lister → run: bytes of the medium that were hashed so far. */
  hashed: 54,
  /** lister → run: a VerificationMessage. */
  verified: 55,
  /** lister → run, behind the facts of a description: an UnlockedMessage. No other message contains keys. */
  unlocked: 56,
  /** lister → run: an ExtentsMessage. */
  extents: 57,
} as const

/** With {@link ListedHeaderHashes}.packed behind it. */
export interface ListSetUp extends RemainsAsked {
  readonly parentPid: number
  readonly becomeId: number | null
  readonly segments: readonly SegmentFile[]
  /**
   * `describe`: facts and volumes only. `verify`: also hashes every byte, for the stored hashes and the given
   * algorithms. `extents`: only the names of the extents of a VMDK; the one segment is its descriptor file.
   */
  readonly task: 'list' | 'describe' | 'verify' | 'extents'
  readonly algorithms: readonly ImageHash['algorithm'][]
  readonly sparseLogicalBytes: number
  /** Damage that a verification of the whole image found. */
  readonly damage: readonly Damage[]
  readonly volumes: readonly number[] | null
  readonly passOver: readonly number[]
  /** Indices of ranges that were reported completely before; the lister reports them no more. */
  readonly given: readonly number[]
  /** To be tried on the locks of the image; of `describe` alone. */
  readonly secrets: readonly Secret[]
  /** Volumes that were opened before. */
  readonly unlocked: readonly UnlockedVolume[]
}

export type ImageFacts = FactsMessage

/** Limits of the first message to a lister: header hashes of a million contents are 64 MB. */
export const SET_UP_LIMITS: FrameLimits = { headerBytes: 64 * 1024 * 1024, payloadBytes: 2 ** 31 }

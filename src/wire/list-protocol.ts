/** What the run and the confined lister of an image say to each other. */

import type { ListedHeaderHashes } from '../contracts/hash-set.ts'
import type { Damage } from '../contracts/image.ts'
import type { ImageHash, SegmentFile } from '../contracts/image-exhibit.ts'
import type { FrameLimits } from '../process/frame.ts'
import type { FactsMessage } from './lister.ts'

/** The medium itself, outside of its volumes: offsets are counted from its beginning. */
export const MEDIUM = 0

/** Which remains of a volume the lister is asked to search. */
export interface RemainsAsked {
  readonly remains: 'none' | 'known' | 'carve'
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
  /** lister → run: a RangeMessage; volumes in their order, then what lies outside of them. */
  range: 50,
  /** lister → run: the volume that is worked at from here on. */
  at: 51,
  /** lister → run, last. */
  end: 52,
  /** lister → run, last: the image cannot be opened; RefusalMessage. */
  refused: 53,
  /** lister → run: bytes of the medium that were hashed so far. */
  hashed: 54,
  /** lister → run: a VerificationMessage. */
  verified: 55,
} as const

/** With {@link ListedHeaderHashes}.packed behind it. */
export interface ListSetUp extends RemainsAsked {
  readonly parentPid: number
  readonly becomeId: number | null
  readonly segments: readonly SegmentFile[]
  /** `describe`: facts and volumes only; `verify`: also every byte, against the hashes that are stored and those given. */
  readonly task: 'list' | 'describe' | 'verify'
  readonly algorithms: readonly ImageHash['algorithm'][]
  readonly sparseLogicalBytes: number
  /** Damage that a verification of the whole image met. */
  readonly damage: readonly Damage[]
  readonly volumes: readonly number[] | null
  readonly passOver: readonly number[]
  /** Ranges of which all was said before, by their place among all: nothing is said of them again. */
  readonly given: readonly number[]
}

export type ImageFacts = FactsMessage

/** What the run tells a lister first: beginnings of a million contents are 64 MB. */
export const SET_UP_LIMITS: FrameLimits = { headerBytes: 64 * 1024 * 1024, payloadBytes: 2 ** 31 }

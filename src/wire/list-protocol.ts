/** What the run and the confined lister of an image say to each other. */

import type { ListedBeginnings } from '../contracts/hash-set.ts'
import type { Damage } from '../contracts/image.ts'
import type { ExhibitImage, ImageHash, ListedRange, SegmentFile } from '../contracts/image-exhibit.ts'
import type { FrameLimits } from '../process/frame.ts'
import type { EntryTuple } from './walk-protocol.ts'

/** The medium itself, outside of its volumes: offsets are counted from its beginning. */
export const MEDIUM = 0

/** Which remains of a volume the lister is asked to search. */
export interface RemainsAsked {
  readonly remains: 'none' | 'known' | 'carve'
  readonly sample: { readonly draws: number; readonly seed: string } | null
  readonly lists: ListedBeginnings['lists']
}

export const LIST_FRAME = {
  /** run → lister, first and only: {@link ListSetUp}. */
  setUp: 1,
  /** lister → run, first: {@link ImageFacts}. */
  image: 48,
  /** lister → run: {@link ListedBatch}. */
  entries: 49,
  /** lister → run: a RangeListing, in order of the medium. */
  range: 50,
  /** lister → run: the volume that is worked at from here on. */
  at: 51,
  /** lister → run, last. */
  end: 52,
  /** lister → run, last: the image cannot be opened; {@link Refusal}. */
  refused: 53,
  /** lister → run: bytes of the medium that were hashed so far. */
  hashed: 54,
  /** lister → run: an ImageVerification. */
  verified: 55,
} as const

/** With {@link ListedBeginnings}.packed behind it. */
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
  readonly after: { readonly volume: number; readonly entries: number } | null
}

export interface ImageFacts {
  readonly image: ExhibitImage
  /** Every range of the medium; `listed` is what will become of it if nothing breaks. */
  readonly ranges: readonly ListedRange[]
}

export interface ListedBatch {
  readonly volume: number
  readonly entries: readonly EntryTuple[]
}

export interface Refusal {
  readonly code: string
  readonly message: string
}

/** Names of 32,767 characters, and places of a badly fragmented content: what is longer is no listing of ours. */
export const LIST_LIMITS: FrameLimits = { headerBytes: 64 * 1024 * 1024, payloadBytes: 0 }

/** What the run tells a lister first: beginnings of a million contents are 64 MB. */
export const SET_UP_LIMITS: FrameLimits = { headerBytes: 64 * 1024 * 1024, payloadBytes: 2 ** 31 }

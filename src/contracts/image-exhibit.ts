/** An image as an exhibit: what stands of it in the ledger, and what of an entry only an image can say. */
import type { Damage, StatedField, VolumeClasses, VolumeProblem, VolumeRange } from './image.ts'
import type { StageResult } from './stage.ts'

export interface ImageHash {
  readonly algorithm: 'md5' | 'sha1' | 'sha256'
  /** Lower case. */
  readonly hex: string
}

export interface SegmentFile {
  /** Base name. */
  readonly name: string
  readonly sizeBytes: number
}

/** Known when the image is opened, before anything is listed. */
export interface ExhibitImage {
  readonly format: string
  /** Of the medium inside, not of the segment files. */
  readonly sizeBytes: number
  /** In order; base names. */
  readonly segments: readonly SegmentFile[]
  /** As the image states them: nobody checked. */
  readonly stated: readonly StatedField[]
  readonly storedHashes: readonly ImageHash[]
  readonly remarks: readonly {
    readonly code: string
    readonly params: Readonly<Record<string, string | number>>
  }[]
}

/** What became of one range of the medium: recorded when the listing has ended. */
export interface ListedRange {
  readonly range: VolumeRange
  /** Null for tables, gaps, and volumes that no reader reads. */
  readonly fileSystem: {
    readonly kind: string
    readonly label: string
    readonly uuid: string
    readonly clusterBytes: number
    readonly stated: readonly StatedField[]
  } | null
  /** `done`, or why the volume was not listed (whole): `encrypted`, `not-built`, `listing-crashed`, `out-of-scope` … */
  readonly listed: StageResult
  /** Null where no reader read it: every byte of the range is then of one class. */
  readonly classes: VolumeClasses | null
  readonly problems: readonly VolumeProblem[]
}

/** Every byte of the medium is of one of these; they add up to its size. */
export const BYTE_CLASSES = [
  'partition-tables',
  'gaps',
  'metadata',
  'allocated',
  'unallocated',
  'slack',
  'bad',
  'encrypted',
  'not-read',
  'unreadable-at-acquisition',
  'damaged',
] as const

export type ByteClass = (typeof BYTE_CLASSES)[number]

/** Damaged bytes of one range, and which class of the file system they would be of; null where no reader read it. */
export interface DamagedBytes {
  readonly kind: 'damaged' | 'unreadable-at-acquisition'
  readonly of: keyof VolumeClasses | null
  readonly bytes: number
}

/** A range with what of it is damaged, as a lister says it. */
export interface RangeListing {
  readonly range: ListedRange
  readonly damage: readonly DamagedBytes[]
  readonly samples: readonly BlockSample[]
}

/** Bytes of one class in one volume, or outside every volume (null). */
export interface ByteCount {
  readonly volume: number | null
  readonly class: ByteClass
  readonly bytes: number
}

/** Blocks of a volume's free space that were drawn at random, and how many of them begin as a listed content does. */
export interface BlockSample {
  readonly volume: number
  /** As given, or made for the plan: who has it can draw again (formats/image/remains/sample.ts). */
  readonly seed: string
  readonly blockBytes: number
  /** That there are, that were drawn, and of those: undamaged; undamaged and filled with one byte; beginning as a listed content does. */
  readonly blocks: number
  readonly drawn: number
  readonly read: number
  readonly empty: number
  readonly matched: number
  /** Null: no list that was given says how its contents begin. */
  readonly hashSetSha256: string | null
}

/** What the medium of an image holds, once it is listed. */
export interface ListedMedium {
  readonly samples: readonly BlockSample[]
  /** They cover the medium without overlap. */
  readonly ranges: readonly ListedRange[]
  /** They add up to the medium's size. */
  readonly classes: readonly ByteCount[]
}

/** What hashing every byte of a medium gave. */
export interface ImageVerification {
  readonly hashes: readonly ImageHash[]
  /** All damage of the medium, now that every byte was asked for: in order, joined. */
  readonly damage: readonly Damage[]
}

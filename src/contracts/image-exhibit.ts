/** An image as an exhibit: its facts in the ledger, its listed ranges and byte counts. */
import type { Damage, StatedField, VolumeClasses, VolumeProblem, VolumeRange } from './image.ts'
import type { Lock } from './lock.ts'
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
  /** As the image states them, unverified. */
  readonly stated: readonly StatedField[]
  readonly storedHashes: readonly ImageHash[]
  readonly remarks: readonly {
    readonly code: string
    readonly params: Readonly<Record<string, string | number>>
  }[]
}

/** Result of listing one range of the medium. Recorded at the end of the listing. */
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
  /** Null if no reader read the range: then all its bytes have one class. */
  readonly classes: VolumeClasses | null
  readonly problems: readonly VolumeProblem[]
  /** Its encryption, and what opened it; absent: it has none. */
  readonly lock?: Lock
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
  'encryption-metadata',
  'not-read',
  'unreadable-at-acquisition',
  'damaged',
] as const

export type ByteClass = (typeof BYTE_CLASSES)[number]

/** Damaged bytes of one range. `of` is their class in the file system; null if no reader read the range. */
export interface DamagedBytes {
  readonly kind: 'damaged' | 'unreadable-at-acquisition'
  readonly of: keyof VolumeClasses | null
  readonly bytes: number
}

/** A range and its damage, as the lister reports them. */
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

/** Random sample of blocks of a volume's unallocated space, and the number of blocks that match a header hash. */
export interface BlockSample {
  readonly volume: number
  /** From the operator, or generated for the plan. The same seed repeats the draw (formats/image/remains/sample.ts). */
  readonly seed: string
  readonly blockBytes: number
  /**
   * Number of blocks: all (`blocks`); drawn; of the drawn: undamaged (`read`); undamaged and filled with one byte
   * (`empty`); with a header hash of a listed content (`matched`).
   */
  readonly blocks: number
  readonly drawn: number
  readonly read: number
  readonly empty: number
  readonly matched: number
  /** Null: no list of the plan has header hashes. */
  readonly hashSetSha256: string | null
}

/** Contents of an image's medium after the listing. */
export interface ListedMedium {
  readonly samples: readonly BlockSample[]
  /** They cover the medium without overlap. */
  readonly ranges: readonly ListedRange[]
  /** They add up to the medium's size. */
  readonly classes: readonly ByteCount[]
}

/** Result of hashing every byte of a medium. */
export interface ImageVerification {
  readonly hashes: readonly ImageHash[]
  /** All damage of the medium, known because every byte was read: in order, adjacent ranges joined. */
  readonly damage: readonly Damage[]
  /** SHA-256 of each volume that a key opened, decrypted. */
  readonly opened: readonly { readonly volume: number; readonly sha256: string }[]
}

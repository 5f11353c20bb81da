/** Evidence paths and entries: results of a walk, a listing or an opened container, before any content is read. */
import type { ContentPlace } from './content-place.ts'
import type { EntryStatus, RecoveryBasis } from './image.ts'

/**
 * Steps that the inventory lists. Below a mount or an extraction: `file` only. In an image: `volume`, then the name on
 * it, then its stream or record. Data without a name: `unallocated`, `slack`, and `unread` (a gap, or a volume without
 * a reader).
 */
export const LISTED_STEPS = ['file', 'volume', 'stream', 'record', 'unallocated', 'slack', 'unread'] as const

/** Steps into a content that was expanded or analysed. */
export const DERIVED_STEPS = ['member', 'attachment', 'embedded', 'thumbnail', 'frame'] as const

export type DerivedStep = (typeof DERIVED_STEPS)[number]

export type StepKind = (typeof LISTED_STEPS)[number] | DerivedStep

export interface PathStep {
  readonly kind: StepKind
  /**
   * Raw bytes. `file`: the path below the root of the exhibit or volume, `/` between names, no leading slash.
   * `volume`: its number. `record`: number (and sequence) of a record without a live name. Others: the name inside the
   * parent.
   */
  readonly name: Buffer
}

export interface EvidencePath {
  readonly bytes: Buffer
  readonly steps: readonly PathStep[]
}

export type EntryKind =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'fifo'
  | 'socket'
  | 'block-device'
  | 'character-device'
  | 'unknown'

export interface FileTime {
  /** Nanoseconds since 1970-01-01, on the clock that `zone` names. */
  readonly ns: bigint
  readonly source: 'stat' | 'archive' | 'mail' | 'document' | 'exif'
  readonly resolution: 'ns' | '100ns' | 'us' | 'ms' | '10ms' | 's' | '2s' | 'day'
  readonly zone: 'utc' | 'offset' | 'local-unknown'
}

export interface EntryTimes {
  readonly modified: FileTime | null
  readonly changed: FileTime | null
  /** Not part of either digest: reading can change this time. */
  readonly accessed: FileTime | null
  readonly born: FileTime | null
}

export interface Entry {
  readonly path: EvidencePath
  readonly kind: EntryKind
  readonly sizeBytes: bigint
  /** Bytes allocated on the file system (blocks × 512); null where not known (derived entries). */
  readonly allocatedBytes: bigint | null
  readonly times: EntryTimes
  readonly device: bigint | null
  readonly inode: bigint | null
  readonly links: bigint | null
  readonly mode: number | null
  readonly uid: number | null
  readonly gid: number | null
  /** Raw target of a symbolic link. */
  readonly linkTarget: Buffer | null
  /** Priority class, most likely first: 0 is read before 1 … (media-types/priority-class.ts). */
  readonly band: number
  /** Present only for entries of an image. */
  readonly onImage?: OnImage
}

/** What an entry of an image is, live or deleted, and how it was found. */
export interface Recovered {
  readonly status: EntryStatus
  /** Null for live entries. */
  readonly basis: RecoveryBasis | null
  /** Codes. */
  readonly notes: readonly string[]
}

/** Facts about an entry that an image provides and a mount does not. */
export interface OnImage extends Recovered {
  readonly volume: number
  /**
   * MFT record, inode, or byte offset of the directory entry. `sequence` is its sequence or generation number, if it
   * has one.
   */
  readonly record: number
  readonly sequence: number | null
  /** Location of the content on the volume. */
  readonly place: ContentPlace
  /** NTFS $FILE_NAME. */
  readonly nameTimes: EntryTimes | null
}

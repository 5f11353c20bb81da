/** What a walk, a listing or an opened container finds, before any content is read: evidence paths and entries. */
import type { ContentPlace } from './content-place.ts'
import type { EntryStatus, RecoveryBasis } from './image.ts'

/**
 * Steps that inventory lists: below a mount or an extraction `file` alone; in an image the volume, the name on it, and what of it; what
 * was found without a name in free space, behind the ends of files, and where nobody lists anything (a gap, a volume without a reader).
 */
export const LISTED_STEPS = ['file', 'volume', 'stream', 'record', 'unallocated', 'slack', 'unread'] as const

/** Steps into a content that was opened or looked at. */
export const DERIVED_STEPS = ['member', 'attachment', 'embedded', 'thumbnail', 'frame'] as const

export type DerivedStep = (typeof DERIVED_STEPS)[number]

export type StepKind = (typeof LISTED_STEPS)[number] | DerivedStep

export interface PathStep {
  readonly kind: StepKind
  /**
   * Raw bytes: for `file` the path below the exhibit's root or the volume's, `/` between names, no leading slash; for `volume` its
   * number; for `record` the number (and sequence) of a record that no live name leads to; for others the name inside the parent.
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
  /** Outside both digests: reading can change it. */
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
  /** Likeliest first: 0 is read before 1 … (media-types/priority-class.ts). */
  readonly band: number
  /** Present exactly for what was listed from an image. */
  readonly onImage?: OnImage
}

/** What an image says of an entry beyond what a mount could. */
export interface OnImage {
  readonly volume: number
  readonly status: EntryStatus
  /** Null for live entries. */
  readonly basis: RecoveryBasis | null
  /** MFT record, inode, or byte offset of the directory entry; with the sequence or generation where there is one. */
  readonly record: number
  readonly sequence: number | null
  /** Where the content lies on the volume. */
  readonly place: ContentPlace
  /** NTFS $FILE_NAME. */
  readonly nameTimes: EntryTimes | null
  /** Codes. */
  readonly notes: readonly string[]
}

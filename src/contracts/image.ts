/**
 * Interfaces between the readers of a disk image: bytes of a medium, volumes on it, file systems in them, entries and
 * runs.
 *
 * All readers run in a confined child that has only passed descriptors, so every call is synchronous. Offsets and sizes
 * are numbers of bytes (safe up to 2^53 − 1; a larger value in an image is damage). Damaged bytes cause no exception:
 * damaged ranges read as zeros and `damageIn` reports them, so one bad chunk affects only the data in that chunk.
 */
import type { ContentPlace, DataRun, OriginalPath, StatedHash } from './content-place.ts'
import type { VolumeTimes } from './volume-times.ts'

/** Half-open range of bytes. */
export interface ByteRange {
  readonly offset: number
  readonly length: number
}

/**
 * `damaged`: a checksum of the image failed or the image is cut; `unreadable-at-acquisition`: stored as zeros, as the
 * image reports (`error2`).
 */
export interface Damage extends ByteRange {
  readonly kind: 'damaged' | 'unreadable-at-acquisition'
  /** Code for people and tests: `checksum`, `cut`, `inflate`, `acquisition-error`, … */
  readonly cause: string
}

/** Bytes at random access: a segment file, a whole medium, or a volume on it. */
export interface Medium {
  readonly sizeBytes: number
  /**
   * Fills `target` from `offset` on and returns how many bytes it filled: fewer than asked only at the end of the
   * medium. Damaged bytes are zeros; ask `damageIn` afterwards.
   */
  readInto(target: Uint8Array, offset: number): number
  /** Damage met so far in this range (known once its bytes were read), in order, clipped to the range. */
  damageIn(offset: number, length: number): readonly Damage[]
}

/** A fact that the image states about itself (header fields, stored hashes): shown as stated, unverified. */
export interface StatedField {
  readonly name: string
  readonly value: string
}

export interface OpenImage {
  /** `raw`, `split-raw`, `ewf-e01`, `ewf-ex01`, `vhd`, `vhdx`, `vmdk`, `qcow2` … */
  readonly format: string
  readonly medium: Medium
  readonly stated: readonly StatedField[]
  /** Hashes that the image stores of the medium, lower-case hex. */
  readonly storedHashes: readonly StatedHash[]
  /** Facts for page one: truncated image, damaged table, log not replayed. Codes with parameters, no sentences. */
  readonly remarks: readonly {
    readonly code: string
    readonly params: Readonly<Record<string, string | number>>
  }[]
  /**
   * Damage known from the container's tables and from the lengths of its files, before any content is read: missing
   * chunks, and sectors that the device did not return. Damage that only a checksum detects is not included. Absent: no
   * damage beyond the damage that `medium.damageIn` reports before reading.
   */
  readonly lacks?: () => readonly Damage[]
  /** Files of a logical image (L01, AD1), placed on `medium`, which has no volumes. Null for an image of a disk. */
  readonly logical: FileSystem | null
}

/** One file of an image, in segment order. `name` has no folder; it is used in messages and for its extension. */
export interface Segment {
  readonly name: string
  readonly medium: Medium
}

/** A container format: one row of CONTAINER_FORMATS. */
export interface ContainerFormat {
  readonly name: string
  /** Checks the first and last bytes and the name of the first segment. */
  recognises(segments: readonly [Segment, ...Segment[]]): boolean
  /** @throws ImageRefused if no part can be read, or if reading on would return bytes at wrong offsets. */
  open(segments: readonly [Segment, ...Segment[]]): OpenImage
}

/**
 * One range of the medium: a volume, a table or a gap. These ranges cover the medium without overlap. A volume that a
 * table places after the end of the medium has the length 0.
 */
export interface VolumeRange extends ByteRange {
  readonly kind: 'table' | 'gap' | 'volume'
  /**
   * 1-based number of the volume: first the volumes of partition tables in order of offset, then volumes without a
   * table entry; null for tables and gaps.
   */
  readonly number: number | null
  /**
   * `mbr`, `mbr-logical`, `gpt`, `apm`, `whole` (a file system without partitions), `lost` (no table contains it; found
   * by its file system).
   */
  readonly scheme: string
  /** Partition type (hex byte, GUID, name) and partition name as the table stores them; both may be empty. */
  readonly type: string
  readonly name: string
  /**
   * By signature: `ntfs`, `ext`, `fat12`, `fat16`, `fat32`, `exfat`, `apfs`, `hfsplus`, `xfs`, `btrfs`, `bitlocker`,
   * `luks` …; without one: `possibly-encrypted` (noise in the sampled places), `empty` (only zeros there),
   * `not-readable` (damage in the sampled places, zeros in the others), `unknown`, `beyond-medium`. Of a table: `mbr`,
   * `ebr`, `gpt`, `apm`, `gpt-damaged`.
   */
  readonly content: string
  /** Bytes of the volume after the end of the medium, according to its table; absent: none. */
  readonly beyondBytes?: number
  /** The search for lost volumes ended at this offset; absent: it checked every possible start of a volume. */
  readonly soughtTo?: number
}

export type EntryStatus = 'live' | 'deleted' | 'deleted-overwritten' | 'orphan' | 'carved'

/** How a deleted entry's content was found. */
export type RecoveryBasis =
  | 'mft'
  | 'inode'
  | 'journal'
  | 'directory-slack'
  | 'index-slack'
  | 'change-journal'
  /** HFS+: a catalog record whose folder is not in the catalog. */
  | 'catalog'
  /** HFS+: the unused part of a catalog node, or an unused node. */
  | 'catalog-slack'
  /** FAT: only the first cluster is recorded. The program assumes that the other clusters follow it. */
  | 'assumed-contiguous'
  /** exFAT: the entry states that its clusters are contiguous. */
  | 'contiguous'
  /** The table of clusters still has the chain. */
  | 'chain'
  /** A shadow copy of the volume, for files that differ from today's. */
  | 'shadow-copy'
  /** APFS: a snapshot of the volume, for files that differ from today's. */
  | 'snapshot'
  /** APFS: an earlier state of the container, or a part of a file tree in unallocated space. */
  | 'checkpoint'
  | 'free-leaf'
  | 'signature'
  /** Its header hash is that of a listed content. */
  | 'known-beginning'
  /** Put together from several pieces, and confirmed (entry attribute `reconstructed`). */
  | 'reconstructed'

/** One name on a volume: a live file, a stream, a deleted record, or a name without content. */
export interface VolumeEntry {
  /**
   * Names from the volume's root as raw bytes (NTFS, FAT, exFAT: UTF-16 as WTF-8; ext, APFS: as stored), `/` never
   * inside a name. Orphans begin with `$Orphan`.
   */
  readonly path: readonly Buffer[]
  /** Alternate stream of the entry at `path` (NTFS), else null. */
  readonly stream: Buffer | null
  readonly kind:
    | 'file'
    | 'directory'
    | 'symlink'
    | 'fifo'
    | 'socket'
    | 'block-device'
    | 'character-device'
    | 'unknown'
  readonly status: EntryStatus
  /** Null for live entries. */
  readonly basis: RecoveryBasis | null
  /** MFT record, inode, or byte offset of the directory entry; `sequence`: sequence or generation number, if any. */
  readonly record: number
  readonly sequence: number | null
  readonly links: number | null
  readonly sizeBytes: number
  readonly allocatedBytes: number | null
  readonly times: VolumeTimes
  /** Second set of times (NTFS $FILE_NAME); null elsewhere. */
  readonly nameTimes: VolumeTimes | null
  readonly mode: number | null
  readonly uid: number | null
  readonly gid: number | null
  readonly linkTarget: Buffer | null
  readonly place: ContentPlace
  /**
   * Codes of warnings about this entry: `chain-loop`, `fixup-failed`, `compressed`, `offline-placeholder`, `dedup`,
   * `first-letter-lost`, `time-implausible` …
   */
  readonly notes: readonly string[]
  /** Digests that the image states of the content (L01, AD1, UFDR): shown as stated, not computed here. */
  readonly statedHashes?: readonly StatedHash[]
  readonly originalPath?: OriginalPath
  /** Of a removed content without a place: the unused clusters from its first one on. Nothing says that they are its own. */
  readonly around?: readonly DataRun[]
}

/** Bytes of a volume by class, in bytes; they add up to the volume's size. */
export interface VolumeClasses {
  readonly metadata: number
  readonly allocated: number
  readonly unallocated: number
  /** After the end of contents, in their last cluster. */
  readonly slack: number
  readonly bad: number
  /** Bytes of an inner volume that cannot be read without its key; absent: no such volume. */
  readonly encrypted?: number
  /** Metadata of the encryption of an opened volume; absent: it was not encrypted. */
  readonly encryption?: number
  /** Bytes of inner volumes that no reader reads; absent: none. */
  readonly unread?: number
}

/** A problem in the structures of a file system that lost data; the listing continued. */
export interface VolumeProblem {
  readonly code: string
  readonly record: number | null
  readonly detail: string
}

export interface FileSystem {
  /** `ntfs`, `ext2`, `ext3`, `ext4`, `fat12`, `fat16`, `fat32`, `exfat`, `apfs`, `xfs`, `btrfs`, `f2fs`. */
  readonly kind: string
  readonly label: string
  readonly uuid: string
  readonly clusterBytes: number
  /** Number of the first cluster that the file system counts, and its offset; absent: not counted along the volume. */
  readonly firstCluster?: { readonly number: number; readonly offset: number }
  /** Runs of contents end at the content's size (ext), not at a cluster: slack lies behind the last run. */
  readonly cutsRuns?: true
  readonly stated: readonly StatedField[]
  /** A part of the file system needs a key to be read; an entry names the part. */
  readonly isPartEncrypted?: boolean
  /** Every name, live first. Streams a million entries in flat memory (at most a few words an entry). Call once. */
  entries(): IterableIterator<VolumeEntry>
  /** Complete once `entries` has ended. */
  problems(): readonly VolumeProblem[]
  /** Complete once `entries` has ended. */
  classes(): VolumeClasses
  /** Unallocated space in order, adjacent ranges merged: for carving and sampling. */
  unallocated(): IterableIterator<ByteRange>
}

/** A file system format: one row of FILE_SYSTEMS. */
export interface FileSystemFormat {
  readonly name: string
  /** Checks the first bytes of the volume (at least 128 KiB if the volume is that large). */
  recognises(volume: Medium): boolean
  /** @throws NotThisFileSystem with a message if the superblock is unusable. */
  open(volume: Medium): FileSystem
}

/**
 * What the readers of a disk image say to each other: bytes of a medium, volumes on it, file systems in them, entries and runs.
 *
 * All of it runs in a confined child that was handed descriptors and nothing else, so every call is synchronous. Offsets and sizes
 * are numbers of bytes (safe up to 2^53 − 1; a larger claim in an image is damage). Nothing here throws because bytes are damaged:
 * damaged ranges read as zeros and are *said* by `damageIn`, so that one bad chunk costs what lies over it and no more.
 */
import type { ContentPlace, OriginalPath, StatedHash } from './content-place.ts'
import type { VolumeTimes } from './volume-times.ts'

/** Half-open range of bytes. */
export interface ByteRange {
  readonly offset: number
  readonly length: number
}

/** `damaged`: a checksum of the image failed or the image is cut; `unreadable-at-acquisition`: stored as zeros, said by the image (`error2`). */
export interface Damage extends ByteRange {
  readonly kind: 'damaged' | 'unreadable-at-acquisition'
  /** Code for people and tests: `checksum`, `cut`, `inflate`, `acquisition-error`, … */
  readonly cause: string
}

/** Bytes at random access: a segment file, a whole medium, or a volume on it. */
export interface Medium {
  readonly sizeBytes: number
  /**
   * Fills `target` from `offset` on and returns how many bytes it filled: fewer than asked only at the end of the medium.
   * Damaged bytes are zeros; ask `damageIn` afterwards.
   */
  readInto(target: Uint8Array, offset: number): number
  /** Damage met so far in this range (known once its bytes were read), in order, clipped to the range. */
  damageIn(offset: number, length: number): readonly Damage[]
}

// ───────────────────────────────────────────────────────────────────────────── containers

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
  /** Things page one must say: cut image, damaged table, log not replayed. Codes with parameters, no sentences. */
  readonly remarks: readonly {
    readonly code: string
    readonly params: Readonly<Record<string, string | number>>
  }[]
  /**
   * Damage that the container's tables and its files' ends say, before any content is read: missing chunks, sectors that the device
   * did not give. What only a checksum tells is not among it. Absent: nothing more than `medium.damageIn` says unread.
   */
  readonly lacks?: () => readonly Damage[]
  /** Files of a logical image (L01, AD1): their places count on `medium`, which then holds no volumes. Null for an image of a disk. */
  readonly logical: FileSystem | null
}

/** A file of an image in order, first segment first: `name` without folder, for words and for what its ending says. */
export interface Segment {
  readonly name: string
  readonly medium: Medium
}

/** What a container module exports as one row of CONTAINER_FORMATS. */
export interface ContainerFormat {
  readonly name: string
  /** Looks at first and last bytes and at the name of the first segment. */
  recognises(segments: readonly [Segment, ...Segment[]]): boolean
  /** @throws ImageRefused when nothing of it can be read, or when reading on would put bytes in the wrong place. */
  open(segments: readonly [Segment, ...Segment[]]): OpenImage
}

// ───────────────────────────────────────────────────────────────────────────── volumes

/**
 * What lies in one range of the medium. Volumes, tables and gaps of a medium cover it without overlap; a volume that a table puts
 * behind the end of the medium has the length 0.
 */
export interface VolumeRange extends ByteRange {
  readonly kind: 'table' | 'gap' | 'volume'
  /**
   * 1-based number over volumes of the medium: those that a table names in order of offset, then those that none does; null for tables
   * and gaps.
   */
  readonly number: number | null
  /** `mbr`, `mbr-logical`, `gpt`, `apm`, `whole` (a file system without partitions), `lost` (no table names it, its file system says it). */
  readonly scheme: string
  /** Partition type as the table has it (hex byte, GUID, name) and the name it gives, both may be empty. */
  readonly type: string
  readonly name: string
  /**
   * By signature: `ntfs`, `ext`, `fat12`, `fat16`, `fat32`, `exfat`, `apfs`, `hfsplus`, `xfs`, `btrfs`, `bitlocker`, `luks` …;
   * without one: `possibly-encrypted` (noise where looked), `empty` (only zeros where looked), `not-readable` (damaged
   * where looked, and zeros where not), `unknown`, `beyond-medium`. Of a table: `mbr`, `ebr`, `gpt`, `apm`, `gpt-damaged`.
   */
  readonly content: string
  /** Bytes that its table gives it behind the end of the medium; absent: none. */
  readonly beyondBytes?: number
  /** Offset behind which nobody looked for lost volumes; absent: all of it was looked at where volumes begin. */
  readonly soughtTo?: number
}

// ───────────────────────────────────────────────────────────────────────────── file systems

export type EntryStatus = 'live' | 'deleted' | 'deleted-overwritten' | 'orphan' | 'carved'

/** How a deleted entry's content was found. */
export type RecoveryBasis =
  | 'mft'
  | 'inode'
  | 'journal'
  | 'directory-slack'
  | 'index-slack'
  | 'change-journal'
  /** HFS+: a record that stands in the catalog, of a folder that does not. */
  | 'catalog'
  /** HFS+: the unused part of a node of the catalog, or a node that is unused. */
  | 'catalog-slack'
  /** FAT: the first cluster is recorded, that the others follow it is assumed. */
  | 'assumed-contiguous'
  /** exFAT: the entry itself says that its clusters follow each other. */
  | 'contiguous'
  /** The table of clusters still has the chain. */
  | 'chain'
  /** A shadow copy of the volume: of files that are not the same today. */
  | 'shadow-copy'
  /** APFS: a snapshot of the volume, of files that are not the same today. */
  | 'snapshot'
  /** APFS: an earlier state of the container, or a part of a tree of files that lies in free space. */
  | 'checkpoint'
  | 'free-leaf'
  | 'signature'
  /** It begins as a listed content does. */
  | 'known-beginning'

/** One name on a volume: a live file, a stream, a deleted record, a name that is left of something. */
export interface VolumeEntry {
  /** Names from the volume's root as raw bytes (NTFS, FAT, exFAT: UTF-16 as WTF-8; ext, APFS: as stored), `/` never inside a name. Orphans begin with `$Orphan`. */
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
  /** Number of the MFT record, inode, or byte offset of the directory entry; with the sequence or generation where there is one. */
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
  /** Codes of what a reader of this entry must know: `chain-loop`, `fixup-failed`, `compressed`, `offline-placeholder`, `dedup`, `first-letter-lost`, `time-implausible` … */
  readonly notes: readonly string[]
  /** Digests that the image states of the content (L01, AD1, UFDR): shown as stated, not computed here. */
  readonly statedHashes?: readonly StatedHash[]
  readonly originalPath?: OriginalPath
}

/** Bytes of a volume by class, in bytes; they add up to the volume's size. */
export interface VolumeClasses {
  readonly metadata: number
  readonly allocated: number
  readonly unallocated: number
  /** Behind the end of contents in their last cluster. */
  readonly slack: number
  readonly bad: number
  /** Of a volume inside that nobody can read without its key; absent: there is none. */
  readonly encrypted?: number
}

/** A problem in the structures of a file system that cost something; the listing went on. */
export interface VolumeProblem {
  readonly code: string
  readonly record: number | null
  readonly detail: string
}

export interface FileSystem {
  /** `ntfs`, `ext2`, `ext3`, `ext4`, `fat12`, `fat16`, `fat32`, `exfat`, `apfs`. */
  readonly kind: string
  readonly label: string
  readonly uuid: string
  readonly clusterBytes: number
  readonly stated: readonly StatedField[]
  /** A part of it cannot be read without a key: an entry says which. */
  readonly isPartEncrypted?: boolean
  /** Every name, live first, then what was deleted; streams a million entries in flat memory (a few words an entry at most). Call once. */
  entries(): IterableIterator<VolumeEntry>
  /** Complete once `entries` has ended. */
  problems(): readonly VolumeProblem[]
  /** Complete once `entries` has ended. */
  classes(): VolumeClasses
  /** Free space in order, merged: for remains (carving, sampling). */
  unallocated(): IterableIterator<ByteRange>
}

/** What a file system reader module exports as one row of FILE_SYSTEMS. */
export interface FileSystemFormat {
  readonly name: string
  /** Looks at the first bytes of the volume (at least 128 KiB where there are so many). */
  recognises(volume: Medium): boolean
  /** @throws NotThisFileSystem with a sentence when the superblock is unusable. */
  open(volume: Medium): FileSystem
}

/** Location of a content on a volume, and other facts that the image states about the content. */

export interface StatedHash {
  readonly algorithm: 'md5' | 'sha1' | 'sha256'
  /** Lower case. */
  readonly hex: string
}

/**
 * Original name of an entry from another file on the image: a `$I` file of a recycle bin, or a report or manifest of an
 * extraction.
 */
export interface OriginalPath {
  /** As that file stores it, in UTF-8; not a path of this image. */
  readonly path: string
  readonly by: 'recycle-bin' | 'extraction-report' | 'backup-manifest'
  /** Time of deletion. */
  readonly deletedUtc?: string
}

/** How a file of an encrypted iOS backup is decrypted, by a class key that the ledger does not hold. */
export interface SealedFile {
  /** SHA-256 of the `Manifest.plist` of its backup. */
  readonly backup: string
  /** Number of the class key that wraps the key of the file. */
  readonly protection: number
  /** 40 bytes (RFC 3394). */
  readonly wrappedHex: string
  /** Size of the encrypted bytes. */
  readonly storedBytes: number
}

/** Bytes on the volume; `offset` null: a hole that reads as zeros. */
export interface DataRun {
  readonly offset: number | null
  readonly length: number
}

/**
 * Location of a content: all facts that a reader in another process needs to read it from the volume. Plain JSON,
 * stored in the ledger; it never contains bytes of the content. Small contents inside metadata (NTFS records, ext
 * inodes) are runs too.
 */
export type ContentPlace = Lying & {
  /** The bytes there are encrypted: a file of an encrypted iOS backup. */
  readonly sealed?: SealedFile
  /** Hashes that an image states (L01, AD1, UFDR). Reading the content compares them with the computed hashes. */
  readonly stated?: readonly StatedHash[]
}

export interface CodedExtent {
  readonly length: number
  readonly runs: number
  readonly coding: 'zlib' | 'lzo' | 'zstd' | null
  readonly decodedBytes: number
  readonly from: number
}

/** In an attribute: the whole content at once. In a fork: pieces of 64 KiB, found by a table. */
export type DecmpfsCoding = `${'zlib' | 'lzvn' | 'lzfse'}-${'attribute' | 'fork'}`

type Lying =
  /** `validBytes`: bytes past it read as zeros (NTFS initialised size, exFAT valid data length). */
  | { readonly kind: 'runs'; readonly runs: readonly DataRun[]; readonly validBytes: number }
  /**
   * Compressed by the file system: `lznt1` in units of `unitBytes`; `xpress4k`, `xpress8k`, `xpress16k`, `lzx` (WOF)
   * over the stored bytes; the decmpfs codings (macOS) over an attribute after its header, or over the resource fork.
   * Holes of compressed runs are kept.
   */
  | {
      readonly kind: 'coded'
      readonly coding: 'lznt1' | 'xpress4k' | 'xpress8k' | 'xpress16k' | 'lzx' | DecmpfsCoding
      readonly unitBytes: number
      readonly runs: readonly DataRun[]
      readonly validBytes: number
    }
  /** A member of an archive, in one piece, with its CRC-32: read in order. `validBytes`: of the content. */
  | {
      readonly kind: 'deflated'
      readonly method: 'stored' | 'deflate'
      readonly runs: readonly DataRun[]
      readonly crc32: number
      readonly validBytes: number
    }
  /**
   * Stored in zlib streams of `unitBytes` each (AD1). A table of `chunks` + 1 u64 at `tableOffset` of the volume
   * contains the offset of each stream, and the end of the last stream.
   */
  | {
      readonly kind: 'chunked'
      readonly unitBytes: number
      readonly chunks: number
      readonly tableOffset: number
      readonly validBytes: number
    }
  /**
   * In extents, of which each takes the next `runs` of the runs: as they are (`coding` null), or compressed by itself
   * to `decodedBytes`, of which the content has `length` from `from` on (Btrfs).
   */
  | {
      readonly kind: 'extents'
      readonly runs: readonly DataRun[]
      readonly extents: readonly CodedExtent[]
      readonly validBytes: number
    }
  /**
   * No readable content. Reasons: `encrypted`, `overwritten`, `overwritten-in-part`, `not-recorded` (only a name is
   * left), `not-built`, `damaged`.
   */
  | { readonly kind: 'none'; readonly reason: string; readonly detail: string }

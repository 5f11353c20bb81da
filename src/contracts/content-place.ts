/** Where a content lies on a volume, and what the image says of it elsewhere. */

export interface StatedHash {
  readonly algorithm: 'md5' | 'sha1' | 'sha256'
  /** Lower case. */
  readonly hex: string
}

/** A name that something else on the image gives to an entry: `$I` files of a recycle bin, reports and manifests of extractions. */
export interface OriginalPath {
  /** As it stands there, in UTF-8; not a path of this image. */
  readonly path: string
  readonly by: 'recycle-bin' | 'extraction-report' | 'backup-manifest'
  /** When it was thrown away. */
  readonly deletedUtc?: string
}

/** Bytes on the volume; `offset` null: a hole that reads as zeros. */
export interface DataRun {
  readonly offset: number | null
  readonly length: number
}

/**
 * Where a content lies: everything that a reader in another process needs to read it from the volume. Plain JSON, which the ledger
 * keeps: never bytes of the content. Small contents inside metadata (NTFS records, ext inodes) are runs too.
 */
export type ContentPlace = Lying & {
  /** What an image states of the content (L01, AD1, UFDR): compared with what is computed when it is read. */
  readonly stated?: readonly StatedHash[]
}

/** In an attribute: the whole content at once. In a fork: pieces of 64 KiB, found by a table. */
export type DecmpfsCoding = `${'zlib' | 'lzvn' | 'lzfse'}-${'attribute' | 'fork'}`

type Lying =
  /** `validBytes`: bytes past it read as zeros (NTFS initialised size, exFAT valid data length). */
  | { readonly kind: 'runs'; readonly runs: readonly DataRun[]; readonly validBytes: number }
  /** Compressed by the file system: `lznt1` in units of `unitBytes`; `xpress4k`, `xpress8k`, `xpress16k`, `lzx` (WOF) over the stored bytes; those of decmpfs (macOS) over an attribute behind its header, or over the resource fork. Compressed runs hold holes as stored. */
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
   * Stored in zlib streams of `unitBytes` each (AD1): a table of `chunks` + 1 u64 at `tableOffset` of the volume says where each begins,
   * and where the last ends.
   */
  | {
      readonly kind: 'chunked'
      readonly unitBytes: number
      readonly chunks: number
      readonly tableOffset: number
      readonly validBytes: number
    }
  /** Nothing to read, and why: `encrypted`, `overwritten`, `overwritten-in-part`, `not-recorded` (only a name is left), `not-built`, `damaged`. */
  | { readonly kind: 'none'; readonly reason: string; readonly detail: string }

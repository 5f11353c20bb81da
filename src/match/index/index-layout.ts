/**
 * Layout of a compiled index on disk: INDEX-FORMAT.md in code. Numbers are little-endian; digests keep their byte
 * order.
 *
 * A file is a fixed header, sections in blocks of 64 KiB, the digests of those blocks, and metadata as JSON. Every byte
 * is covered: the header has the metadata's digest, the metadata that of the block digests.
 */

import { SeizedError } from '../../base/errors.ts'
import type { HashSetDeclaration, HashSetInfo } from '../../contracts/hash-set.ts'
import { ALGORITHMS, type ListAlgorithm } from '../records/algorithms.ts'
import type { ColumnMap } from '../records/format.ts'

export const INDEX_MAGIC = Buffer.from('SZDHSET1')
/**
 * Version 2 is for lists with frames of videos, version 3 for lists with alternative hashes. All others use version 1,
 * which older programs read too.
 */
export const INDEX_VERSION = 1
export const INDEX_VERSION_OF_VIDEOS = 2
export const INDEX_VERSION_OF_ALTERNATIVES = 3
export const HEADER_BYTES = 64
export const BLOCK_BYTES = 64 * 1024
export const BLOCK_WORDS = BLOCK_BYTES / 4
export const DIGEST_BYTES = 32
/** Metadata contains at most a hundred rejected rows and 65,535 categories. */
export const MOST_METADATA_BYTES = 64 * 1024 * 1024

/** Average members of a directory's bucket: one short read finds them. */
const BUCKET_MEMBERS = 16
/** Secondary entries: two words of the digest, and the record's number. */
export const ENTRY_WORDS = 3
export const NO_SIZE = 0xffff_ffff

export interface IndexMetadata {
  /** As a report names the list; `meaning` and `scale` follow `declared`. Sizes are text, for they may pass 2^53. */
  readonly hashSet: Omit<HashSetInfo, 'sizeBytes'> & { readonly sizeBytes: string }
  readonly declared: HashSetDeclaration['declared']
  readonly statement: HashSetStatement
  readonly imported: { readonly utc: string; readonly by: string }
  /** How the list was read; `check` reads it so again. */
  readonly reading: {
    readonly format: string
    readonly type: ListAlgorithm | null
    readonly columns: ColumnMap | null
    readonly extras: boolean
  }
  readonly layout: IndexLayout
  readonly blocks: number
  readonly blockDigestsSha256: string
}

/** The operator's statements about a list at import; shown by `info`, never inferred. */
export interface HashSetStatement {
  readonly owner?: string
  readonly edition?: string
  readonly licence?: string
  readonly caveat?: string
  readonly jurisdiction?: string
}

export interface IndexLayout {
  readonly records: number
  /** Bits of the algorithms that any record has, and of those that are the first of any record. */
  readonly present: number
  readonly primary: number
  readonly hasSizes: boolean
  readonly hasExtras: boolean
  readonly categorised: boolean
  /** A row stores the index in this array; the first category is "none". */
  readonly categories: readonly (string | null)[]
  /** Number of records of each category, and of each algorithm (in the order of ALGORITHMS). */
  readonly categoryRecords: readonly number[]
  readonly algorithmRecords: readonly number[]
  readonly recordSection: Section
  readonly recordDirectory: DirectorySection
  readonly extraSection: Section
  readonly algorithms: readonly AlgorithmSections[]
  /** For a list of videos: the name of each, by the number in its rows. */
  readonly videos?: readonly string[]
}

/** `offset`: position of the section's first block in the file, in bytes. */
export interface Section {
  readonly offset: number
  readonly bytes: number
}

/** 2^bits + 1 words: the start of each bucket, by the top bits of a first word. */
export interface DirectorySection extends Section {
  readonly bits: number
}

export interface AlgorithmSections {
  readonly name: ListAlgorithm
  readonly bloom: Section
  /** Number of keys for which the filter was sized; duplicates counted. */
  readonly bloomKeys: number
  /** Entries of records that have it as their second or later algorithm. */
  readonly entries: Section | null
  readonly entryDirectory: DirectorySection | null
}

/** Positions of the fields in a row, in words. */
export interface RowLayout {
  readonly words: number
  /** By position in ALGORITHMS; -1: no record has it. */
  readonly digestAt: readonly number[]
  readonly sizeAt: number
  readonly extraAt: number
}

/**
 * Name and digest of the list in ledger and report. The digest is that of the list, not of the index: hits are equal
 * either way.
 */
export function compiledInfo({ hashSet, imported }: IndexMetadata): HashSetInfo {
  return {
    ...hashSet,
    sizeBytes: BigInt(hashSet.sizeBytes),
    notes: [...hashSet.notes, `compiled index, imported ${imported.utc} by ${imported.by}`],
  }
}

export function rowLayout(present: number, hasSizes: boolean, hasExtras: boolean): RowLayout {
  let words = 1
  const digestAt = ALGORITHMS.map((place) => {
    if ((present & place.bit) === 0) return -1
    words += place.bytes >>> 2
    return words - (place.bytes >>> 2)
  })
  const sizeAt = hasSizes ? words : -1
  if (hasSizes) words += 2
  const extraAt = hasExtras ? words : -1
  if (hasExtras) words += 2
  return { words, digestAt, sizeAt, extraAt }
}

/** So many bits that a bucket has about BUCKET_MEMBERS members. */
export function directoryBits(members: number): number {
  return Math.max(0, Math.min(28, Math.ceil(Math.log2(Math.max(1, members / BUCKET_MEMBERS)))))
}

/** Bucket of a first word. In JavaScript a shift by 32 leaves the word unchanged, hence the test. */
export function bucketOf(first: number, bits: number): number {
  return bits === 0 ? 0 : first >>> (32 - bits)
}

export class HashSetIndexDamaged extends SeizedError {
  constructor(path: string, what: string) {
    super(
      `The compiled hash set ${path} cannot be used: ${what}. Import the list again.`,
      'usage',
      'list-unreadable',
    )
  }
}

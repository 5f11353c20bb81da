/** Distinct contents, their digests, and the outcome of reading one file. Digests are lower-case hex. */
import type { StageResult } from './stage.ts'

const DIGEST_ALGORITHMS = ['md5', 'sha1', 'sha256', 'blake3'] as const

export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number]

export interface Digests {
  readonly md5: string
  readonly sha1: string
  readonly sha256: string
  readonly blake3: string
  /** eDonkey digests, only when the plan asks; red and blue differ for exact multiples of the chunk size. */
  readonly ed2kRed?: string
  readonly ed2kBlue?: string
}

export interface Content {
  readonly digests: Digests
  readonly sizeBytes: bigint
  /**
   * By content, never by name; `application/octet-stream` when nothing recognised it, `inode/x-empty` for zero bytes.
   */
  readonly mediaType: string
  /** The content seems to have other data appended or embedded, so the `opened` stage expands it as a container too. */
  readonly hasAppended?: true
  /**
   * No signature matched, but the path suggests a type (source/locked-places.ts): the content is parsed for artefact
   * records.
   */
  readonly toldByPlace?: true
}

export interface ReadOutcome {
  readonly result: StageResult
  /** Present only if the whole content was read unchanged. For a damaged member of a container: the recovered part. */
  readonly content: Content | null
  /** The first bytes, only when asked for. */
  readonly bytesRead: bigint
}

export interface ByteReader {
  readonly sizeBytes: bigint
  read(offset: bigint, length: number): Promise<Buffer>
}

export interface Pixels {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}

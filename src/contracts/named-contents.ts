/** Finds contents of the exhibit by the digest, path or size that a record names. */
import type { EvidencePath } from './entry.ts'
import type { Hit } from './finding.ts'
import type { RecordDigests } from './record.ts'

export interface NamedContents<Pending> {
  /** Hits of the content with this digest (lower-case hex); null if no such content was read. */
  hitsOf(algorithm: keyof RecordDigests, digest: string): readonly Hit[] | null
  /** SHA-256 (lower-case hex) of the content with this digest; null if no such content was read. */
  sha256Of(algorithm: keyof RecordDigests, digest: string): string | null
  /**
   * Finds the content for a path that a program recorded: the content whose path shares the most trailing folders with
   * it, at least one. Null if there is no such content, or more than one.
   * @param ignoresCase ignores the case of ASCII letters: some systems store paths in capitals
   */
  endingAs(path: string, ignoresCase?: boolean): Pending | null
  /** Whether an entry has a reference to this digest because its image states the digest. */
  isStated(digest: string): boolean
  /** Contents of exactly this size that the inventory listed; at most `most`. */
  ofSize(sizeBytes: number, most: number): readonly Pending[]
  /** Contents of this media type in the folder of `path`, with names that start with `beginning`. */
  beside(path: EvidencePath, beginning: string, mediaType: string): readonly Pending[]
  /** Whether an entry exists at this path, read or not. */
  isThere(path: EvidencePath): boolean
  /** Content that was read at this path; null if there is none. */
  at(path: EvidencePath): Pending | null
  /** Other paths on the exhibit itself of the content at this path; at most `most`. */
  placesOf(path: EvidencePath, most: number): readonly EvidencePath[]
}

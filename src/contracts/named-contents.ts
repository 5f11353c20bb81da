/** Contents of the exhibit by what a record says of them. */
import type { EvidencePath } from './entry.ts'
import type { Hit } from './finding.ts'
import type { RecordDigests } from './record.ts'

export interface NamedContents<Pending> {
  /** What lists say of the content that has this digest (lower-case hex); null when none was read. */
  hitsOf(algorithm: keyof RecordDigests, digest: string): readonly Hit[] | null
  /** SHA-256 (lower-case hex) of the content that has this digest; null when none was read. */
  sha256Of(algorithm: keyof RecordDigests, digest: string): string | null
  /**
   * What lies where a program's path ends: the one content whose own path ends with the most of its folders, and with one at least;
   * null where there is none, or more than one.
   * @param ignoresCase of letters of ASCII: some systems keep paths in capitals
   */
  endingAs(path: string, ignoresCase?: boolean): Pending | null
  /** Whether an entry has a reference to this digest by what its image states of it. */
  isStated(digest: string): boolean
  /** Of exactly this size, and listed by inventory; at most so many. */
  ofSize(sizeBytes: number, most: number): readonly Pending[]
  /** Of this media type, in the folder of this path, with names that begin so. */
  beside(path: EvidencePath, beginning: string, mediaType: string): readonly Pending[]
  /** Whether anything lies at this path, read or not. */
  isThere(path: EvidencePath): boolean
  /** What was read at this path; null where nothing was. */
  at(path: EvidencePath): Pending | null
  /** Other places on the exhibit itself of the content that lies at this path; at most so many. */
  placesOf(path: EvidencePath, most: number): readonly EvidencePath[]
}

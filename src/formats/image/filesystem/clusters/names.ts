/** Results of a directory reader: one name, live or removed, in terms that FAT and exFAT share. */
import type { VolumeTimes } from '../../../../contracts/volume-times.ts'

export interface FoundName {
  /** Offset on the volume of the 32 bytes that name the file. */
  readonly at: number
  readonly name: Buffer
  readonly kind: 'file' | 'directory' | 'unknown'
  /** Marked as removed, or behind the end of its directory. */
  readonly removed: boolean
  readonly behindEnd: boolean
  /** First cluster; 0: none. */
  readonly first: number
  readonly sizeBytes: number
  readonly validBytes: number
  /** exFAT: the entry marks its clusters as contiguous. */
  readonly contiguous: boolean
  readonly times: VolumeTimes
  readonly notes: readonly string[]
}

/** One piece of a directory, in order. */
export interface DirectoryPiece {
  readonly offset: number
  readonly bytes: Buffer
}

/** The first entries of a removed name: a driver gives back the clusters at the end of a folder that shrank. */
export interface BegunName {
  /** Offset on the volume of the first. */
  readonly at: number
  readonly bytes: Buffer
  readonly behindEnd: boolean
}

export interface DirectoryReader {
  /**
   * Names in the order of the directory; an invalid entry is a problem, which the reader itself reports.
   * @param unfinished receives a removed name that the directory's end cuts off; where it returns false, the part is
   *   yielded
   */
  names(pieces: Iterable<DirectoryPiece>, unfinished?: (begun: BegunName) => boolean): Iterable<FoundName>
  /** The complete name where the head of a cluster continues it; without one, its part, if that names a file. */
  finished(begun: BegunName, head: Buffer | null): FoundName | null
  /**
   * True where an unowned cluster begins a directory, with the first cluster of the parent where it is stated (else its
   * own).
   * @param head its first 2 KiB, or all of it
   */
  begins(head: Buffer, cluster: number): { readonly parent: number } | null
  /** True where a cluster can be the next one of a removed directory. @param head its first 2 KiB, or all of it */
  goesOn(head: Buffer): boolean
}

export const NO_TIMES: VolumeTimes = {
  modifiedNs: null,
  changedNs: null,
  accessedNs: null,
  bornNs: null,
  resolution: { modified: '2s', changed: '2s', accessed: 'day', born: '10ms' },
  zone: 'local-unknown',
}

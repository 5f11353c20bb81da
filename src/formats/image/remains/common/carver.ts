/**
 * What a carver is: it says whether a file of its kind can begin here, and walks the file's own structure to where it ends.
 *
 * A walk believes no length that it has not checked against the room that is left, and reads nothing outside of it.
 */
import type { Medium } from '../../../../contracts/image.ts'

/** Bytes that `begins` is given, fewer at the end of a range. */
export const HEAD_BYTES = 64

export interface CarvedLength {
  /** Bytes from the beginning that the structure accounts for; at least one. */
  readonly length: number
  /** The structure reached its own end. False: it stopped making sense there (the rest is elsewhere, overwritten, or damaged). */
  readonly complete: boolean
}

export interface Carver {
  readonly name: string
  readonly mediaType: string
  /** @param head up to HEAD_BYTES from where the file would begin */
  begins(head: Buffer): boolean
  /**
   * @param maxBytes room: nothing behind `offset + maxBytes` is looked at
   * @returns null when what follows is no file of this kind after all
   */
  lengthOf(medium: Medium, offset: number, maxBytes: number): CarvedLength | null
}

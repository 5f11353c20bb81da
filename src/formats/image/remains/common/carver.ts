/**
 * Interface of a carver: it recognises the beginning of a file of its kind, and walks the file's structure to its end.
 *
 * A walk checks every length against the remaining room, and reads no byte outside of it.
 */
import type { Medium } from '../../../../contracts/image.ts'

/** Bytes that `begins` receives; fewer at the end of a range. */
export const HEAD_BYTES = 64

export interface CarvedLength {
  /** Bytes from the beginning that the structure accounts for; at least one. */
  readonly length: number
  /**
   * True: the structure reached its own end. False: it stopped making sense (the rest is elsewhere, overwritten, or
   * damaged).
   */
  readonly complete: boolean
  /** Of a picture whose data stop being its own: how far it decodes. */
  readonly decodes?: DecodedRows
}

/** Rows of pixels from the top; `scan`: the scan that they are of, 1 where the picture has one. */
export interface DecodedRows {
  readonly rows: number
  readonly ofRows: number
  readonly scan: number
}

export interface Carver {
  readonly name: string
  readonly mediaType: string
  /** @param head up to HEAD_BYTES from the possible beginning of a file */
  begins(head: Buffer): boolean
  /**
   * @param maxBytes room: no byte behind `offset + maxBytes` is read
   * @param grid bytes between two possible borders of a fragment: the volume's cluster size
   * @returns null when the following bytes are no file of this kind
   */
  lengthOf(medium: Medium, offset: number, maxBytes: number, grid: number): CarvedLength | null
}

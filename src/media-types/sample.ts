/** Input of a type detector, and the two types without a detector. */
export interface Sample {
  /** The first HEAD_BYTES, or all of a smaller content. */
  readonly head: Buffer
  readonly sizeBytes: number
  /** The last bytes; the same as `head` for small contents. Empty when they are not known. */
  readonly tail: Buffer
  /** The whole content, where it is in memory (else null): some formats have their marks in the middle. */
  readonly whole: Buffer | null
}

/** The superblock of Btrfs lies behind 64 KiB. */
export const HEAD_BYTES = 68 * 1024
export const TAIL_BYTES = 64 * 1024

export const UNRECOGNISED = 'application/octet-stream'
export const EMPTY = 'inode/x-empty'

/** Facts about a content from its bytes. */
export interface Identified {
  readonly mediaType: string
  /**
   * A ZIP archive seems to lie behind it (appended.ts), something behind a program (program-overlay.ts), the state of a
   * download (ares-partial.ts), something in or behind a picture, a film or a sound (within/notice.ts), or it looks
   * encrypted (noise.ts).
   */
  readonly hasAppended?: true
}

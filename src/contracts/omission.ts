/**
 * Parts of an exhibit that were not examined, in bytes: closed codes, one line each on page one. Texts:
 * report/texts/court.
 */
export const OMISSIONS = [
  /** The image ends before its medium does. */
  'cut',
  /** A checksum is wrong, or the table of locations is damaged. */
  'damaged',
  'unreadable-at-acquisition',
  'encrypted',
  'not-read',
  /** Unallocated space, and gaps between volumes. */
  'free-space',
  /** After the ends of files. */
  'slack',
  /** Of NTFS, damaged or kept on another volume. */
  'shadow-copies',
  /** Snapshots in the image itself (qcow2). */
  'snapshots',
  /** Deleted files with a name but without content. */
  'deleted-content',
] as const
export type OmissionCode = (typeof OMISSIONS)[number]

export interface Omission {
  readonly code: OmissionCode
  /** Null: not known. */
  readonly bytes: number | null
  /** Number of counted items, if the code has any. */
  readonly count?: number
  /** What unallocated space and slack were searched for; `text`: for beginnings of listed contents and runs of text. */
  readonly searched?: 'not' | 'beginnings' | 'text'
}

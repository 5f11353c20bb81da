/** What of an exhibit was not examined, in bytes: closed codes, one line each on page one. Their words stand in report/texts/court. */
export const OMISSIONS = [
  /** The image ends before its medium does. */
  'cut',
  /** A checksum is wrong, or the table that says where bytes lie. */
  'damaged',
  'unreadable-at-acquisition',
  'encrypted',
  'not-read',
  /** Free space, and gaps between volumes. */
  'free-space',
  /** Behind the ends of files. */
  'slack',
  /** Of NTFS, damaged or kept on another volume. */
  'shadow-copies',
  /** States of the image itself (qcow2). */
  'snapshots',
  /** Deleted files of which the name is left, and not the content. */
  'deleted-content',
] as const
export type OmissionCode = (typeof OMISSIONS)[number]

export interface Omission {
  readonly code: OmissionCode
  /** Null: not known. */
  readonly bytes: number | null
  /** Of what is counted, where something is. */
  readonly count?: number
  /** How free space and slack were searched. */
  readonly searched?: 'not' | 'beginnings'
}

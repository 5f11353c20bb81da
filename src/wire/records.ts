/** What main process and child say to each other about the records in one content: rows in pieces, then what became of it. */

import type { PrivilegedSenders } from '../contracts/privilege.ts'
import type { CompanionSizes } from './companion-files.ts'

export interface ReadRecordsHeader extends CompanionSizes {
  readonly mediaType: string
  /** More are counted, not read. */
  readonly mostRecords: number
  /** Whose conversations give no record. */
  readonly privileged?: PrivilegedSenders | null
}

/** Of one piece. */
export const RECORDS_A_PART = 256
/** Times of one record beside its first. */
export const MOST_TIMES = 12
export const MOST_RECORDS = 500_000
/** Of a model file more is not read: the longest heads that were published, which hold the words of a training, have some megabytes. */
export const MODEL_HEAD_BYTES = 16 << 20
/** UTF-16 units of one text in a record. */
export const RECORD_TEXT = 200

/** Messages about the records in one content: rows in pieces, then the result. */

import type { PrivilegedSenders } from '../contracts/privilege.ts'
import type { CompanionSizes } from './companion-files.ts'

export interface ReadRecordsHeader extends CompanionSizes {
  readonly mediaType: string
  /** More are counted, not read. */
  readonly mostRecords: number
  /** Persons whose conversations give no record. */
  readonly privileged?: PrivilegedSenders | null
}

/** Most records in one piece. */
export const RECORDS_A_PART = 256
/** Most times of one record besides its first. */
export const MOST_TIMES = 12
export const MOST_RECORDS = 500_000
/**
 * Bytes read of a model file's head. The longest published heads, which contain the words of a training, have some
 * megabytes.
 */
export const MODEL_HEAD_BYTES = 16 << 20
/** UTF-16 units of one text in a record. */
export const RECORD_TEXT = 200

/** What lies beside a database and travels with it: behind the content's own bytes, the write-ahead log first. */

export interface LogSizes {
  /** Of the write-ahead log; absent or 0: there is none. */
  readonly logBytes?: number
  /** Of the rollback journal. */
  readonly journalBytes?: number
  /** Of another database, behind both. */
  readonly companionBytes?: number
}

/** What lies beside a database and travels with it: behind the content's own bytes, the write-ahead log first. */

export interface CompanionSizes {
  /** Of the write-ahead log; absent or 0: there is none. */
  readonly logBytes?: number
  /** Of the rollback journal. */
  readonly journalBytes?: number
  /** Of another database, behind both. */
  readonly companionBytes?: number
}

/** What lies beside a database and belongs to it; null: it is not there, or it is empty. */
export interface CompanionFiles {
  /** `-wal` */
  readonly log: Buffer | null
  /** `-journal` */
  readonly journal: Buffer | null
  /** Another database of the same program, which names the persons of this one. */
  readonly companion?: Buffer | null
}

export const NO_COMPANION_FILES: CompanionFiles = { log: null, journal: null }

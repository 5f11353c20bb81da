/** Companion files of a database. They follow the content's own bytes in a message, the write-ahead log first. */

export interface CompanionSizes {
  /** Bytes of the write-ahead log; absent or 0: none. */
  readonly logBytes?: number
  /** Bytes of the rollback journal. */
  readonly journalBytes?: number
  /** Bytes of another database, after both. */
  readonly companionBytes?: number
}

/** Companion files of a database; null: missing or empty. */
export interface CompanionFiles {
  /** `-wal` */
  readonly log: Buffer | null
  /** `-journal` */
  readonly journal: Buffer | null
  /** Another database of the same program, which contains the persons' names. */
  readonly companion?: Buffer | null
}

export const NO_COMPANION_FILES: CompanionFiles = { log: null, journal: null }

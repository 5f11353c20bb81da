/** Companion files of a database or a registry hive. They follow the content's own bytes in a message, the write-ahead log first. */

export interface CompanionSizes {
  /** Bytes of the write-ahead log; absent or 0: none. */
  readonly logBytes?: number
  /** Bytes of the rollback journal, or of the second log. */
  readonly journalBytes?: number
  /** Bytes of another database, after both. */
  readonly companionBytes?: number
}

/** Companion files of a database or a registry hive; null: missing or empty. */
export interface CompanionFiles {
  /** `-wal`; of a hive `.LOG1`, or `.LOG` where there is no other. */
  readonly log: Buffer | null
  /** `-journal`; of a hive `.LOG2`. */
  readonly journal: Buffer | null
  /** Another database of the same program, which contains the persons' names. */
  readonly companion?: Buffer | null
}

export const NO_COMPANION_FILES: CompanionFiles = { log: null, journal: null }

/**
 * Interface of a hash-list format: it recognises a file by content, and reads it in batches.
 *
 * A format reports the records of a file and no meaning: `illegal` or `known` is never inferred from a format, a marker
 * or a file's name. It rejects unreadable rows with their position and never skips them silently.
 */
import type { ListAlgorithm } from './algorithms.ts'
import type { WantedAlternatives } from './alternative-hashes.ts'
import type { ListFile } from './list-file.ts'
import type { RecordBatch } from './record-batch.ts'

export interface HashSetFormat {
  readonly id: string
  readonly title: string
  /**
   * Does this content look like the format, and by which mark? Ledger and report contain the reason.
   * @param path for formats whose marks may be anywhere (SQLite); not for its name
   * @param alternatives names of hashes that a column's heading may have
   */
  detect(head: Buffer, fileSize: number, path: string, alternatives?: WantedAlternatives): Detection
  /**
   * Yields the same batch repeatedly: use each before requesting the next.
   * @throws UsageError with a line or record number when the whole file cannot be trusted (truncated, wrong header)
   */
  read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch>
}

export interface Detection {
  readonly matches: boolean
  readonly reason: string
}

export interface ReadOptions {
  /** The operator's algorithm, where the length alone does not determine it. */
  readonly type?: ListAlgorithm
  /**
   * Take lines of 64 digits for SHA-256 where no mark names the algorithm, and note it; otherwise the list is refused.
   */
  readonly assumeSha256?: boolean
  /** Also fill `batch.extras`: fields that export and the compiled index keep beside the digests. */
  readonly extras?: boolean
  /** Hashes of agencies' hashers to take; absent: none. */
  readonly alternatives?: WantedAlternatives
  /** Saved meaning of the columns of a CSV list. */
  readonly columns?: ColumnMap
  /** Receives the list's own name and edition. */
  onFacts?(facts: ListFacts): void
}

export interface ListFacts {
  readonly name?: string
  readonly edition?: string
  readonly note?: string
}

/** Assigns columns by name, without regard to case, or by number. Stored as JSON beside its list. */
export interface ColumnMap {
  readonly delimiter?: string
  /** False: columns are numbers, from 1. */
  readonly header?: boolean
  readonly columns: Readonly<Record<string, string | number>>
}

/**
 * What a hash-list format is: it recognises a file by content, and reads it in batches.
 *
 * A format says what is in the file and nothing about what it means: `illegal` or `known` is never inferred from a
 * format, a marker or a file's name. Whatever it cannot read it rejects with a place; it never skips silently.
 */
import type { ListAlgorithm } from './algorithms.ts'
import type { ListFile } from './list-file.ts'
import type { RecordBatch } from './record-batch.ts'

export interface HashSetFormat {
  readonly id: string
  readonly title: string
  /**
   * Does this content look like the format, and what shows it? The reason stands in ledger and report.
   * @param path for formats whose marks may lie anywhere (SQLite); not for its name
   */
  detect(head: Buffer, fileSize: number, path: string): Detection
  /**
   * Yields the same batch again and again: use each before asking for the next.
   * @throws UsageError with a line or record number when the file as a whole cannot be trusted (truncated, wrong header)
   */
  read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch>
}

export interface Detection {
  readonly matches: boolean
  readonly reason: string
}

export interface ReadOptions {
  /** What the operator says the digests are, where their length alone does not tell. */
  readonly type?: ListAlgorithm
  /** Take lines of 64 digits for SHA-256 when nothing says what they are, and note it; otherwise the list is refused. */
  readonly assumeSha256?: boolean
  /** Also fill `batch.extras`: what export and the compiled index carry beside the digests. */
  readonly extras?: boolean
  /** Saved meaning of the columns of a CSV list. */
  readonly columns?: ColumnMap
  /** What the list says of itself. */
  onFacts?(facts: ListFacts): void
}

export interface ListFacts {
  readonly name?: string
  readonly edition?: string
  readonly note?: string
}

/** Which column holds what; names are compared without regard to case. Kept as JSON beside the list it describes. */
export interface ColumnMap {
  readonly delimiter?: string
  /** False: columns are numbers, from 1. */
  readonly header?: boolean
  readonly columns: Readonly<Record<string, string | number>>
}

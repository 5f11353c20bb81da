/**
 * The interface of an exporter. Each exporter is one file and one line in EXPORTERS (report/index.ts).
 *
 * An exporter never ends `out`: the caller opens and closes it. The exporter waits whenever `out` is full, so that a
 * ledger of a million entries is written with constant memory use.
 */
import type { Writable } from 'node:stream'
import type { LedgerReader } from '../../contracts/ledger-reader.ts'
import type { View } from '../../contracts/view.ts'
import type { LeavesOut } from '../model/leaves-out.ts'
import type { Wishes } from './wishes.ts'

export interface Exporter {
  /** Value of `--format`. */
  readonly id: string
  readonly title: string
  /** Edition written by default, for an exporter with editions. */
  readonly edition?: 'working' | 'court'
  /**
   * Writes several exhibits of a case as one output, in the court's edition or row by row. The other exhibits come
   * with the wishes.
   */
  readonly ofCase?: 'court' | 'rows'
  /** True when the output is not text. */
  readonly isBinary?: true
  /** File extension with the dot. */
  readonly extension: string
  /** Kinds left out of the working edition, where there are two editions. */
  readonly leavesOut: LeavesOut
  /** Kinds left out of the court's edition. */
  readonly courtLeavesOut?: LeavesOut
  /**
   * Writes the whole ledger to `out` and resolves when `out` has accepted all of it.
   * @throws any error that `out` reports, as soon as it does
   */
  write(ledger: LedgerReader, out: Writable, view: View, wishes?: Wishes): Promise<void>
  /** The files of an output that is too long for one file, in order; `write` then writes only a single file. */
  volumes?(ledger: LedgerReader, view: View, wishes?: Wishes): Promise<readonly Buffer[]>
}

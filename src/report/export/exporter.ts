/**
 * What an exporter is. One file an exporter and one line in EXPORTERS (report/index.ts).
 *
 * An exporter never ends `out`: the caller opened it and closes it. It awaits `out` whenever `out` says it is full, so
 * that a ledger of a million entries is written in flat memory.
 */
import type { Writable } from 'node:stream'
import type { LedgerReader } from '../../contracts/ledger.ts'
import type { View } from '../../contracts/view.ts'
import type { LeavesOut } from '../model/leaves-out.ts'
import type { Wishes } from './wishes.ts'

export interface Exporter {
  /** What `--format` takes. */
  readonly id: string
  readonly title: string
  /** That it writes when none is asked for, where it has editions. */
  readonly edition?: 'working' | 'court'
  /** Writes several exhibits of a case as one, in the court's edition or row by row: the others come with the wishes. */
  readonly ofCase?: 'court' | 'rows'
  /** What it writes is no text. */
  readonly isBinary?: true
  /** With the dot. */
  readonly extension: string
  /** Of the working edition, where it has two. */
  readonly leavesOut: LeavesOut
  /** Of the court's edition. */
  readonly courtLeavesOut?: LeavesOut
  /**
   * Writes the whole ledger to `out` and resolves when `out` has taken all of it.
   * @throws whatever error `out` reports, as soon as it does
   */
  write(ledger: LedgerReader, out: Writable, view: View, wishes?: Wishes): Promise<void>
  /** What would be too long for one file, in order; then `write` is for one alone. */
  volumes?(ledger: LedgerReader, view: View, wishes?: Wishes): Promise<readonly Buffer[]>
}

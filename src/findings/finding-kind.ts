/**
 * Interface of a kind of finding: one file here and one line in index.ts. Recorder, digests, views, search and
 * exporters loop over FINDINGS and know no kind by name.
 *
 * A new kind begins in contracts/finding.ts (its type, and the list of a view that holds it); the compiler then asks
 * for the rest. Its table is a change of the ledger's format (ledger/FORMAT.md).
 */

import type { ParamSpec, Params } from '../contracts/coded.ts'
import type { Finding } from '../contracts/finding.ts'
import type { COUNTED } from '../contracts/view.ts'

/** Value of a column. */
export type Cell = number | bigint | string | Buffer | null

/** A row as SQLite gives it, all integers big. */
export type FindingRow = Readonly<Record<string, string | bigint | Buffer | null>>

/** Sections of `seized diff` that findings stand in. */
export type ComparedIn = 'matches' | 'leads' | 'signals'

export interface Compared<F extends Finding> {
  readonly section: ComparedIn
  /** Two findings of one content at one place with equal keys are the same finding. Null: this one is not compared. */
  readonly key: (finding: F) => readonly string[] | null
}

/** An omission of an output or a comparison, with the reason in one sentence for its users. */
export interface LeftOut {
  readonly leftOut: string
}

export interface FindingKind<F extends Finding, T extends string = string> {
  readonly kind: F['kind']
  readonly table: T
  /** `name type`, `?` where null may stand; after content and stage, in this order in rows, chain and digests. */
  readonly columns: readonly string[]
  /** `facts` of the stage `matched` enter the evidence digest; everything of later stages the analysis digest. */
  readonly digest: 'facts' | 'opinions'
  /** SQL: which rows make a content one that reports show; null: none by itself. */
  readonly shown: string | null
  /** The same as `shown`, of one finding: never true where `shown` is null. */
  readonly isShown: (finding: F) => boolean
  /** Comparison of two ledgers by this kind, or the reason for no comparison. */
  readonly compared: Compared<F> | LeftOut
  /**
   * Name in the totals of a ledger of the contents that are shown for it, which decide the exit code; null: they do
   * not.
   */
  readonly counted: (typeof COUNTED)[number] | null
  /** Text for the search, the same in every language; null: not searchable. */
  readonly searchText: ((finding: F) => string) | null
  readonly toRow: (finding: F) => readonly Cell[]
  readonly fromRow: (row: FindingRow) => F
  /** Parameters of its words (report/texts, `finding`). */
  readonly says: Readonly<Record<string, ParamSpec>>
  readonly params: (finding: F) => Params
  /** As JSONL has it; null where a line has it in another form. */
  readonly record: ((finding: F) => object) | null
}

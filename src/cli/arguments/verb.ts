/** What a verb is: one row with its operands and options. Its code is loaded when it is called, and only then. */
import type { AnyOption, Given, Offered } from './option.ts'

export interface Operand {
  /** As help shows it: `<ledger>`, `[files...]`. */
  readonly form: string
  readonly help: string
  readonly offers: Offered
  readonly missing?: string
}

export type Options = Readonly<Record<string, AnyOption>>

/** @returns the exit code */
export type Run<O extends Options> = (
  operands: readonly string[],
  given: Given<O>,
) => Promise<number> | number

export interface VerbRow<O extends Options = Options> {
  /** `scan`, or `hashset import` for one of a group. */
  readonly name: string
  readonly summary: string
  readonly operands: readonly Operand[]
  readonly options: O
  /** Shown behind the options in help and manual. */
  readonly more?: string
  /** It examines: signals pause it, and end it with a word before it has anything to go on with. */
  readonly pauses?: true
  readonly load: () => Promise<Run<O>>
}

// biome-ignore lint/suspicious/noExplicitAny: rows of any options stand in one table
export type AnyVerb = VerbRow<any>

/** Holds a row to its own options. */
export function verb<const O extends Options>(row: VerbRow<O>): VerbRow<O> {
  return row
}

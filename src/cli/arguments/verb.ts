/**
 * The definition of a verb: one row with its operands and options. The verb's code is loaded only when the verb is
 * called.
 */
import type { AnyOption, Given, Offered } from './option.ts'

export interface Operand {
  /** Notation in the help: `<ledger>`, `[files...]`. */
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
  /** `scan`, or `hashset import` for a verb of a group. */
  readonly name: string
  readonly summary: string
  readonly operands: readonly Operand[]
  readonly options: O
  /** Text after the options in help and manual. */
  readonly more?: string
  /**
   * True for a verb that examines: signals pause its run. Before there is a run to resume, a signal ends it with a
   * message.
   */
  readonly pauses?: true
  readonly load: () => Promise<Run<O>>
}

// biome-ignore lint/suspicious/noExplicitAny: rows of any options stand in one table
export type AnyVerb = VerbRow<any>

/** Checks the type of a row against its own options. */
export function verb<const O extends Options>(row: VerbRow<O>): VerbRow<O> {
  return row
}

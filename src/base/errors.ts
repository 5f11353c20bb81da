/** Errors that stop a command. Each says, in a sentence that needs no source code, what happened and what to do. */
import { EXIT, type ExitName } from './exit-codes.ts'

/** What programs that run seized tell apart: `code` of the error object that `--progress json` ends with. */
export type ErrorCode =
  | 'usage'
  | 'ledger-damaged'
  | 'ledger-missing'
  | 'ledger-exists'
  | 'ledger-sealed'
  | 'ledger-not-begun'
  | 'ledger-busy'
  | 'exhibit-missing'
  | 'exhibit-differs'
  | 'image-refused'
  | 'plan-differs'
  | 'list-unreadable'
  | 'disk-full'
  | 'machine-short'
  | 'output-unwritable'
  | 'file-unusable'
  | 'child-cannot-start'
  | 'unconfined'
  | 'interrupted'
  | 'bug'

export class SeizedError extends Error {
  readonly exitCode: number
  readonly code: ErrorCode
  constructor(message: string, exit: ExitName, code: ErrorCode, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.exitCode = EXIT[exit]
    this.code = code
  }
}

/** Wrong options or configuration: stops before the first entry is read. */
export class UsageError extends SeizedError {
  constructor(message: string, options?: ErrorOptions & { readonly code?: ErrorCode }) {
    super(message, 'usage', options?.code ?? 'usage', options)
  }
}

/** The ledger does not agree with itself, or is not a ledger. */
export class LedgerDamaged extends SeizedError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, 'ledgerDamaged', 'ledger-damaged', options)
  }
}

/** Nothing is wrong with what was asked for: it may go through later, or on another machine. */
export class TryAgain extends SeizedError {
  constructor(message: string, code: ErrorCode, options?: ErrorOptions) {
    super(message, 'tryAgain', code, options)
  }
}

/** A person or the system ended a command before it had anything to go on with. */
export class Interrupted extends SeizedError {
  constructor() {
    super('Interrupted before the examination began: nothing was examined.', 'interrupted', 'interrupted')
  }
}

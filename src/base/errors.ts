/** Errors that stop a command. Each says, in a sentence that needs no source code, what happened and what to do. */

export class SeizedError extends Error {
  /** Exit code that the command ends with (cli/exit-codes.ts). */
  readonly exitCode: number
  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.exitCode = exitCode
  }
}

/** Wrong options or configuration: stops before the first entry is read. */
export class UsageError extends SeizedError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, 2, options)
  }
}

/** The ledger does not agree with itself, or is not a ledger. */
export class LedgerDamaged extends SeizedError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, 4, options)
  }
}

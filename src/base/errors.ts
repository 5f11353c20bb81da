/** Errors that stop a command. Each message states, without need for the source code, what happened and what to do. */
import { EXIT, type ExitName } from './exit-codes.ts'

/** Error codes for programs that run seized: `code` of the error object at the end of `--progress json`. */
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
  | 'keys-malformed'
  | 'key-wrong'
  | 'keys-missing'
  | 'option-gone'
  | 'list-unreadable'
  | 'disk-full'
  | 'machine-short'
  | 'output-unwritable'
  | 'file-unusable'
  | 'child-cannot-start'
  | 'installation-broken'
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

/** The request is valid: it may succeed later, or on another machine. */
export class TryAgain extends SeizedError {
  constructor(message: string, code: ErrorCode, options?: ErrorOptions) {
    super(message, 'tryAgain', code, options)
  }
}

/**
 * A child process ended, and the cause (its input or the installation) is not known yet. The caller that catches it
 * repeats the operation on a file that the program made itself.
 */
export class ProcessFailed extends Error {
  /** A key of {@link PROCESS_DOES}. */
  readonly process: ProcessKind
  /** How the process ended and its output, escaped. */
  readonly said: string

  constructor(process: ProcessKind, said: string, options?: ErrorOptions) {
    super(`the process that ${PROCESS_DOES[process]} ended (${said})`, options)
    this.name = 'ProcessFailed'
    this.process = process
    this.said = said
  }
}

/** Purpose of each process of a run; completes the phrase “the process that”. */
export const PROCESS_DOES = {
  walk: 'lists the files of a mount',
  list: 'lists what an image holds',
  read: 'reads files',
  look: 'looks at pictures and videos',
  open: 'opens containers',
  records: 'reads records of the device',
  text: 'reads text',
  reveal: 'shows a picture in review',
  typeset: 'sets a PDF',
} as const

export type ProcessKind = keyof typeof PROCESS_DOES

/** A process failed on a file that the program made itself, so the exhibit is not the cause. */
export class InstallationBroken extends TryAgain {
  readonly process: ProcessKind
  readonly said: string

  constructor({ process, said }: Broken) {
    super(
      `This installation of seized is broken: the process that ${PROCESS_DOES[process]} fails on a file that seized made itself (its last words: ${said}). Nothing that it left undone says anything about the exhibit. Install seized again, see that seized doctor finds nothing, then go on with seized resume.`,
      'installation-broken',
    )
    this.process = process
    this.said = said
  }
}

/** Machine code differs from the file in the package, though it may still load and work. */
export class PartsDamaged extends TryAgain {
  /** @param names of the parts, as `seized parts` gives them */
  constructor(names: readonly string[]) {
    super(
      `This installation of seized is broken: ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} damaged (not the bytes that the package holds). Nothing was examined. Install seized again, see that seized doctor finds nothing, then give the same command again.`,
      'installation-broken',
    )
  }
}

/** The process that does not work here, and its last output, escaped. */
export interface Broken {
  readonly process: ProcessKind
  readonly said: string
}

/** A person or the system ended a command before it had a state to resume from. */
export class Interrupted extends SeizedError {
  constructor() {
    super('Interrupted before the examination began: nothing was examined.', 'interrupted', 'interrupted')
  }
}

/** Problems that verification found, as sentences. The first hundred are kept. */
import { TryAgain, UsageError } from '../../base/errors.ts'

/** Receiver of the problems that a check reports. */
export interface ProblemSink {
  add(problem: string): void
}

const MOST = 100

export class Problems implements ProblemSink {
  readonly #list: string[] = []

  get list(): readonly string[] {
    return this.#list
  }

  add(problem: string): void {
    if (this.#list.length < MOST) this.#list.push(problem)
    else if (this.#list.length === MOST) this.#list.push('… and more')
  }

  /** Runs one check. An exception becomes a problem as well, so that the other checks still run. */
  during<T>(what: string, check: () => T): T | null {
    try {
      return check()
    } catch (error) {
      if (error instanceof UsageError || isNoDamage(error)) throw error
      this.add(`${what}: ${error instanceof Error ? error.message : String(error)}`)
      return null
    }
  }
}

/** An error that says nothing about the ledger: a run has it open, or the machine is short of memory. */
function isNoDamage(error: unknown): boolean {
  return error instanceof TryAgain && (error.code === 'ledger-busy' || error.code === 'machine-short')
}

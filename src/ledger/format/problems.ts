/** Problems that verification found: sentences, the first hundred of them. */
import { TryAgain, UsageError } from '../../base/errors.ts'

/** Where a check reports to. */
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

  /** Runs one check; what it throws is a problem as well, so that the other checks still run. */
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

/** A ledger that a run has open, or a machine that is short of memory, says nothing about the ledger. */
function isNoDamage(error: unknown): boolean {
  return error instanceof TryAgain && (error.code === 'ledger-busy' || error.code === 'machine-short')
}

/** Whether a process that ended did so because of what it read, or because none works here. */
import { type Broken, InstallationBroken, ProcessFailed } from '../../base/errors.ts'
import { lastWords } from '../../base/last-words.ts'
import type { Failure } from './failure.ts'

const MAX_START_FAILURES = 3

export class Blame {
  readonly #failure: Failure
  readonly #tried: (() => Promise<Broken | null>) | null
  #startFailures = 0
  #trial: Promise<Broken | null> | null = null
  /** How the last process that ended by itself ended, and what it had printed. */
  lastWords = ''

  /** @param tried reads something that the program made itself; null: nobody does, and what was read is to blame */
  constructor(failure: Failure, tried: (() => Promise<Broken | null>) | null) {
    this.#failure = failure
    this.#tried = tried
  }

  /** One answered. */
  worked(): void {
    this.#startFailures = 0
  }

  /** @returns false where so many did not even start that nothing can be read */
  ended(process: { readonly started: boolean; readonly errorOutput: string }, how: string): boolean {
    this.lastWords = lastWords(how, process.errorOutput)
    if (process.started || ++this.#startFailures < MAX_START_FAILURES) return true
    this.#failure.set(new ProcessFailed('read', this.lastWords))
    return false
  }

  /** Says it of a file that it ended the processes, only where these are known to work. */
  async unlessBroken(say: () => void): Promise<void> {
    this.#trial ??= this.#tried?.() ?? Promise.resolve(null)
    const broken = await this.#trial
    if (broken === null) say()
    else this.#failure.set(new InstallationBroken(broken))
  }
}

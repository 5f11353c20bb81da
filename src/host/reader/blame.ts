/** Decides why a process ended: because of the file that it read, or because no process works on this machine. */
import { type Broken, InstallationBroken, ProcessFailed } from '../../base/errors.ts'
import { lastWords } from '../../base/last-words.ts'
import type { Failure } from './failure.ts'

const MAX_START_FAILURES = 3

export class Blame {
  readonly #failure: Failure
  readonly #tried: (() => Promise<Broken | null>) | null
  #startFailures = 0
  #trial: Promise<Broken | null> | null = null
  /** How the last process ended by itself, and its printed output. */
  lastWords = ''

  /**
   * @param tried reads a file that the program made itself; null: no trial, and the file that was read is to
   *   blame
   */
  constructor(failure: Failure, tried: (() => Promise<Broken | null>) | null) {
    this.#failure = failure
    this.#tried = tried
  }

  /** One answered. */
  worked(): void {
    this.#startFailures = 0
  }

  /** @returns false where so many processes failed to start that nothing can be read */
  ended(process: { readonly started: boolean; readonly errorOutput: string }, how: string): boolean {
    this.lastWords = lastWords(how, process.errorOutput)
    if (process.started || ++this.#startFailures < MAX_START_FAILURES) return true
    this.#failure.set(new ProcessFailed('read', this.lastWords))
    return false
  }

  /** Calls `say`, which blames a file, only where processes are known to work on this machine. */
  async unlessBroken(say: () => void): Promise<void> {
    this.#trial ??= this.#tried?.() ?? Promise.resolve(null)
    const broken = await this.#trial
    if (broken === null) say()
    else this.#failure.set(new InstallationBroken(broken))
  }
}

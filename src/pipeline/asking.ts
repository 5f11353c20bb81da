/** Second readings that run while first readings come in: a limited number at once. A pause does not wait for them. */
import type { MatchResult } from '../contracts/ledger.ts'
import type { WhyAgain } from '../contracts/read-again.ts'
import type { Answered, Held, Readings } from './readings.ts'
import { type Run, untilPaused } from './run.ts'

/** Limit on memory: each waiting reading is a small object. */
const MOST_ASKED = 256

export class Asking {
  readonly #run: Run
  readonly #readings: Readings
  readonly #asked = new Set<Promise<void>>()
  #failed: { readonly error: unknown } | null = null
  #ended = false

  constructor(run: Run, readings: Readings) {
    this.#run = run
    this.#readings = readings
  }

  /** @param put receives the reading to write */
  ask(
    {
      reading,
      match,
      why,
    }: { readonly reading: Answered; readonly match: MatchResult | null; readonly why: WhyAgain },
    put: (held: Held) => void,
  ): void {
    const asked = this.#ask(reading, match, why, put)
      .catch((error: unknown) => {
        this.#failed ??= { error }
      })
      .finally(() => this.#asked.delete(asked))
    this.#asked.add(asked)
  }

  /** Resolves when another reading can start. @throws the error of a failed reading */
  async room(): Promise<void> {
    while (
      this.#asked.size >= MOST_ASKED &&
      (await untilPaused(
        this.#run,
        Promise.race(this.#asked).then(() => true),
      ))
    );
    this.#rethrow()
  }

  /**
   * Resolves when all readings have ended, also later ones, or the run pauses.
   * @throws the error of a failed reading
   */
  async all(): Promise<void> {
    while (
      this.#asked.size > 0 &&
      (await untilPaused(
        this.#run,
        Promise.race(this.#asked).then(() => true),
      ))
    );
    this.#rethrow()
  }

  /** Readings that are still running are not written. A resumed run reads them. */
  end(): void {
    this.#ended = true
  }

  async #ask(
    reading: Answered,
    match: MatchResult | null,
    why: WhyAgain,
    put: (held: Held) => void,
  ): Promise<void> {
    const held = await this.#readings.ask(reading, match, why)
    if (!this.#ended) put(held)
  }

  #rethrow(): void {
    if (this.#failed) throw this.#failed.error
  }
}

/** Readings that are being asked again while others come in: so many at once, and none that is waited for once the run is to pause. */
import type { MatchResult } from '../contracts/ledger.ts'
import type { WhyAgain } from '../contracts/read-again.ts'
import type { Answered, Held, Readings } from './readings.ts'
import { type Run, untilPaused } from './run.ts'

/** Each waits as a small object. */
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

  /** @param put told what is to be written */
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

  /** When there is room for more of them. @throws what one of them met */
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

  /** When all have been answered, those too that came meanwhile, or the run is to pause. @throws what one of them met */
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

  /** What is still asked is not written: it is read when the run goes on. */
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

/** Observations of a scenario: counted checks of one requirement, with the action and the expected result. */

export interface Observation {
  /** Id of the requirement. */
  readonly requirement: string
  readonly action: string
  readonly expected: string
  /** Checks made. */
  readonly n: number
  readonly failures: number
  /** The first failures in words. */
  readonly examples: readonly string[]
}

const MOST_EXAMPLES = 10

/** Counts checks; every failed check keeps the observed value. */
export class Checks {
  readonly #requirement: string
  readonly #action: string
  readonly #expected: string
  #n = 0
  readonly #failed: string[] = []
  #failures = 0

  constructor(requirement: string, action: string, expected: string) {
    this.#requirement = requirement
    this.#action = action
    this.#expected = expected
  }

  /** @param seen the observed value, called only for a failed check */
  see(holds: boolean, seen: () => string): void {
    this.#n++
    if (holds) return
    this.#failures++
    if (this.#failed.length < MOST_EXAMPLES) this.#failed.push(seen())
  }

  equal(seen: unknown, expected: unknown, what: string): void {
    const [a, b] = [JSON.stringify(seen), JSON.stringify(expected)]
    this.see(a === b, () => `${what}: expected ${cut(b)}, seen ${cut(a)}`)
  }

  get observation(): Observation {
    return {
      requirement: this.#requirement,
      action: this.#action,
      expected: this.#expected,
      n: this.#n,
      failures: this.#failures,
      examples: this.#failed,
    }
  }
}

function cut(text: string | undefined): string {
  return text === undefined ? 'nothing' : text.length > 200 ? `${text.slice(0, 200)}…` : text
}

/** Problems of a volume, as many as are worth telling: a hostile one has millions. */
import type { VolumeProblem } from '../../../../contracts/image.ts'

const MOST = 10_000

export class ProblemList {
  readonly #told: VolumeProblem[] = []
  #more = 0

  add(problem: VolumeProblem): void {
    if (this.#told.length < MOST) this.#told.push(problem)
    else this.#more++
  }

  all(): readonly VolumeProblem[] {
    if (this.#more === 0) return this.#told
    return [...this.#told, { code: 'more-problems', record: null, detail: String(this.#more) }]
  }
}

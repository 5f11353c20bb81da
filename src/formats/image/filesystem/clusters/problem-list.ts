/** Problems of a volume, as many as are worth telling: a hostile one has millions. */
import type { VolumeProblem } from '../../../../contracts/image.ts'

const MOST = 10_000

export class ProblemList {
  readonly #told: VolumeProblem[] = []
  readonly #keys = new Set<string>()
  #more = 0

  /** The same problem of a record is reported once: directories are read again for removed names. */
  add(problem: VolumeProblem): void {
    const key = `${problem.code} ${problem.record}`
    if (this.#keys.has(key)) return
    if (this.#told.length < MOST) this.#keys.add(key)
    if (this.#told.length < MOST) this.#told.push(problem)
    else this.#more++
  }

  all(): readonly VolumeProblem[] {
    if (this.#more === 0) return this.#told
    return [...this.#told, { code: 'more-problems', record: null, detail: String(this.#more) }]
  }
}

/** Problems of a volume, the first thousands one by one: a volume of damaged records would fill memory with them. */
import type { VolumeProblem } from '../../../../contracts/image.ts'

const KEPT = 5_000

export class Problems {
  readonly #kept: VolumeProblem[] = []
  #more = 0

  add(code: string, record: number | null, detail: string): void {
    if (this.#kept.length < KEPT) this.#kept.push({ code, record, detail })
    else this.#more++
  }

  all(): readonly VolumeProblem[] {
    if (this.#more === 0) return this.#kept
    return [...this.#kept, { code: 'more-problems', record: null, detail: `${this.#more}` }]
  }
}

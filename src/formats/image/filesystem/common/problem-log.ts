/** Problems of a file system's structures, bounded: a hostile volume can have more problems than memory. */
import type { VolumeProblem } from '../../../../contracts/image.ts'

/** Problems kept one by one; further ones are counted. */
const KEPT = 10_000

export class ProblemLog {
  readonly #kept: VolumeProblem[] = []
  readonly #said = new Set<string>()
  #more = 0

  /**
   * @param asked negative: a number that no record has, not kept
   * @param detail parameters, no sentence. The same problem of a record is kept once.
   */
  add(code: string, asked: number | null, detail = ''): void {
    const record = asked !== null && asked < 0 ? null : asked
    const key = `${code}:${record}:${detail}`
    if (this.#said.has(key)) return
    if (this.#kept.length >= KEPT) {
      this.#more += 1
      return
    }
    this.#said.add(key)
    this.#kept.push({ code, record, detail })
  }

  all(): readonly VolumeProblem[] {
    if (this.#more === 0) return [...this.#kept]
    return [...this.#kept, { code: 'more-problems', record: null, detail: `${this.#more}` }]
  }
}

/**
 * `outcomes.jsonl` of a batch: an outcome a line, each said once. A batch that goes on finds most exhibits as they were; what it says of
 * them again is what the file says already.
 */
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { BatchOutcome } from './batch-outcome.ts'

export class OutcomesFile {
  readonly #file: string
  /** By exhibit, what was said last. */
  readonly #said = new Map<string, string>()

  constructor(file: string) {
    this.#file = file
    if (!existsSync(file)) return
    const text = readFileSync(file, 'utf8')
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    // A batch was killed while it wrote its last line: that outcome is said again.
    if (whole !== text) {
      writeFileSync(`${file}.${process.pid}`, whole)
      renameSync(`${file}.${process.pid}`, file)
    }
    for (const line of whole.split('\n')) {
      const outcome = parsed(line)
      if (outcome) this.#said.set(outcome.exhibit, sameIn(outcome))
    }
  }

  /** Whether the file says it of that exhibit already, as the last word. */
  says(outcome: BatchOutcome): boolean {
    return this.#said.get(outcome.exhibit) === sameIn(outcome)
  }

  /** @throws the error of the file system; the outcome then counts as not said */
  add(outcome: BatchOutcome): void {
    appendFileSync(this.#file, `${JSON.stringify(outcome)}\n`)
    this.#said.set(outcome.exhibit, sameIn(outcome))
  }
}

function parsed(line: string): BatchOutcome | null {
  try {
    const value = JSON.parse(line) as Partial<BatchOutcome> | null
    return typeof value?.exhibit === 'string' ? (value as BatchOutcome) : null
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return null
  }
}

/** All but when it was said, and after how many attempts of that run. */
function sameIn({ utc: _, attempts: __, ...outcome }: BatchOutcome): string {
  return JSON.stringify(Object.entries(outcome).sort(([a], [b]) => (a < b ? -1 : 1)))
}

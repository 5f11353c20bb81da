/**
 * `outcomes.jsonl` of a batch: one outcome a line, each written once. A batch that continues finds most exhibits
 * unchanged, and does not write their outcomes again.
 */
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { BatchOutcome } from './batch-outcome.ts'

export class OutcomesFile {
  readonly #file: string
  /** Last written outcome of each exhibit. */
  readonly #said = new Map<string, string>()

  constructor(file: string) {
    this.#file = file
    if (!existsSync(file)) return
    const text = readFileSync(file, 'utf8')
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    // A batch was killed while it wrote its last line; that outcome is written again.
    if (whole !== text) {
      writeFileSync(`${file}.${process.pid}`, whole)
      renameSync(`${file}.${process.pid}`, file)
    }
    for (const line of whole.split('\n')) {
      const outcome = parsed(line)
      if (outcome) this.#said.set(outcome.exhibit, sameIn(outcome))
    }
  }

  /** True where the file's last outcome of that exhibit is this one. */
  says(outcome: BatchOutcome): boolean {
    return this.#said.get(outcome.exhibit) === sameIn(outcome)
  }

  /** @throws the error of the file system; the outcome then counts as not written */
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

/** All fields except the time, and the number of attempts in that run. */
function sameIn({ utc: _, attempts: __, ...outcome }: BatchOutcome): string {
  return JSON.stringify(Object.entries(outcome).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * Number of contents of a pass that are left, updated for each content: a million contents are not counted again after
 * each decision.
 */
import type { DecidedContents } from './decided.ts'
import { isDone, type PassAsked } from './passes.ts'

const OUTSIDE = 0
const INSIDE = 1
const DONE = 2
const EYES = 4

export class PassTally {
  readonly #asked: Pick<PassAsked, 'pass' | 'operator'>
  readonly #decided: DecidedContents
  /** State by number of the catalogue. */
  readonly #states: Uint8Array
  #left: number
  #needsEyes = 0

  constructor(asked: Pick<PassAsked, 'pass' | 'operator'>, contents: Int32Array, decided: DecidedContents) {
    this.#asked = asked
    this.#decided = decided
    this.#left = contents.length
    this.#states = new Uint8Array(contents.reduce((most, one) => Math.max(most, one), -1) + 1)
    for (const number of contents) {
      this.#states[number] = INSIDE
      this.look(number)
    }
  }

  get left(): number {
    return this.#left
  }

  get needsEyes(): number {
    return this.#needsEyes
  }

  /** Updates the count after a decision on a content. */
  look(number: number): void {
    const before = this.#states[number] ?? OUTSIDE
    if (before === OUTSIDE) return
    const { pass, operator } = this.#asked
    const done = isDone(this.#asked, number, this.#decided)
    // A blind pass does not reveal the requests of other persons.
    const eyes = this.#decided.needsEyes(number, pass === 'peer' ? operator : null)
    this.#left += (before & DONE ? 1 : 0) - (done ? 1 : 0)
    this.#needsEyes += (eyes ? 1 : 0) - (before & EYES ? 1 : 0)
    this.#states[number] = INSIDE | (done ? DONE : 0) | (eyes ? EYES : 0)
  }
}

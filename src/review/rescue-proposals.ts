/** What the rule of rescue says of a whole ledger, asked once for all reviews of it, and in pieces: the server answers between them. */
import { setImmediate as turn } from 'node:timers/promises'
import { UsageError } from '../base/errors.ts'
import { openForReading, type ReadableDatabase, SMALL_CACHE_KIB } from '../ledger/format/open-readonly.ts'
import type { Catalogue } from './catalogue.ts'
import { type ExaminedLedger, RescueRule } from './rescue-rule.ts'
import type { RescueReason } from './said-rescue.ts'

/** Work at a stretch: a person who waits for another answer does not notice it. */
const SLICE_MS = 15

type Proposed = ReadonlyMap<number, readonly RescueReason[]>

export class RescueProposals {
  readonly #ledger: ExaminedLedger
  readonly #catalogue: Catalogue
  #file: ReadableDatabase | null = null
  #rule: RescueRule | null = null
  #work: Generator<void, Proposed> | null = null
  #making: Promise<Proposed> | null = null
  #proposed: Proposed | null = null
  #share = 0
  #isClosed = false

  constructor(ledger: ExaminedLedger, catalogue: Catalogue) {
    this.#ledger = ledger
    this.#catalogue = catalogue
  }

  /** By number of the catalogue; null until the rule was asked of all. */
  get proposed(): Proposed | null {
    return this.#proposed
  }

  /** How much of the ledger the rule was asked of, from 0 to 1. */
  get share(): number {
    return this.#proposed === null ? this.#share : 1
  }

  /** @param number of the catalogue */
  of(number: number): readonly RescueReason[] {
    return this.#proposed === null ? this.#ruled().of(number) : (this.#proposed.get(number) ?? [])
  }

  /** Asks the rule of all contents, in pieces; the same work for all who wait. */
  made(): Promise<Proposed> {
    this.#making ??= this.#make()
    return this.#making
  }

  /** Begins: a small ledger is done at once, a large one in the background. */
  begin(): void {
    // An error comes to whoever asks for the queue.
    this.made().catch(() => undefined)
  }

  /** Waits until one content can be asked about without a pause for others. */
  async grouped(): Promise<void> {
    const made = this.made()
    while (this.#rule?.isGrouped !== true && this.#proposed === null && !this.#isClosed)
      await Promise.race([made, turn()])
  }

  /** Without a pause. */
  atOnce(): Proposed {
    for (;;) {
      const proposed = this.#goOn(Number.POSITIVE_INFINITY)
      if (proposed !== null) return proposed
    }
  }

  close(): void {
    this.#isClosed = true
    this.#work?.return(new Map())
    this.#file?.close()
  }

  async #make(): Promise<Proposed> {
    for (;;) {
      if (this.#isClosed) throw new UsageError('The review has ended.')
      const proposed = this.#goOn(SLICE_MS)
      if (proposed !== null) return proposed
      await turn()
    }
  }

  /** @returns null where the time was up before the end */
  #goOn(ms: number): Proposed | null {
    if (this.#proposed !== null) return this.#proposed
    this.#work ??= this.#ruled().proposals((share) => {
      this.#share = share
    })
    const untilMs = performance.now() + ms
    for (;;) {
      const { done, value } = this.#work.next()
      if (done) {
        this.#proposed = value
        return value
      }
      if (performance.now() >= untilMs) return null
    }
  }

  #ruled(): RescueRule {
    this.#file ??= openForReading(this.#ledger.path, SMALL_CACHE_KIB)
    this.#rule ??= new RescueRule(this.#file.db, this.#catalogue, this.#ledger)
    return this.#rule
  }
}

/**
 * Decisions in the logs of a case: each has one id, the head of the event that logged it first. Its copies in other logs
 * name that id, so that a copy is never taken for a second decision.
 */
import type { CustodyEvent } from '../contracts/custody.ts'
import { CustodyTail } from '../ledger/custody/custody-tail.ts'
import { DecisionReader, type RecordedDecision } from '../ledger/custody/decisions.ts'
import { ContentLookup } from '../ledger/read/content-lookup.ts'

export interface LoggedDecision {
  readonly id: string
  readonly made: RecordedDecision
  readonly event: CustodyEvent
}

/** The decisions of one custody log, followed as it grows. */
export class DecisionLog {
  readonly all: LoggedDecision[] = []
  readonly byId = new Map<string, LoggedDecision>()
  readonly #byNumber = new Map<number, LoggedDecision>()
  readonly #tail: CustodyTail
  readonly #reader = new DecisionReader()
  #last = 0

  /** @param of path of a ledger, or the root of a case */
  constructor(of: string) {
    this.#tail = new CustodyTail(of)
  }

  /** Reads what was appended since. @throws LedgerDamaged where the log no longer holds what it held */
  catchUp(): this {
    for (const event of this.#tail.next()) {
      this.#last = event.number
      const made = this.#reader.take(event)
      if (made === null) continue
      const logged = { id: made.id, made, event }
      this.all.push(logged)
      this.byId.set(logged.id, logged)
      this.#byNumber.set(event.number, logged)
    }
    return this
  }

  /** Number of the newest event. */
  get last(): number {
    return this.#last
  }

  /** Ids of the decisions that an adjudication of this log settles. */
  settledBy({ of }: RecordedDecision): readonly string[] {
    return of.flatMap((number) => this.#byNumber.get(number)?.id ?? [])
  }

  /** Numbers, in this log, of decisions by their ids; those that it does not hold are left out. */
  numbersOf(ids: readonly string[]): readonly number[] {
    return ids.flatMap((id) => this.byId.get(id)?.event.number ?? [])
  }
}

/** The log of an exhibit's ledger, and the contents that the ledger holds. */
export class ExhibitLog {
  readonly exhibit: string
  readonly path: string
  readonly decisions: DecisionLog
  readonly #contents: ContentLookup
  /** Decisions of the case, counted from the first, that this log needs no more. */
  settled = 0

  constructor(exhibit: string, path: string) {
    this.exhibit = exhibit
    this.path = path
    this.decisions = new DecisionLog(path)
    this.#contents = new ContentLookup(path)
  }

  /** True where some entry of the exhibit was read as this content. */
  holds(sha256: string): boolean {
    const found = this.#contents.bySha256(sha256)
    return found !== null && this.#contents.placesOf(found.id).length > 0
  }

  close(): void {
    this.#contents.close()
  }
}

/** Decisions of one person on one content and scale supersede each other. */
function keyOf({ sha256, scale, operator }: RecordedDecision): string {
  return `${sha256}\0${scale}\0${operator}`
}

/**
 * The decisions of the case that a log of an exhibit still lacks: those on contents that the ledger holds, and that no
 * later decision in that log supersedes.
 * @param from number of the first decision to look at
 */
export function missingIn(
  log: ExhibitLog,
  all: readonly LoggedDecision[],
  from = 0,
): readonly LoggedDecision[] {
  const later = new Set<string>()
  const missing: LoggedDecision[] = []
  for (let i = all.length - 1; i >= from; i--) {
    const one = all[i]!
    const key = keyOf(one.made)
    if (log.decisions.byId.has(one.id)) later.add(key)
    else if (!later.has(key) && log.holds(one.made.sha256)) missing.push(one)
  }
  return missing.reverse()
}

/**
 * Carries decisions between the log of a case and the custody logs of its ledgers (docs/decisions/0059).
 *
 * The log of the case comes first: a decision is there before any ledger gets its copy. A process that was killed between
 * the two leaves copies missing, never a decision; the next command of the case writes them. Each append reads the log
 * inside its own transaction, so that two processes never write one copy twice.
 */
import { osAccount } from '../base/os-account.ts'
import { appendAllCustody, CustodyUnavailable, type NewCustodyEvent } from '../ledger/custody/custody.ts'
import type { RecordedDecision } from '../ledger/custody/decisions.ts'
import { crashPoint } from '../ledger/write/crash-hook.ts'
import { appendToCase } from './case-folder.ts'
import { DecisionLog, ExhibitLog, type LoggedDecision, missingIn } from './decision-logs.ts'

export class CaseDecisions {
  readonly #root: string
  readonly #caseNumber: string
  readonly #case: DecisionLog
  readonly #exhibits: readonly ExhibitLog[]

  /** @param exhibits ledgers that the caller verified */
  constructor(
    root: string,
    caseNumber: string,
    exhibits: readonly { readonly exhibit: string; readonly path: string }[],
  ) {
    this.#root = root
    this.#caseNumber = caseNumber
    this.#case = new DecisionLog(root)
    this.#exhibits = exhibits.map(({ exhibit, path }) => new ExhibitLog(exhibit, path))
  }

  /**
   * Takes decisions that were made on one ledger alone into the log of the case, in the order in which they were made.
   * @returns their number
   */
  takeIn(): number {
    if (this.#notTakenIn().length === 0) return 0
    return appendToCase(this.#root, () => {
      const found = this.#notTakenIn()
      const numbers = new Map(found.map(({ one }, i) => [one.id, this.#case.last + 1 + i]))
      return found.map(({ log, one }) => {
        const ids = log.decisions.settledBy(one.made)
        const of = ids.flatMap((id) => numbers.get(id) ?? this.#case.numbersOf([id]))
        return copyOf(one, of, { exhibit: one.event.detail.exhibit ?? log.exhibit })
      })
    }).length
  }

  /**
   * Writes into each ledger's log the decisions of the case that it lacks.
   * @returns numbers of copies and of ledgers that got one, and a sentence for each ledger that could not be written
   */
  spread(): { readonly copies: number; readonly ledgers: number; readonly failed: readonly string[] } {
    const { all } = this.#case.catchUp()
    let [copies, ledgers] = [0, 0]
    const failed: string[] = []
    for (const log of this.#exhibits) {
      log.decisions.catchUp()
      if (missingIn(log, all, log.settled).length > 0) {
        crashPoint('case:before-copies')
        const made = this.#copyTo(log, all)
        if (typeof made === 'string') {
          failed.push(made)
          continue
        }
        copies += made
        ledgers += 1
      }
      log.settled = all.length
    }
    return { copies, ledgers, failed }
  }

  /** Number of decisions of single ledgers that the log of the case lacks, each once. */
  get waiting(): number {
    return this.#notTakenIn().length
  }

  /** Decisions of each exhibit's log that the case lacks, and the other way round. */
  missing(): readonly { readonly exhibit: string; readonly inCase: number; readonly inLedger: number }[] {
    const { all, byId } = this.#case.catchUp()
    return this.#exhibits.map((log) => {
      const own = log.decisions.catchUp().all.filter(({ id }) => !byId.has(id))
      return { exhibit: log.exhibit, inCase: own.length, inLedger: missingIn(log, all).length }
    })
  }

  /** Copies that are not what the case recorded under their id, one sentence each. */
  contradictions(): readonly string[] {
    const { byId } = this.#case.catchUp()
    return this.#exhibits.flatMap((log) =>
      log.decisions.catchUp().all.flatMap(({ id, made, event }) => {
        const there = byId.get(id)
        return there === undefined || isSame(there.made, made)
          ? []
          : [
              `event ${event.number} of the custody log of ${log.exhibit} is another decision than the case recorded as ${id}`,
            ]
      }),
    )
  }

  close(): void {
    for (const log of this.#exhibits) log.close()
  }

  #copyTo(log: ExhibitLog, all: readonly LoggedDecision[]): number | string {
    try {
      return appendAllCustody(log.path, () => {
        log.decisions.catchUp()
        const missing = missingIn(log, all, log.settled)
        const numbers = new Map(missing.map(({ id }, i) => [id, log.decisions.last + 1 + i]))
        return missing.map((one) => {
          const ids = this.#case.settledBy(one.made)
          const of = ids.flatMap((id) => numbers.get(id) ?? log.decisions.numbersOf([id]))
          return copyOf(one, of, { case: this.#caseNumber })
        })
      }).length
    } catch (error) {
      if (!(error instanceof CustodyUnavailable)) throw error
      return error.message
    }
  }

  /** In the order of their times, and within one log in the order of the log. Copies of one decision count once. */
  #notTakenIn(): readonly { readonly log: ExhibitLog; readonly one: LoggedDecision }[] {
    const { byId } = this.#case.catchUp()
    const seen = new Set<string>()
    const queues = this.#exhibits.map((log) => ({
      log,
      left: log.decisions.catchUp().all.filter(({ id }) => !byId.has(id)),
    }))
    const found: { log: ExhibitLog; one: LoggedDecision }[] = []
    for (;;) {
      const next = queues
        .filter(({ left }) => left.length > 0)
        .reduce<(typeof queues)[number] | null>(
          (first, queue) =>
            first === null || queue.left[0]!.made.utc < first.left[0]!.made.utc ? queue : first,
          null,
        )
      if (next === null) return found
      const one = next.left.shift()!
      if (seen.has(one.id)) continue
      seen.add(one.id)
      found.push({ log: next.log, one })
    }
  }
}

/** The decision as an event of another log. @param of numbers of that log that an adjudication settles */
function copyOf(
  one: LoggedDecision,
  of: readonly number[],
  from: Readonly<Record<string, string>>,
): NewCustodyEvent {
  const { made, event } = one
  const { sha256, scale, act, category, note, pass, session } = made
  const { importedFrom, certificate, decidedBy = event.account } = event.detail
  return {
    event: act,
    operator: made.operator,
    account: osAccount(),
    detail: {
      decision: one.id,
      decidedUtc: made.utc,
      decidedBy,
      ...from,
      ...(of.length > 0 ? { of: of.join(' ') } : {}),
      ...seenDetail(made),
      ...(importedFrom === undefined ? {} : { importedFrom }),
      ...(certificate === undefined ? {} : { certificate }),
    },
    fact: { kind: 'decision', sha256, scale, act, category, note, pass, session },
  }
}

/** The level of sight, in the words that DecisionReader reads back. */
function seenDetail({ seen, seenMs }: RecordedDecision): Readonly<Record<string, string>> {
  if (seen === 'imported') return {}
  if (seen === 'revealed') return { seen: 'reveal elsewhere' }
  if (seen === 'nothing') return { seen: 'none', seenMs: '0' }
  return { seen: seen === 'preview' ? 'cells' : seen, seenMs: String(seenMs ?? 0) }
}

function isSame(a: RecordedDecision, b: RecordedDecision): boolean {
  return (['sha256', 'scale', 'act', 'category', 'note', 'operator', 'pass', 'session'] as const).every(
    (name) => a[name] === b[name],
  )
}

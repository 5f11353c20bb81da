/**
 * The custody log of one review: it appends, reads the events of others, and detects changes of ledger or log files.
 */
import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { LedgerDamaged } from '../base/errors.ts'
import type { CustodyEvent, CustodyEventName } from '../contracts/custody.ts'
import { appendAllCustody, type NewCustodyEvent } from '../ledger/custody/custody.ts'
import { CustodyTail } from '../ledger/custody/custody-tail.ts'
import { pathRead } from '../ledger/format/open-readonly.ts'
import { PageRefusal } from './page-refusal.ts'

/** A failure that ends the session, with its message. */
export class SessionOver extends PageRefusal {}

export interface LogOf {
  readonly ledger: string
  readonly operator: string
  readonly account: string
  /** SHA-256 of the certificate by which the person came over the network, for every event. */
  readonly certificate?: string
  /** SHA-256 of the policy of the case that holds for the session; null: there is none. */
  readonly policySha256?: string | null
  /** Called with every new head of the custody log. */
  readonly onHead: (head: string) => void
}

export type ReviewEvent = Omit<NewCustodyEvent, 'operator' | 'account' | 'event'> & {
  readonly event: CustodyEventName
}

export class ReviewLog {
  /** Id of the session. */
  readonly id = randomBytes(8).toString('hex')
  readonly #of: LogOf
  readonly #tail: CustodyTail
  readonly #stamp: string

  constructor(of: LogOf) {
    this.#of = of
    this.#stamp = stampOf(pathRead(of.ledger))
    this.#tail = new CustodyTail(of.ledger)
  }

  /** The path whose custody log this is. */
  get ledger(): string {
    return this.#of.ledger
  }

  /**
   * All new events of the log, in order, including our own.
   * @throws SessionOver when this session cannot continue
   */
  catchUp(): readonly CustodyEvent[] {
    const { ledger, operator } = this.#of
    if (stampOf(pathRead(ledger)) !== this.#stamp) throw new SessionOver('refused-replaced', { ledger })
    const events = this.#next()
    const other = events.find((event) => event.operator === operator && isOpeningOf(event, this.id) === false)
    if (other) throw new SessionOver('refused-other-review', { operator, utc: other.utc })
    return events
  }

  /** Events that were in the log before this session. */
  before(): readonly CustodyEvent[] {
    return this.#next()
  }

  /** Appends all events or none. @throws CustodyUnavailable */
  append(events: readonly ReviewEvent[]): readonly CustodyEvent[] {
    const { ledger, operator, account, certificate, onHead } = this.#of
    const by = certificate === undefined ? {} : { certificate }
    const made = appendAllCustody(
      ledger,
      events.map((event) => ({ ...event, detail: { ...event.detail, ...by }, operator, account })),
    )
    onHead(made.at(-1)!.head)
    return made
  }

  log(
    event: CustodyEventName,
    detail: Readonly<Record<string, string>>,
    fact: NewCustodyEvent['fact'] = null,
  ): CustodyEvent {
    return this.append([{ event, detail: fact ? detail : { session: this.id, ...detail }, fact }])[0]!
  }

  #next(): readonly CustodyEvent[] {
    try {
      return this.#underOnePolicy(this.#tail.next())
    } catch (error) {
      if (error instanceof LedgerDamaged) throw new SessionOver('refused-damaged', { why: error.message })
      throw error
    }
  }

  #underOnePolicy(events: readonly CustodyEvent[]): readonly CustodyEvent[] {
    const set = events.findLast(({ event }) => event === 'policy-set')
    if (set !== undefined && (set.detail.policySha256 ?? null) !== (this.#of.policySha256 ?? null))
      throw new SessionOver('refused-other-policy', { utc: set.utc })
    return events
  }
}

/** Null when the event opened no review; otherwise whether it opened this one. */
function isOpeningOf({ fact }: CustodyEvent, own: string): boolean | null {
  return fact?.kind === 'session' && fact.act === 'opened' ? fact.session === own : null
}

/** Changes when another file takes the path, or the file was written to. */
function stampOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat ? `${stat.dev}:${stat.ino} ${stat.size} ${stat.mtimeNs}` : 'gone'
}

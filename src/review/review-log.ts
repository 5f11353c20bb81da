/** The custody log as one review uses it: appends, hears of what others append, and notices when ledger or log are not what they were. */
import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { LedgerDamaged, UsageError } from '../base/errors.ts'
import type { CustodyEvent, CustodyEventName } from '../contracts/custody.ts'
import { appendAllCustody, type NewCustodyEvent } from '../ledger/custody/custody.ts'
import { CustodyTail } from '../ledger/custody/custody-tail.ts'

/** What cannot be done any more, in a sentence: the session ends with it. */
export class SessionOver extends UsageError {}

export interface LogOf {
  readonly ledger: string
  readonly operator: string
  readonly account: string
  /** Told of every new head of the custody log. */
  readonly onHead: (head: string) => void
}

export type ReviewEvent = Omit<NewCustodyEvent, 'operator' | 'account' | 'event'> & {
  readonly event: CustodyEventName
}

export class ReviewLog {
  /** Of the session. */
  readonly id = randomBytes(8).toString('hex')
  readonly #of: LogOf
  readonly #tail: CustodyTail
  readonly #stamp: string

  constructor(of: LogOf) {
    this.#of = of
    this.#stamp = stampOf(of.ledger)
    this.#tail = new CustodyTail(of.ledger)
  }

  /**
   * Everything that is new in the log, in order, our own events too.
   * @throws SessionOver when this session cannot go on
   */
  catchUp(): readonly CustodyEvent[] {
    const { ledger, operator } = this.#of
    if (stampOf(ledger) !== this.#stamp)
      throw new SessionOver(`${ledger} was replaced or changed while it was reviewed: open it again.`)
    const events = this.#next()
    const other = events.find((event) => event.operator === operator && isOpeningOf(event, this.id) === false)
    if (other)
      throw new SessionOver(
        `${operator} opened another review of this ledger at ${other.utc}: this one has ended.`,
      )
    return events
  }

  /** What stood in the log before this session. */
  before(): readonly CustodyEvent[] {
    return this.#next()
  }

  /** All of them or none. @throws CustodyUnavailable */
  append(events: readonly ReviewEvent[]): readonly CustodyEvent[] {
    const { ledger, operator, account, onHead } = this.#of
    const made = appendAllCustody(
      ledger,
      events.map((event) => ({ ...event, operator, account })),
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
      return this.#tail.next()
    } catch (error) {
      if (error instanceof LedgerDamaged) throw new SessionOver(`${error.message}. Verify the ledger.`)
      throw error
    }
  }
}

/** Null: no review was opened; else whether it was this one. */
function isOpeningOf({ fact }: CustodyEvent, own: string): boolean | null {
  return fact?.kind === 'session' && fact.act === 'opened' ? fact.session === own : null
}

/** Changes when another file lies there, or the file was written to. */
function stampOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat ? `${stat.dev}:${stat.ino} ${stat.size} ${stat.mtimeNs}` : 'gone'
}

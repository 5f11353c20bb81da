/**
 * Refusals of the server of a case. The log of the case holds the first of each kind and sender at once, and the number of
 * further ones after a minute: ten thousand connections are a few events.
 */
import type { Refused } from '../../review/guard.ts'
import { eventBy } from '../case-event.ts'
import { appendToCase } from '../case-folder.ts'
import type { Certified, RefusedCertificate } from './certificate.ts'

export type RefusedHere =
  | Refused
  | RefusedCertificate
  /** The case names no such person, or names the person without a role. */
  | 'person'
  /** The role does not allow it. */
  | 'role'
  /** The number of the request was used before. */
  | 'replayed'
  /** No TLS 1.3. */
  | 'protocol'

export interface Sender {
  readonly address: string
  readonly who: Pick<Certified, 'name' | 'certificate'> | null
}

/** Senders that are told apart; the others are counted together. */
const MOST_SENDERS = 256
const AGAIN_MS = 60_000

interface Counted {
  readonly why: RefusedHere
  readonly sender: Sender
  more: number
}

export class Refusals {
  readonly #root: string
  readonly #onHead: (head: string) => void
  readonly #counted = new Map<string, Counted>()
  readonly #totals = new Map<RefusedHere, number>()
  #flushedMs = performance.now()

  constructor(root: string, onHead: (head: string) => void) {
    this.#root = root
    this.#onHead = onHead
  }

  /** Number by reason since the start. */
  get totals(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#totals].map(([why, count]) => [`refused-${why}`, String(count)]))
  }

  /** @throws CustodyUnavailable where the first of its kind cannot be logged */
  note(why: RefusedHere, from: Sender): void {
    this.#totals.set(why, (this.#totals.get(why) ?? 0) + 1)
    const sender = this.#counted.size < MOST_SENDERS ? from : { address: 'others', who: null }
    const key = [why, sender.address, sender.who?.certificate].join(' ')
    const known = this.#counted.get(key)
    if (known) known.more++
    else {
      this.#counted.set(key, { why, sender, more: 0 })
      this.#log(why, sender, {})
    }
  }

  /** Logs the numbers of further refusals, when it is time or at the end. @throws CustodyUnavailable */
  flush(isEnd = false): void {
    const now = performance.now()
    if (!isEnd && now - this.#flushedMs < AGAIN_MS) return
    this.#flushedMs = now
    const all = [...this.#counted.values()]
    this.#counted.clear()
    for (const { why, sender, more } of all)
      if (more > 0) this.#log(why, sender, { furtherTimes: String(more) })
  }

  #log(why: RefusedHere, { address, who }: Sender, more: Readonly<Record<string, string>>): void {
    const detail = {
      why,
      address,
      ...(who === null ? {} : { person: who.name, certificate: who.certificate }),
      ...more,
    }
    // A person that only the certificate names has done nothing in this case: the name stands in the detail.
    const event = { event: 'review-request-refused', operator: null, detail } as const
    const [made] = appendToCase(this.#root, [eventBy(event)])
    this.#onHead(made!.head)
  }
}

/**
 * Contents that are assigned to persons: a person is offered own contents first, then those of no person, then those of
 * others. An assignment hides nothing: an absent person's contents are still graded.
 */
import { UsageError } from '../../base/errors.ts'
import { CustodyTail } from '../../ledger/custody/custody-tail.ts'
import { openForReading } from '../../ledger/format/open-readonly.ts'
import type { AssignableSession } from '../../review/session-asked.ts'
import { type Assignment, Assignments, askedBy } from './assignments.ts'

/** 0: assigned to the person, 1: to no person, 2: to others alone. */
export type Rank = 0 | 1 | 2

const SHA256 = `SELECT c.sha256 FROM content c WHERE c.sha256 IS NOT NULL
  AND EXISTS (SELECT 1 FROM reading r WHERE r.content = c.id)`

export class AssignedContents {
  readonly #tail: CustodyTail
  readonly #assignments = new Assignments()
  /** Ledgers by exhibit. */
  readonly #paths: ReadonlyMap<string, string>
  /** By exhibit: 1 for each number of the catalogue whose content lies on it. */
  readonly #on = new Map<string, Uint8Array>()

  /** @param root the path whose custody log is the log of the case */
  constructor(root: string, exhibits: readonly { readonly exhibit: string; readonly path: string }[]) {
    this.#tail = new CustodyTail(root)
    this.#paths = new Map(exhibits.map(({ exhibit, path }) => [exhibit, path]))
  }

  /** @param contents numbers of the catalogue, which all sessions of a case have in common */
  ranksOf(session: AssignableSession, contents: Int32Array): (number: number) => Rank {
    for (const event of this.#tail.next()) this.#assignments.take(event)
    const { all } = this.#assignments
    if (all.size === 0) return () => 1
    const own = new Set<number>()
    const others = new Set<number>()
    for (const [person, assignment] of all) {
      const set = person === session.asked.operator ? own : others
      for (const number of this.#numbersOf(assignment, session, contents)) set.add(number)
    }
    return (number) => (own.has(number) ? 0 : others.has(number) ? 2 : 1)
  }

  ownOf(session: AssignableSession, contents: Int32Array): ReadonlySet<number> {
    const rank = this.ranksOf(session, contents)
    return new Set(contents.filter((number) => rank(number) === 0))
  }

  *#numbersOf(
    { exhibits, views }: Assignment,
    session: AssignableSession,
    contents: Int32Array,
  ): Iterable<number> {
    for (const exhibit of exhibits) {
      const on = this.#onExhibit(exhibit, session)
      for (const number of contents) if (on[number] === 1) yield number
    }
    for (const view of views) {
      try {
        yield* session.matching(askedBy(view), contents)
      } catch (error) {
        // A blind pass is not told what others decided; a view that asks for it gives that pass no order.
        if (!(error instanceof UsageError)) throw error
      }
    }
  }

  #onExhibit(exhibit: string, { catalogue }: AssignableSession): Uint8Array {
    const known = this.#on.get(exhibit)
    if (known) return known
    const on = new Uint8Array(catalogue.size)
    const path = this.#paths.get(exhibit)
    if (path !== undefined) {
      const { db, close } = openForReading(path)
      try {
        for (const sha256 of db.prepare<[], Buffer>(SHA256).pluck().iterate()) {
          const number = catalogue.numberOf(sha256.toString('hex'))
          if (number !== null) on[number] = 1
        }
      } finally {
        close()
      }
    }
    this.#on.set(exhibit, on)
    return on
  }
}

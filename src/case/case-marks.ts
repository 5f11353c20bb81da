/**
 * Requests for a second look, tags, notes and moves of the queue of rescue that persons made on one ledger alone: taken
 * into the log of the case by reference. A copy names the head, the time and the account of the event that a person made,
 * and its exhibit. Nothing of it is written into other ledgers: it is work on the case, and no decision.
 */
import { osAccount } from '../base/os-account.ts'
import type { CustodyEvent } from '../contracts/custody.ts'
import { type NewCustodyEvent, readCustody } from '../ledger/custody/custody.ts'
import { appendToCase } from './case-folder.ts'

const MARKS: ReadonlySet<string> = new Set([
  ...['needs-eyes', 'tagged', 'untagged', 'noted'],
  ...['rescue-put', 'rescue-taken'],
])

interface OnExhibit {
  readonly exhibit: string
  readonly path: string
}

interface Mark {
  readonly exhibit: string
  readonly event: CustodyEvent
}

/** @returns their number @throws CustodyUnavailable */
export function takeInMarks(root: string, exhibits: readonly OnExhibit[]): number {
  if (marksLeft(root, exhibits).length === 0) return 0
  // Read again inside the transaction: two processes never take one mark in twice.
  return appendToCase(root, () => marksLeft(root, exhibits).map(copyOf)).length
}

/** Marks of each exhibit's log that the case lacks, oldest first. */
export function marksLeft(root: string, exhibits: readonly OnExhibit[]): readonly Mark[] {
  const taken = new Set(readCustody(root).flatMap(({ detail }) => detail.marked ?? []))
  return exhibits
    .flatMap(({ exhibit, path }) =>
      readCustody(path).flatMap((event) =>
        MARKS.has(event.event) && event.operator !== null && !taken.has(event.head)
          ? [{ exhibit, event }]
          : [],
      ),
    )
    .sort((a, b) => (a.event.utc < b.event.utc ? -1 : a.event.utc > b.event.utc ? 1 : 0))
}

function copyOf({ exhibit, event: { event, operator, utc, account, detail, head } }: Mark): NewCustodyEvent {
  return {
    event: event as NewCustodyEvent['event'],
    operator,
    account: osAccount(),
    detail: { ...detail, exhibit, marked: head, markedUtc: utc, markedBy: account },
  }
}

/** What a case shows of each exhibit: counts of its ledger, and its heads now beside those at adding. */
import type { CustodyRecord, EntryTotals, LedgerIdentity } from '../contracts/ledger-reader.ts'
import { decisionsOf, standing } from '../ledger/custody/decisions.ts'
import { ledgerState } from '../report/model/values.ts'

export interface ExhibitStatus {
  readonly state: ReturnType<typeof ledgerState>
  readonly complete: boolean
  readonly entries: number
  readonly contents: number
  readonly hits: number
  readonly leads: number
  /** Contents with a standing decision of any person on any scale. */
  readonly decided: number
  readonly chainHead: string
  readonly custodyHead: string
  /** Events that the custody log gained since the ledger was added. */
  readonly eventsSince: number
}

/** @param atAdding newest head of the ledger when it was added */
export function exhibitStatus(
  ledger: LedgerIdentity & EntryTotals & CustodyRecord,
  atAdding: string,
): ExhibitStatus {
  const { entries, contents, hits, leads, complete } = ledger.summary()
  const events = ledger.custody()
  const decided = [...decisionsOf(events).values()].filter((made) => standing(made).length > 0)
  const then = events.findIndex(({ head }) => head === atAdding)
  return {
    state: ledgerState(ledger),
    complete,
    entries,
    contents,
    hits,
    leads,
    decided: decided.length,
    chainHead: ledger.chainHead,
    custodyHead: ledger.newestHead(),
    eventsSince: events.length - 1 - then,
  }
}

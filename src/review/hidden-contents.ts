/** Contents that a privilege list keeps closed: no review, case or table of accounts shows them. */
import type {
  CustodyRecord,
  ExaminationFacts,
  LedgerIdentity,
  RunHistory,
} from '../contracts/ledger-reader.ts'
import type { ReadableDatabase } from '../ledger/format/open-readonly.ts'
import { SearchFacts } from '../ledger/read/search-facts.ts'
import { privilegeListOf, quarantineOf } from '../privilege/quarantine.ts'

/** Ids of contents with any place in quarantine; null when the run had no list of privileged contents. */
export function hiddenContents(
  ledger: LedgerIdentity & ExaminationFacts & RunHistory & CustodyRecord,
  { db }: ReadableDatabase,
): ReadonlySet<number> | null {
  if (privilegeListOf(ledger) === null) return null
  const { holds } = quarantineOf(ledger)
  const facts = new SearchFacts(ledger.path, ledger.plan)
  const hidden = new Set<number>()
  try {
    const places = db
      .prepare<[], [number, number]>('SELECT content, entry FROM reading WHERE content IS NOT NULL')
      .raw()
    for (const [content, entry] of places.iterate())
      if (!hidden.has(content) && holds(facts.view(entry))) hidden.add(content)
    return hidden
  } finally {
    facts.close()
  }
}

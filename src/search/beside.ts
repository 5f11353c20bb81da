/**
 * Facts for a search from outside the entries: decisions of the custody log, and the listed files that are not live.
 */
import { listedPath } from '../base/evidence-path.ts'
import type { EntryStatus } from '../contracts/image.ts'
import type { EntryViews, LedgerReader } from '../contracts/ledger-reader.ts'
import { decisionsOf, type RecordedDecision, standing } from '../ledger/custody/decisions.ts'
import type { SearchFacts } from '../ledger/read/search-facts.ts'
import type { Beside } from './conditions.ts'
import { fits } from './fits.ts'

export function besideOf(from: LedgerReader | SearchFacts): Beside {
  let decisions: ReadonlyMap<string, readonly RecordedDecision[]> | null = null
  let recovered: ReadonlyMap<string, EntryStatus> | null = null
  const sets = new Map<string, ReadonlySet<string>>()
  return {
    decided(value) {
      const known = sets.get(value)
      if (known) return known
      decisions ??= decisionsOf(from.custody())
      const set = new Set<string>()
      for (const [sha256, made] of decisions)
        if (standing(made).some((one) => isMeant(one, value))) set.add(sha256)
      sets.set(value, set)
      return set
    },
    recovered() {
      recovered ??= 'recovered' in from ? from.recovered() : recoveredIn(from)
      return recovered
    },
  }
}

function isMeant({ scale, category, operator }: RecordedDecision, value: string): boolean {
  const wanted = value.toLowerCase()
  return (
    wanted === 'any' ||
    [scale, category ?? '', `${scale}:${category}`].some((one) => one.toLowerCase() === wanted) ||
    fits(operator, value)
  )
}

function recoveredIn(ledger: EntryViews): ReadonlyMap<string, EntryStatus> {
  const recovered = new Map<string, EntryStatus>()
  for (const { entry } of ledger.entries()) {
    const status = entry.onImage?.status ?? 'live'
    if (status !== 'live') recovered.set(listedPath(entry.path).bytes.toString('latin1'), status)
  }
  return recovered
}

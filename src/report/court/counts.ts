/** Distinct contents by what was found of them: one pass over the findings. */
import { storedJson } from '../../base/stored-json.ts'
import type { Priority } from '../../contracts/finding.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import type { EntryView } from '../../contracts/view.ts'

export interface Counts {
  /** Contents on a list of illegal material or of interest, and the places where they lie. */
  readonly listed: number
  readonly places: number
  /** Of the listed contents those on more than one exhibit. */
  readonly listedOnSeveral: number
  readonly conflicts: number
  /** Records on the exhibit that name a listed digest. */
  readonly references: number
  readonly leads: number
  readonly byPriority: ReadonlyMap<Priority, number>
  /** By list and category, most first. */
  readonly byList: readonly { readonly list: string; readonly contents: number }[]
  /** Contents with near matches and no hit on which nobody decided. */
  nearUnconfirmed(decided: ReadonlyMap<string, unknown>): number
}

/** @param ledgers of the exhibits of one case: equal contents count once */
export function countFindings(ledgers: readonly LedgerReader[]): Counts {
  const [listed, conflicts, leads, near] = [
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
  ]
  const byPriority = new Map<Priority, number>()
  const byList = new Map<string, Set<string>>()
  const exhibits = new Map<string, Set<number>>()
  const references = new Set<string>()
  let places = 0
  for (const [exhibit, view] of findingsOf(ledgers)) {
    const { hits, ranked } = view
    const key = view.content?.digests.sha256 ?? `${exhibit} ${view.entry.path.bytes.toString('latin1')}`
    const pointed = hits.filter(({ meaning }) => meaning !== 'known')
    if (pointed.length > 0) {
      listed.add(key)
      if (ledgers.length > 1) exhibits.set(key, (exhibits.get(key) ?? new Set()).add(exhibit))
      places++
      for (const { hashSet } of pointed) {
        const of = byList.get(hashSet) ?? new Set()
        byList.set(hashSet, of.add(key))
      }
    }
    if (view.conflicts.length > 0) conflicts.add(key)
    if (view.near.length > 0 && pointed.length === 0) near.add(key)
    // Some stand at a name: a copy may have another.
    for (const one of view.references) references.add(`${exhibit} ${key} ${storedJson(one)}`)
    if (view.leads.length > 0 && !leads.has(key)) {
      leads.add(key)
      if (ranked.priority !== null)
        byPriority.set(ranked.priority, (byPriority.get(ranked.priority) ?? 0) + 1)
    }
  }
  return {
    listed: listed.size,
    places,
    listedOnSeveral: [...exhibits.values()].filter(({ size }) => size > 1).length,
    conflicts: conflicts.size,
    references: references.size,
    leads: leads.size,
    byPriority,
    byList: [...byList]
      .map(([list, contents]) => ({ list, contents: contents.size }))
      .sort((a, b) => b.contents - a.contents || (a.list < b.list ? -1 : 1)),
    nearUnconfirmed: (decided) => [...near].filter((key) => !decided.has(key)).length,
  }
}

function* findingsOf(ledgers: readonly LedgerReader[]): Iterable<readonly [number, EntryView]> {
  for (const [exhibit, ledger] of ledgers.entries())
    for (const view of ledger.findings()) yield [exhibit, view]
}

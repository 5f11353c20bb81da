/** What lists say of each place, by content and meaning: neither which list says so, nor what that list calls itself. Shared with rematch. */
import { printPath, printText } from '../base/evidence-path.ts'
import type { LedgerReader } from '../contracts/ledger.ts'
import type { EntryView } from '../contracts/view.ts'

export interface Matched {
  readonly words: string
  /** Categories on their scales, as the lists have them. */
  readonly categories: Set<string>
}

/** Hits, conflicts and near matches of every place. */
export function matchesOf(ledger: LedgerReader): Map<string, Matched> {
  const all = new Map<string, Matched>()
  for (const view of ledger.findings()) addMatches(view, all)
  return all
}

/** Of one place. */
export function addMatches(
  { entry, content, hits, conflicts, near }: EntryView,
  all: Map<string, Matched>,
): Map<string, Matched> {
  for (const [kind, matches] of Object.entries({ hit: hits, conflict: conflicts, 'near match': near }))
    for (const { meaning, category, scale } of matches) {
      const key = [kind, meaning, content?.digests.sha256, entry.path.bytes.toString('latin1')].join('\n')
      const one = all.get(key) ?? {
        words: `${kind} ${meaning}: ${printPath(entry.path)}`,
        categories: new Set<string>(),
      }
      all.set(key, one)
      if (category !== null)
        one.categories.add(printText(`category ${category}${scale === null ? '' : ` on ${scale}`}`))
    }
  return all
}

export function categoriesText({ categories }: Matched): string {
  return [...categories].sort().join(', ') || 'no category'
}

/** What lists say of each place, by content and meaning: neither which list says so, nor what that list calls itself. Shared with rematch. */
import { printPath, printText } from '../base/evidence-path.ts'
import type { LedgerReader } from '../contracts/ledger.ts'
import type { EntryView } from '../contracts/view.ts'

export interface Matched {
  readonly words: string
  readonly kind: 'hit' | 'conflict' | 'near match'
  readonly meaning: string
  readonly path: string
  /** Categories on their scales, as the lists have them: `2 (vics-us)`. */
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
  const kinds = [
    ['hit', hits],
    ['conflict', conflicts],
    ['near match', near],
  ] as const
  const path = printPath(entry.path)
  for (const [kind, matches] of kinds)
    for (const { meaning, category, scale } of matches) {
      const key = [kind, meaning, content?.digests.sha256, entry.path.bytes.toString('latin1')].join('\n')
      const one = all.get(key) ?? {
        words: `${kind} ${meaning}: ${path}`,
        kind,
        meaning,
        path,
        categories: new Set<string>(),
      }
      all.set(key, one)
      if (category !== null)
        one.categories.add(printText(`${category}${scale === null ? '' : ` (${scale})`}`))
    }
  return all
}

export function categoriesIn({ categories }: Matched): readonly string[] {
  return [...categories].sort()
}

export function categoriesText(one: Matched): string {
  const all = categoriesIn(one)
  return all.length === 0 ? 'no category' : `${all.length > 1 ? 'categories' : 'category'} ${all.join(', ')}`
}

/** List matches of each place, by content and meaning; independent of the list and of its name. Shared with rematch. */
import { printPath, printText } from '../base/evidence-path.ts'
import type { Finding } from '../contracts/finding.ts'
import type { EntryViews } from '../contracts/ledger-reader.ts'
import type { EntryView } from '../contracts/view.ts'
import type { Compared, ComparedIn, FindingKind } from '../findings/finding-kind.ts'
import { FINDINGS, listOf } from '../findings/index.ts'

export interface Matched {
  readonly words: string
  readonly kind: Finding['kind']
  readonly meaning: string
  /** For a reference, the digest that it names; otherwise empty. */
  readonly digest: string
  readonly path: string
  /** Categories on their scales, in the notation of the lists: `2 (vics-us)`. */
  readonly categories: Set<string>
}

export type ComparedKind = FindingKind<Finding> & { readonly compared: Compared<Finding> }

export function comparedIn(section: ComparedIn): readonly ComparedKind[] {
  return FINDINGS.filter(
    (kind): kind is typeof kind & ComparedKind =>
      'section' in kind.compared && kind.compared.section === section,
  )
}

const MATCHES = comparedIn('matches')

/** Findings from lists, for every place. */
export function matchesOf(ledger: EntryViews): Map<string, Matched> {
  const all = new Map<string, Matched>()
  for (const view of ledger.findings()) addMatches(view, all)
  return all
}

/** Of one place. */
export function addMatches(view: EntryView, all: Map<string, Matched>): Map<string, Matched> {
  const { entry, content } = view
  const path = printPath(entry.path)
  for (const { kind, compared } of MATCHES)
    for (const finding of listOf(view, { kind })) {
      const own = compared.key(finding)
      if (own === null) continue
      const [meaning = '', digest = ''] = own
      const key = [kind, ...own, content?.digests.sha256, entry.path.bytes.toString('latin1')].join('\n')
      const one = all.get(key) ?? {
        words: `${WORDS[kind] ?? kind} ${meaning}: ${path}${digest === '' ? '' : ` names ${digest}`}`,
        kind,
        meaning,
        digest,
        path,
        categories: new Set<string>(),
      }
      all.set(key, one)
      if ('category' in finding && finding.category !== null)
        one.categories.add(
          printText(`${finding.category}${finding.scale === null ? '' : ` (${finding.scale})`}`),
        )
    }
  return all
}

/** Words for kinds whose code is not a suitable word. */
const WORDS: Partial<Record<Finding['kind'], string>> = { near: 'near match', attribute: 'listed beginning' }

export function categoriesIn({ categories }: Matched): readonly string[] {
  return [...categories].sort()
}

export function categoriesText(one: Matched): string {
  const all = categoriesIn(one)
  return all.length === 0 ? 'no category' : `${all.length > 1 ? 'categories' : 'category'} ${all.join(', ')}`
}

/**
 * Contents with a finding or a decision over all exhibits of a case, each once, with every place named by exhibit. A
 * content in quarantine on one exhibit is left out, but for one that a list names: of that the bare fact is listed.
 */
import { printPath } from '../base/evidence-path.ts'
import type { Meaning } from '../contracts/hash-set.ts'
import type { EntryViews } from '../contracts/ledger-reader.ts'
import type { EntryView } from '../contracts/view.ts'
import { decisionsOf, standing } from '../ledger/custody/decisions.ts'
import { closedContents, withoutPrivileged } from '../privilege/quarantine.ts'
import { isoTime } from '../report/model/values.ts'

export interface OnExhibit {
  readonly exhibit: string
  readonly paths: readonly string[]
  /** The earliest modification time that a place has; null where none has one. */
  readonly earliest: string | null
}

export interface ListedContent {
  readonly sha256: string
  readonly mediaType: string
  readonly sizeBytes: string
  /** The strongest on any exhibit; null: no rule gave one. */
  readonly priority: number | null
  readonly lists: readonly {
    readonly list: string
    readonly meaning: Meaning
    readonly category: string | null
  }[]
  /** Numbers of findings that are no hits. */
  readonly near: number
  readonly conflicts: number
  readonly leads: number
  readonly decisions: readonly {
    readonly scale: string
    readonly category: string | null
    readonly operator: string
  }[]
  readonly on: readonly OnExhibit[]
}

/** @param ledgers of the case, in its order. Most urgent first, then those on most exhibits, then by digest. */
export function listedContents(
  ledgers: readonly Parameters<typeof withoutPrivileged>[0][],
): readonly ListedContent[] {
  const closed = closedContents(ledgers)
  const found = new Map<string, ListedContent>()
  for (const ledger of ledgers) {
    const decided = decisionsOf(ledger.custody())
    const places = new Map<string, EntryView[]>()
    for (const view of shownOf(withoutPrivileged(ledger, closed), decided)) {
      const { sha256 } = view.content!.digests
      places.set(sha256, [...(places.get(sha256) ?? []), view])
    }
    for (const [sha256, views] of places) {
      const stands = standing(decided.get(sha256) ?? [])
      found.set(sha256, joined(found.get(sha256), sha256, ledger.case.exhibitId, views, stands))
    }
  }
  return [...found.values()].sort(inOrder)
}

/** Places with a finding, and all places of contents that persons decided on. */
function* shownOf(ledger: EntryViews, decided: ReadonlyMap<string, unknown>): IterableIterator<EntryView> {
  for (const view of ledger.places()) {
    if (view.content === null) continue
    const { hits, conflicts, near, references, signals, leads, ranked, content } = view
    const isFound =
      ranked.priority !== null ||
      hits.some(({ meaning }) => meaning !== 'known') ||
      [conflicts, near, references, signals, leads].some((list) => list.length > 0)
    if (isFound || decided.has(content.digests.sha256)) yield view
  }
}

function joined(
  before: ListedContent | undefined,
  sha256: string,
  exhibit: string,
  views: readonly EntryView[],
  stands: ReturnType<typeof standing>,
): ListedContent {
  const [view] = views
  const { hits, near, conflicts, leads, content } = view!
  const priorities = [before?.priority ?? null, ...views.map(({ ranked }) => ranked.priority)]
  const lists = [
    ...(before?.lists ?? []),
    ...hits.map(({ hashSet, meaning, category }) => ({ list: hashSet, meaning, category })),
  ]
  const decisions = [
    ...(before?.decisions ?? []),
    ...stands.map(({ scale, category, operator }) => ({ scale, category, operator })),
  ]
  const times = views.flatMap(({ entry }) => (entry.times.modified ? [isoTime(entry.times.modified)] : []))
  return {
    sha256,
    mediaType: content!.mediaType,
    sizeBytes: String(view!.entry.sizeBytes),
    priority: priorities.reduce<number | null>((a, b) => (a === null || (b !== null && b < a) ? b : a), null),
    lists: once(lists),
    near: Math.max(before?.near ?? 0, near.length),
    conflicts: Math.max(before?.conflicts ?? 0, conflicts.length),
    leads: Math.max(before?.leads ?? 0, leads.length),
    decisions: once(decisions),
    on: [
      ...(before?.on ?? []),
      {
        exhibit,
        paths: views.map(({ entry }) => printPath(entry.path)),
        earliest: times.sort()[0] ?? null,
      },
    ],
  }
}

function once<T>(rows: readonly T[]): readonly T[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
}

function inOrder(a: ListedContent, b: ListedContent): number {
  return (
    (a.priority ?? Number.POSITIVE_INFINITY) - (b.priority ?? Number.POSITIVE_INFINITY) ||
    b.on.length - a.on.length ||
    (a.sha256 < b.sha256 ? -1 : 1)
  )
}

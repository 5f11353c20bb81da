/**
 * Contents with every place where they lie, in path order, in memory that grows with the copies alone.
 *
 * A view's `copyOf` says that it is not the representative; a representative may be hidden (quarantine), so a content whose
 * representative does not come is given out at its first copy.
 */
import type { Content } from '../../contracts/content.ts'
import type { Entry } from '../../contracts/entry.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import type { EntryView } from '../../contracts/view.ts'

export interface FoundContent {
  readonly view: EntryView
  readonly content: Content
  /** Representative first, then in path order. */
  readonly places: readonly Entry[]
}

export function isPictureOrVideo({ content }: EntryView): boolean {
  return content !== null && /^(?:image|video)\//.test(content.mediaType)
}

/** @param wanted of a content: the same of each of its places */
export function* contentsOf(
  ledger: LedgerReader,
  wanted: (view: EntryView) => boolean,
): Iterable<FoundContent> {
  const copies = new Map<string, Entry[]>()
  const hasDigest = (view: EntryView): view is EntryView & { content: Content } =>
    view.content !== null && wanted(view)
  for (const view of ledger.places())
    if (view.copyOf !== null && hasDigest(view)) {
      const { sha256 } = view.content.digests
      const places = copies.get(sha256)
      if (places) places.push(view.entry)
      else copies.set(sha256, [view.entry])
    }
  for (const view of ledger.places())
    if (view.copyOf === null && hasDigest(view)) {
      const { sha256 } = view.content.digests
      yield { view, content: view.content, places: [view.entry, ...(copies.get(sha256) ?? [])] }
      copies.delete(sha256)
    }
  if (copies.size === 0) return
  for (const view of ledger.places()) {
    const places = view.content && copies.get(view.content.digests.sha256)
    if (!places || !view.content) continue
    copies.delete(view.content.digests.sha256)
    yield { view, content: view.content, places }
  }
}

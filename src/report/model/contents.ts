/**
 * Contents with every place, in path order; memory grows only with the number of copies.
 *
 * A view with `copyOf` is not the representative. A representative may be hidden (quarantine): a content without a
 * visible representative is returned at its first copy.
 */
import type { Content } from '../../contracts/content.ts'
import type { Entry } from '../../contracts/entry.ts'
import type { EntryViews } from '../../contracts/ledger-reader.ts'
import type { EntryView } from '../../contracts/view.ts'

export interface FoundContent {
  readonly view: EntryView
  readonly content: Content
  /** Representative first, then the others in path order. */
  readonly places: readonly Entry[]
}

export function isPictureOrVideo({ content }: EntryView): boolean {
  return content !== null && /^(?:image|video)\//.test(content.mediaType)
}

/** @param wanted condition on a content, or on its name: places without it are left out */
export function* contentsOf(
  ledger: EntryViews,
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
    // A finding of a name is not of every place: the view is of a place that has it.
    if (!places || !hasDigest(view)) continue
    copies.delete(view.content.digests.sha256)
    yield { view, content: view.content, places }
  }
}

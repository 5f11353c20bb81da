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
  /** Number of further places, which follow from copies of copies and are not listed. */
  readonly leftOut: number
}

export function isPictureOrVideo({ content }: EntryView): boolean {
  return content !== null && /^(?:image|video)\//.test(content.mediaType)
}

/** @param wanted condition on a content, or on its name: places without it are left out */
export function* contentsOf(
  ledger: EntryViews,
  wanted: (view: EntryView) => boolean,
): Iterable<FoundContent> {
  const copies = new Map<string, Found>()
  const hasDigest = (view: EntryView): view is EntryView & { content: Content } =>
    view.content !== null && wanted(view)
  for (const view of ledger.places())
    if (view.copyOf !== null && hasDigest(view)) {
      const { sha256 } = view.content.digests
      const found = copies.get(sha256) ?? { places: [], leftOut: 0 }
      copies.set(sha256, found)
      found.places.push(view.entry)
      found.leftOut += Number(view.placesLeftOut)
    }
  for (const view of ledger.places())
    if (view.copyOf === null && hasDigest(view)) {
      const { sha256 } = view.content.digests
      const { places = [], leftOut = 0 } = copies.get(sha256) ?? {}
      yield {
        ...{ view, content: view.content, places: [view.entry, ...places] },
        leftOut: leftOut + Number(view.placesLeftOut),
      }
      copies.delete(sha256)
    }
  if (copies.size === 0) return
  for (const view of ledger.places()) {
    const found = view.content && copies.get(view.content.digests.sha256)
    // A finding of a name is not of every place: the view is of a place that has it.
    if (!found || !hasDigest(view)) continue
    copies.delete(view.content.digests.sha256)
    yield { view, content: view.content, ...found }
  }
}

/** Of the copies of a content so far. */
interface Found {
  readonly places: Entry[]
  leftOut: number
}

/** The views that the page of a session has open: the newest few of them. */
import { PageRefusal } from './page-refusal.ts'
import type { ViewAsked, ViewMade } from './said.ts'
import { type View, type Viewed, viewOf } from './views.ts'

/** With a million contents each view takes four megabytes. */
const VIEWS_KEPT = 4

export class OpenViews {
  readonly #views: View[] = []
  #made = 0

  /** @throws UsageError for a query that cannot be read */
  open(asked: ViewAsked, viewed: Viewed): ViewMade {
    const view = viewOf(asked, ++this.#made, viewed)
    if (this.#views.push(view) > VIEWS_KEPT) this.#views.shift()
    return { view: view.number, tiles: view.tiles.length }
  }

  /** @throws UsageError when the view is no longer kept */
  called(number: number): View {
    const view = this.#views.find((one) => one.number === number)
    if (view) return view
    throw new PageRefusal('refused-view-gone')
  }

  close(): void {
    this.#views.length = 0
  }
}

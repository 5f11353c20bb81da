/**
 * Views of a review that persons saved: events of the custody log, because a review may write nothing else beside a
 * sealed ledger, and how a person chose what to look at is part of the record.
 */
import type { CustodyEvent } from '../../contracts/custody.ts'

export interface SavedView {
  readonly operator: string
  readonly name: string
  /** As the page of the review asks for a view, as JSON. */
  readonly view: string
}

export class SavedViews {
  readonly #views = new Map<string, SavedView>()

  take({ event, detail, operator }: CustodyEvent): void {
    const { name, view } = detail
    if (operator === null || name === undefined) return
    const key = `${operator}\n${name}`
    if (event === 'view-saved' && view !== undefined) this.#views.set(key, { operator, name, view })
    else if (event === 'view-removed') this.#views.delete(key)
  }

  /** In the order of their names. */
  all(): readonly SavedView[] {
    return [...this.#views.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }
}

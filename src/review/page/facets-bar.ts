/** Common filters with counts: chips, months, map, cameras, persons, directions and tags. Each writes the filter, and shows what stands in it. */
import { FACET_LISTS, type FacetList, type Facets, type FacetValue } from '../said-facets.ts'
import type { RescueCounted } from '../said-rescue.ts'
import { ask } from './api.ts'
import { byId, made } from './elements.ts'
import { MapPane } from './map-pane.ts'
import { showMonths } from './months.ts'
import { has, replaced, toggled } from './terms.ts'
import { say } from './words.ts'

/** Until the rule of rescue was asked of the whole ledger. */
const AGAIN_MS = 2000

export class FacetsBar {
  readonly #filtered: (stays?: boolean) => void
  readonly #failed: (error: unknown) => void
  #asked = 0
  #again: ReturnType<typeof setTimeout> | undefined
  readonly #query = byId<HTMLInputElement>('query')
  readonly #map = new MapPane((term, stays) => this.#set(replaced(this.#query.value, ['gps'], term), stays))

  /** @param filtered called when the filter was changed here; stays: the keyboard stays where it is */
  constructor(filtered: (stays?: boolean) => void, failed: (error: unknown) => void) {
    this.#filtered = filtered
    this.#failed = failed
    this.#query.addEventListener('input', () => this.press())
    byId('filter').addEventListener('submit', () => this.press())
  }

  /** Asks for the counts; again after tags were changed. An answer that comes after a later one is not shown. */
  async refresh(): Promise<void> {
    const asked = ++this.#asked
    const { chips, months, positions, lists, left } = await ask<Facets>('facets', {})
    if (asked !== this.#asked) return
    await this.#countRescue()
    if (asked !== this.#asked) return
    byId('chips').replaceChildren(...chips.map((one) => this.#chip(one)))
    byId('lists').replaceChildren(...FACET_LISTS.flatMap((name) => this.#list(name, lists[name], left[name])))
    showMonths(months, (terms) => this.#set(replaced(this.#query.value, ['from', 'to'], terms)))
    this.#map.set(positions)
    this.press()
  }

  /** The number beside the queue of rescue, or how far the rule is. */
  async #countRescue(): Promise<void> {
    // Nothing is asked of a review that has ended.
    if (document.getElementById('queue') === null) return
    const { rescue, share } = await ask<RescueCounted>('rescue-count', {})
    const queue = byId('queue').querySelector('option[value=rescue]')
    const said = rescue === null ? `${Math.floor(share * 100)} %` : rescue.toLocaleString('en')
    if (queue) queue.textContent = `${say('queue-rescue')} (${said})`
    clearTimeout(this.#again)
    if (rescue === null)
      this.#again = setTimeout(() => void this.#countRescue().catch(this.#failed), AGAIN_MS)
  }

  /** Opens or closes the map. @returns what is to be said where there is none */
  toggleMap(): string {
    return this.#map.toggle()
  }

  /** Shows which of them stand in the filter. */
  press(): void {
    for (const button of document.querySelectorAll<HTMLElement>('#chips button'))
      button.setAttribute('aria-pressed', String(has(this.#query.value, button.dataset.term ?? '')))
    this.#map.press(this.#query.value)
    for (const list of document.querySelectorAll<HTMLSelectElement>('#lists select'))
      list.value =
        [...list.options].find(({ value }) => value !== '' && has(this.#query.value, value))?.value ?? ''
  }

  #chip({ chip, query, count }: Facets['chips'][number]): HTMLButtonElement {
    const button = made('button', `${say(`chip-${chip}`)} ${count.toLocaleString('en')}`)
    button.type = 'button'
    button.dataset.term = query
    button.addEventListener('click', () => this.#set(toggled(this.#query.value, query)))
    return button
  }

  #list(name: FacetList, values: readonly FacetValue[], left: number): HTMLElement[] {
    if (values.length === 0) return []
    const list = made('select', '')
    list.id = `list-${name}`
    const options = [{ text: say('queue-all'), query: '', count: null }, ...values].map(
      ({ text, query, count }) => {
        const shown = name === 'direction' && count !== null ? say(`direction-${text}`) : text
        const option = made('option', count === null ? shown : `${shown} (${count.toLocaleString('en')})`)
        option.value = query
        return option
      },
    )
    list.append(...options)
    if (left > 0) {
      const others = made('option', `+ ${left.toLocaleString('en')}`)
      others.disabled = true
      list.append(others)
    }
    list.addEventListener('change', () => this.#set(replaced(this.#query.value, [name], list.value)))
    const label = made('label', say(`list-${name}`))
    label.append(list)
    return [label]
  }

  #set(query: string, stays = false): void {
    this.#query.value = query
    this.press()
    this.#filtered(stays)
  }
}

/** Chips for the common filters, with counts, and contents by month as bars that are dragged over: both write the filter. */
import type { Facets } from '../said-facets.ts'
import { ask } from './api.ts'
import { byId, made } from './elements.ts'
import { say } from './words.ts'

/** Fills the bar. @param filtered called when the filter was changed */
export async function showFacets(filtered: () => void): Promise<void> {
  const { chips, months } = await ask<Facets>('facets', {})
  const query = byId<HTMLInputElement>('query')
  byId('chips').replaceChildren(
    ...chips.map(({ chip, query: term, count }) => {
      const button = made('button', `${say(`chip-${chip}`)} ${count.toLocaleString('en')}`)
      button.type = 'button'
      button.setAttribute('aria-pressed', 'false')
      button.addEventListener('click', () => {
        query.value = toggled(query.value, term)
        filtered()
      })
      button.dataset.term = term
      return button
    }),
  )
  const press = () => {
    const terms = query.value.split(/\s+/)
    for (const button of document.querySelectorAll<HTMLElement>('#chips button'))
      button.setAttribute('aria-pressed', String(terms.includes(button.dataset.term ?? '')))
  }
  query.addEventListener('input', press)
  byId('filter').addEventListener('submit', press)
  byId('chips').addEventListener('click', press)
  showMonths(months, (from, to) => {
    query.value = between(query.value, from, to)
    press()
    filtered()
  })
}

function toggled(query: string, term: string): string {
  const terms = query.split(/\s+/).filter((one) => one !== '')
  return (terms.includes(term) ? terms.filter((one) => one !== term) : [...terms, term]).join(' ')
}

/** The query with its dates replaced. */
function between(query: string, from: string, to: string): string {
  const rest = query.split(/\s+/).filter((one) => one !== '' && !/^(from|to):/.test(one))
  return [...rest, `from:${from}-01`, `to:${to}-${lastDay(to)}`].join(' ')
}

function lastDay(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return String(new Date(Date.UTC(year, number, 0)).getUTCDate()).padStart(2, '0')
}

function showMonths(months: Facets['months'], brushed: (from: string, to: string) => void): void {
  const box = byId('months')
  box.hidden = months.length < 2
  box.title = say('months')
  box.setAttribute('aria-hidden', 'true')
  const most = Math.max(...months.map(({ count }) => count))
  let start: number | null = null
  const bars = months.map(({ month, count }, at) => {
    // For a pointer alone: a keyboard has from: and to: of the filter.
    const bar = made('span', '')
    bar.title = `${month}: ${count}`
    // A month with anything in it is seen.
    bar.style.setProperty('--share', String(count === 0 ? 0 : Math.max(0.08, Math.sqrt(count / most))))
    bar.addEventListener('pointerdown', (event) => {
      start = at
      bar.releasePointerCapture(event.pointerId)
      mark(at, at)
    })
    bar.addEventListener('pointerenter', () => {
      if (start !== null) mark(Math.min(start, at), Math.max(start, at))
    })
    return bar
  })
  const mark = (from: number, to: number) => {
    for (const [at, bar] of bars.entries()) bar.classList.toggle('brushed', at >= from && at <= to)
  }
  addEventListener('pointerup', () => {
    if (start === null) return
    start = null
    const chosen = months.filter((_, at) => bars[at]!.classList.contains('brushed'))
    if (chosen.length > 0) brushed(chosen[0]!.month, chosen.at(-1)!.month)
  })
  box.replaceChildren(...bars)
}

/** Contents by month of modification, as bars that are dragged over: the months that were dragged over become a filter. */
import type { Facets } from '../said-facets.ts'
import { byId, made } from './elements.ts'
import { say } from './words.ts'

type Month = Facets['months'][number]

/** @param brushed called with the terms of the filter for the months that were dragged over */
export function showMonths(months: readonly Month[], brushed: (terms: string) => void): void {
  const box = byId('months')
  box.hidden = months.length < 2
  box.title = say('months')
  // For a pointer alone: a keyboard has from: and to: of the filter.
  box.setAttribute('aria-hidden', 'true')
  const most = Math.max(...months.map(({ count }) => count))
  const [first, told, last] = [yearAt(months[0]), made('b', ''), yearAt(months.at(-1))]
  let start: number | null = null
  const bars = months.map(({ count }, at) => {
    const bar = made('span', '')
    bar.title = `${textOf(months[at]!)}: ${count}`
    // A month with anything in it is seen.
    bar.style.setProperty('--share', String(count === 0 ? 0 : Math.max(0.08, Math.sqrt(count / most))))
    bar.addEventListener('pointerdown', (event) => {
      start = at
      bar.releasePointerCapture(event.pointerId)
      mark(at, at)
    })
    bar.addEventListener('pointerenter', () => {
      if (start === null) told.textContent = `${textOf(months[at]!)}: ${count.toLocaleString('en')}`
      else mark(Math.min(start, at), Math.max(start, at))
    })
    return bar
  })
  const mark = (from: number, to: number) => {
    for (const [at, bar] of bars.entries()) bar.classList.toggle('brushed', at >= from && at <= to)
    const chosen = months.slice(from, to + 1)
    const sum = chosen.reduce((all, { count }) => all + count, 0).toLocaleString('en')
    told.textContent = `${textOf(chosen[0]!)} – ${textOf(chosen.at(-1)!)}: ${sum}`
  }
  addEventListener('pointerup', () => {
    if (start === null) return
    start = null
    const chosen = months.filter((_, at) => bars[at]!.classList.contains('brushed'))
    if (chosen.length > 0) brushed(monthTerms(chosen[0]!, chosen.at(-1)!))
  })
  box.addEventListener('pointerleave', () => {
    if (start === null && !bars.some((bar) => bar.classList.contains('brushed'))) told.textContent = ''
  })
  const row = made('div', '')
  row.append(...bars)
  box.replaceChildren(row, first, told, last)
}

/** Terms of the filter. A bar that counts what is earlier or later too has no such end. */
function monthTerms(from: Month, to: Month): string {
  const terms = [
    from.earlier ? '' : `from:${from.month}-01`,
    to.later ? '' : `to:${to.month}-${lastDay(to.month)}`,
  ]
  return terms.filter((term) => term !== '').join(' ')
}

function textOf({ month, earlier, later }: Month): string {
  return `${earlier ? '≤ ' : ''}${later ? '≥ ' : ''}${month}`
}

function yearAt(month: Month | undefined): HTMLElement {
  return made('b', month === undefined ? '' : textOf({ ...month, month: month.month.slice(0, 4) }))
}

function lastDay(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return String(new Date(Date.UTC(year, number, 0)).getUTCDate()).padStart(2, '0')
}

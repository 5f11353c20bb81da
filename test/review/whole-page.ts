/** That a page of a review is whole: nothing that axe finds, nothing cut off, nothing outside of the window. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect } from 'vitest'
import type { Tab } from './tab.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Violations = readonly [id: string, impact: string, nodes: readonly string[]][]

/** Everything that axe finds, serious or not. */
export async function violations(tab: Tab): Promise<Violations> {
  const found = await tab.run<{ readonly passes: number; readonly violations: Violations }>(
    `(() => { if (!window.axe) { ${AXE} }; return window.axe.run() })().then(({ violations, passes }) => ({ passes: passes.length, violations: violations.map(({ id, impact, nodes }) => [id, impact, nodes.map(({ html }) => html)]) }))`,
  )
  expect(found.passes).toBeGreaterThan(1)
  return found.violations
}

/** What the window, or a box that cannot be scrolled, cuts off of any words. */
export const CUT = `[...document.querySelectorAll('h1, p, label, button, option, dt, dd, li, legend, h2')].filter((one) => {
  const style = getComputedStyle(one)
  const { clientWidth, scrollWidth, clientHeight, scrollHeight } = one
  return !one.classList.contains('hidden') && style.overflow !== 'visible' && (scrollWidth > clientWidth || scrollHeight > clientHeight)
}).map((one) => one.id || one.textContent)`

export const OUTSIDE = `(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) => [scrollWidth - clientWidth, scrollHeight - clientHeight])(document.documentElement)`

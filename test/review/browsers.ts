/** The browsers in which the page of a review is worked through; a test of one that is not here is skipped in sight. */
import { CHROMIUM, chromiumTab, HAS_CHROMIUM } from './chromium.ts'
import { FIREFOX, firefoxTab, HAS_FIREFOX } from './firefox.ts'
import type { Tab, TabGiven } from './tab.ts'

export const BROWSERS = [
  { name: 'Chromium', path: CHROMIUM, isHere: HAS_CHROMIUM, open: chromiumTab },
  { name: 'Firefox', path: FIREFOX, isHere: HAS_FIREFOX, open: firefoxTab },
] as const satisfies readonly {
  readonly open: (url: string, given?: TabGiven, args?: readonly string[]) => Promise<Tab>
  readonly [name: string]: unknown
}[]

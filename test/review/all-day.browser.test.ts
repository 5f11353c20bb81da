/** What a person who grades all day needs of the page beside tiles and keys, in each browser. */
import { describe, expect, it } from 'vitest'
import { reviewContent } from '../../fixtures/ledgers/review.ts'
import { BROWSERS } from './browsers.ts'
import { reviewLedger, served } from './review-server.ts'
import { says, type Tab, textOf, until } from './tab.ts'

const headings = (tab: Tab) =>
  tab.run<string[]>("[...document.querySelectorAll('#details h2')].map((one) => one.textContent)")

describe.each(BROWSERS)('a day of grading in $name', ({ isHere, open }) => {
  it.skipIf(!isHere)(
    'has details that begin with name, paths, times, device and reasons, and end with digests',
    async () => {
      const review = await served(reviewLedger(24, 4))
      const tab = await open(review.server.url)
      await says(tab, '#said', '24 shown')
      await tab.press('i')
      await until(tab, "!document.querySelector('#details').hidden")
      const all = await headings(tab)
      expect(all[0]).toMatch(/IMG_0000000\.jpg/)
      expect(all.slice(1)).toEqual([
        'Paths',
        'Times of the file',
        'Device',
        'Reasons for its priority',
        'Findings',
        'Decisions',
        'Metadata of the file',
        'Type, size and digests',
      ])
      const text = await textOf(tab, '#details')
      expect(text).toMatch(/modified 20\d\d-\d\d-\d\d/)
      expect(text).toContain('camera Example 0')
      expect(text).toContain('priority 4 of 5, 1 being the most urgent')
      expect(text).toMatch(
        new RegExp(`SHA-256 ${reviewContent(0).digests.sha256}SHA-1 [0-9a-f]{40}MD5 [0-9a-f]{32}$`),
      )
    },
  )
})

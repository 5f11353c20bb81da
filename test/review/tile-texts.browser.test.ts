/** The texts of tiles: each names its file at every size and in every language, and none runs into the next tile. */
import { describe, expect, it } from 'vitest'
import { PAGE_LANGUAGES, pageWords } from '../../src/report/texts/page-words.ts'
import { BROWSERS } from './browsers.ts'
import { drawnTexts, listenToCanvas } from './canvas-texts.ts'
import { reviewLedger, served } from './review-server.ts'
import { look, says, type Tab, until } from './tab.ts'
import { CUT, OUTSIDE, violations } from './whole-page.ts'

const CONTENTS = 24
/** Sides of tiles in units of 16 pixels, as the page has them. */
const SIZES = [6, 8, 10, 13, 17]

async function resize(tab: Tab, size: number): Promise<void> {
  await tab.run(
    `void (window.drawnFrames = 0, document.querySelector('#size').value = '${size}', document.querySelector('#size').dispatchEvent(new Event('input')))`,
  )
}

describe.each(BROWSERS)('texts of tiles in $name', ({ name, isHere, open }) => {
  it.skipIf(!isHere)(
    'name the file, with what was decided, and stay in their tile at five sizes and in seven languages, in which a refusal is said too',
    async () => {
      const path = reviewLedger(CONTENTS)
      let tab: Tab | null = null
      for (const language of PAGE_LANGUAGES) {
        const review = await served(path, {}, { language })
        if (tab === null) tab = await open(review.server.url)
        else await tab.go(review.server.url)
        await says(tab, '#said', String(CONTENTS))
        await tab.press('2')
        await says(tab, '#focused', 'IMG_')
        await tab.press('e')
        await listenToCanvas(tab)
        // The answer to the decision may come after the key: it is drawn when it has come, without a further key.
        await resize(tab, SIZES[0]! + 1)
        const decided = async () => (await drawnTexts(tab!)).map(({ text }) => text).join('')
        await expect.poll(decided, { message: language }).toMatch(/2 Child/)
        for (const [size, units] of SIZES.entries()) {
          await resize(tab, size)
          const width = 16 * (units + 1)
          await until(tab, 'window.drawnFrames > 0')
          const texts = await drawnTexts(tab)
          const outside = texts.filter(
            ({ x, width: own }) => x + own > (Math.floor(x / width) + 1) * width || own > 16 * units + 1,
          )
          expect([language, size, outside]).toEqual([language, size, []])
          // The lines of one tile come one after the other.
          const all = texts.map(({ text }) => text).join('')
          const names = new Set(all.match(/IMG_\d{7}\.jpg/g))
          expect([language, size, names.size > 5]).toEqual([language, size, true])
          expect(all).toMatch(/2 Child/)
          // A tile without a preview says so in whole words at the smallest size too.
          const without = pageWords(language).words['no-preview']!.replaceAll(' ', '')
          const drawn = async () =>
            (await drawnTexts(tab!)).map(({ text }) => text.replaceAll(' ', '')).join('')
          if (size < 2) await expect.poll(drawn, { message: language }).toContain(without)
        }
        await look(tab, `${name}-texts-${language}`)
        // This machine may have no letters of Bengali: the page brings them along, and for no other language.
        const loaded = () =>
          tab!.run<string[]>(
            "[...document.fonts].filter(({ status }) => status === 'loaded').map(({ family }) => family.replaceAll('\"', ''))",
          )
        await expect
          .poll(loaded, { message: language })
          .toEqual(language === 'bn' ? ['Noto Sans Bengali'] : [])
        expect([language, await tab.run(CUT), await tab.run(OUTSIDE)]).toEqual([language, [], [0, 0]])
        if (name === 'Chromium') expect([language, await violations(tab)]).toEqual([language, []])
        // A refusal of the server is said in the language of the page.
        const { undone, 'refused-no-undo': refused } = pageWords(language).words
        await tab.press('u')
        await says(tab, '#said', undone!)
        await tab.press('u')
        await says(tab, '#said', refused!)
        await review.close()
      }
    },
    180_000,
  )
})

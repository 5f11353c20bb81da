/** That the page can be read and reached by everybody: axe, light and dark, zoomed, by touch, and nothing jumps while it is worked on. */
import { describe, expect, it } from 'vitest'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { drawn } from '../whole.ts'
import { BROWSERS } from './browsers.ts'
import { reviewLedger, served } from './review-server.ts'
import { look, says, textOf, until } from './tab.ts'
import { CUT, OUTSIDE, violations } from './whole-page.ts'

/** Where everything stands that a person aims at. What is said may be longer: it grows upwards, over what lies there. */
const PLACES = `JSON.stringify(['header', '#progress', '#filter', '#scroll', '#grid', 'footer', '#bar', '#said'].map((one) => {
  const { left, top, bottom, width } = document.querySelector(one).getBoundingClientRect()
  return [one, ...[left, one === '#said' ? 0 : top, bottom, width].map(Math.round)]
}))`

const SIZES = [1, 1.25, 2]

// In an ordinary run each browser draws two of three sizes for a test, so that every size has a browser.
describe.each(BROWSERS.map((browser, at) => ({ ...browser, at })))('the page in $name', (browser) => {
  const { name, isHere, open, at } = browser
  it.skipIf(!isHere).each([{ dark: false }, { dark: true }])(
    'has no finding of axe: tiles, details, questions, keys, and the end; dark: $dark',
    async ({ dark }) => {
      const review = await served(reviewLedger(24, 4))
      const tab = await open(review.server.url, { dark })
      await says(tab, '#said', '24 shown')
      const colour = await tab.run<string>('getComputedStyle(document.body).backgroundColor')
      expect(colour).toBe(dark ? 'rgb(22, 24, 26)' : 'rgb(244, 245, 246)')
      const states: readonly [state: string, key: string, is: string][] = [
        ['tiles', '', 'true'],
        ['details', 'i', "!document.querySelector('#details').hidden"],
        ['question', 'Alt+2', "document.querySelector('#ask').open"],
        ['no question', 'Escape', "!document.querySelector('#ask').open"],
        ['keys', '?', "document.querySelector('#keys').open"],
        ['no keys', 'Escape', "!document.querySelector('#keys').open"],
      ]
      for (const [state, key, is] of states) {
        if (key !== '') await tab.press(key)
        await until(tab, is)
        expect([state, await violations(tab)]).toEqual([state, []])
      }
      await look(tab, `${name}-${dark ? 'dark' : 'light'}-details`)
      await tab.run("void document.querySelector('#end').click()")
      await until(tab, "document.querySelector('.over') !== null")
      expect(await violations(tab)).toEqual([])
    },
    180_000,
  )

  it.skipIf(!isHere).each(drawn(SIZES, at, 2))(
    'is whole at %f times its size: nothing is cut off, nothing is outside, and nothing moves while it is worked on',
    async (scale) => {
      const path = reviewLedger(60, 4)
      const review = await served(path, {}, { pauseMs: 4000 })
      const tab = await open(review.server.url, { scale })
      await says(tab, '#said', '60 shown')
      expect(await tab.run('devicePixelRatio')).toBe(scale)
      // Filters come with an answer of their own, and take their lines of the header.
      await until(tab, "document.querySelectorAll('#chips button').length > 0")
      const places = await tab.run<string>(PLACES)
      const unmoved = async (after: string) => {
        expect([after, await tab.run<string>(PLACES)]).toEqual([after, places])
        expect([after, await tab.run<string[]>(CUT)]).toEqual([after, []])
        expect([after, await tab.run<number[]>(OUTSIDE)]).toEqual([after, [0, 0]])
      }
      await unmoved('the first view')
      for (let i = 0; i < 12; i++) await tab.press(String(i % 6))
      await says(tab, '#progress', '48 of 60 left · about')
      await unmoved('decisions, and how long it may take')
      await tab.press('e')
      await says(tab, '#progress', '1 need a second look')
      await unmoved('one that needs eyes')
      await look(tab, `${name}-${scale * 100}`)
      await tab.press('/')
      await tab.type('nothing:like:this')
      await tab.press('Enter')
      // The reminder of a pause is a warning too: the keyboard goes back to the tiles with the refusal.
      await until(
        tab,
        "document.querySelector('#said').className === 'warn' && document.activeElement.id === 'scroll'",
      )
      await unmoved('a warning')
      await look(tab, `${name}-${scale * 100}-warning`)
      await tab.run("void (document.querySelector('#query').value = '')")
      await tab.press('s')
      // What is said of it may be gone: the reminder of a pause comes every four seconds here.
      await says(tab, '#focused', '1 of 15')
      await unmoved('stacks')
      await says(tab, '#said', 'take a pause')
      await unmoved('the reminder of a pause')
      await tab.press('?')
      await until(tab, "document.querySelector('#keys').open")
      await unmoved('the list of keys')
      await tab.press('Escape')
      const cells = await tab.run<number>("document.querySelector('#scroll').clientHeight")
      expect(cells).toBeGreaterThan(200)
      await tab.press('i')
      await until(tab, "!document.querySelector('#details').hidden")
      await look(tab, `${name}-${scale * 100}-details`)
      expect(await violations(tab)).toEqual([])
      expect(await tab.run<number[]>(OUTSIDE)).toEqual([0, 0])
      // A browser says of its own that an answer was a refusal.
      expect(tab.heard.filter((one) => !one.includes('409'))).toEqual([])
    },
    180_000,
  )

  it.skipIf(!isHere).each(drawn(SIZES, at + 1, 2))(
    'is whole at %f times its size in Lithuanian, Greek and Bengali, with map, lists and details, and axe finds nothing',
    async (scale) => {
      const path = reviewLedger(24, 4, true)
      let tab: Awaited<ReturnType<typeof open>> | null = null
      for (const language of ['lt', 'el', 'bn']) {
        const review = await served(path, {}, { language })
        if (tab === null) tab = await open(review.server.url, { scale })
        else await tab.go(review.server.url)
        await says(tab, '#said', '24')
        const whole = async (state: string) => {
          expect([language, state, await tab!.run(CUT)]).toEqual([language, state, []])
          expect([language, state, await tab!.run(OUTSIDE)]).toEqual([language, state, [0, 0]])
          expect([language, state, await violations(tab!)]).toEqual([language, state, []])
          await look(tab!, `${name}-${language}-${scale * 100}-${state}`)
        }
        await tab.press('2')
        await says(tab, '#focused', 'IMG_')
        await whole('tiles')
        await until(tab, "!document.querySelector('#map-opener').hidden")
        await tab.press('r')
        await until(tab, "!document.querySelector('#map').hidden")
        await whole('map')
        await tab.press('r')
        await tab.press('i')
        await until(tab, "!document.querySelector('#details').hidden")
        await whole('details')
        await review.close()
      }
    },
    180_000,
  )

  it.skipIf(!isHere)(
    'is worked by touch: a tile, a category, a whole stack, a selection, details, undo',
    async () => {
      const review = await served(reviewLedger(24, 4))
      const tab = await open(review.server.url, { touch: true })
      await says(tab, '#said', '24 shown')
      // A line of filters that comes later would move what a finger aims at.
      await until(tab, "document.querySelectorAll('#chips button').length > 0")
      const button = async (text: string) => {
        await tab.run(
          `void [...document.querySelectorAll('footer button')].forEach((one) => { if (one.textContent.includes(${JSON.stringify(text)})) one.id = 'wanted'; else if (one.id === 'wanted') one.id = '' })`,
        )
        await tab.touch('#wanted')
      }
      await tab.touch('#scroll', [50 + 112 * 2, 50])
      await says(tab, '#focused', '3 of 24')
      await button('Comparison Images')
      await says(tab, '#said', '1 decided: 4')
      await says(tab, '#focused', '4 of 24')
      await button('undo')
      await says(tab, '#said', 'undone')
      await tab.touch('#scroll', [50, 50])
      await button('whole stack')
      await button('Non-Pertinent')
      await until(tab, "document.querySelector('#ask').open")
      expect(await textOf(tab, '#ask-text')).toMatch(/^Decide 4 contents/)
      await tab.touch('#ask-yes')
      await says(tab, '#progress', '20 of 24 left')
      await tab.touch('#scroll', [50 + 112 * 6, 50])
      await button('select')
      await says(tab, '#said', '1 selected')
      await tab.touch('#scroll', [50 + 112 * 7, 50])
      await button('select')
      await says(tab, '#said', '2 selected')
      await button('details')
      await until(tab, "!document.querySelector('#details').hidden")
      await button('back')
      await until(tab, "document.querySelector('#details').hidden")
      // Before the end: a beat of the page that comes after it is refused, and the browser says so.
      expect(tab.heard).toEqual([])
      await review.close()
      const made = readCustody(review.ledger).filter(({ fact }) => fact?.kind === 'decision')
      expect(made.length).toBe(6)
    },
    180_000,
  )
})

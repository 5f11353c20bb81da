import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { reviewContent } from '../../fixtures/ledgers/review.ts'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { decisionsOf, standing } from '../../src/ledger/custody/decisions.ts'
import { verifyAlone } from '../ledger/temporary.ts'
import { CHROMIUM, HAS_CHROMIUM, opened } from './chromium.ts'
import { reviewLedger, served } from './review-server.ts'

const said = (page: Page) => page.locator('#said').textContent()
const progress = (page: Page) => page.locator('#progress').textContent()
const focused = (page: Page) => page.locator('#focused').textContent()

/** Waits until the status line says so. */
const says = (page: Page, text: string) => expect.poll(() => said(page), { timeout: 10_000 }).toContain(text)

const progressed = (page: Page, text: string) =>
  expect.poll(() => progress(page), { timeout: 10_000 }).toContain(text)

/** For a person to look at, where they ask for them. */
async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.SEIZED_SCREENSHOTS
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

describe.skipIf(!HAS_CHROMIUM)(`the page of a review in Chromium (${CHROMIUM})`, () => {
  it('is worked through by keyboard alone: sixty contents, a withdrawal, an undo, one that needs eyes', async () => {
    const review = await served(reviewLedger(60))
    const { page, heard } = await opened(review)
    expect(new URL(page.url()).hash).toBe('')
    expect(await progress(page)).toBe('60 of 60 left')
    await screenshot(page, 'light')
    for (let i = 0; i < 59; i++) {
      await page.keyboard.press(String(i % 3))
      await progressed(page, `${59 - i} of 60`)
    }
    await page.keyboard.press('e')
    await progressed(page, '1 need eyes')
    await page.keyboard.press('Home')
    await page.keyboard.press('5')
    await says(page, '1 decided: 5')
    await page.keyboard.press('u')
    await says(page, 'undone')
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Backspace')
    await says(page, 'withdrawn')
    expect(await progress(page)).toContain('1 of 60 left')
    // Held down, a key decides once.
    await page.keyboard.down('3')
    await page.keyboard.down('3')
    await page.keyboard.up('3')
    await says(page, '1 decided: 3')
    await page.keyboard.press('?')
    expect(await page.locator('#key-list').textContent()).toContain('withdraw my decision')
    await screenshot(page, 'keys')
    await page.keyboard.press('Escape')
    await screenshot(page, 'decided')
    await review.close()
    const events = readCustody(review.ledger)
    const made = decisionsOf(events)
    expect(made.size).toBe(59)
    const standingNow = [...made.values()].flatMap((all) => standing(all).map(({ category }) => category))
    expect(
      [0, 1, 2, 3, 5].map((one) => standingNow.filter((category) => category === String(one)).length),
    ).toEqual([20, 19, 19, 1, 0])
    expect([...made.values()].flat().every(({ pass, session }) => pass === 'first' && session !== null)).toBe(
      true,
    )
    expect(verifyAlone(review.ledger).problems).toEqual([])
    expect(heard).toEqual([])
  })

  it('decides a stack of near copies as one after a count, and a selection too', async () => {
    const review = await served(reviewLedger(24, 4))
    const { page } = await opened(review)
    await page.keyboard.press('s')
    await says(page, '6 shown')
    expect(await focused(page)).toContain('3 near copies')
    await screenshot(page, 'stacks')
    await page.keyboard.press('Alt+2')
    await page.locator('#ask[open]').waitFor()
    expect(await page.locator('#ask-text').textContent()).toBe(
      'Decide 4 contents as 2 Child Exploitive (Non-CAM)/Age Difficult?',
    )
    await page.locator('#ask-no').click()
    expect(readCustody(review.ledger).filter(({ event }) => event === 'decided').length).toBe(0)
    await page.keyboard.press('Alt+2')
    await page.locator('#ask[open]').waitFor()
    await page.keyboard.press('Enter')
    await says(page, '4 decided')
    await page.keyboard.press('s')
    await says(page, '24 shown')
    await page.locator('#query').fill('hit:interest')
    await page.keyboard.press('Enter')
    await says(page, '2 shown')
    await page.keyboard.press('a')
    await says(page, '2 selected')
    await page.keyboard.press('0')
    await page.locator('#ask[open]').waitFor()
    await page.keyboard.press('Enter')
    await says(page, '2 decided')
    await page.keyboard.press('u')
    await says(page, 'undone')
    const made = decisionsOf(readCustody(review.ledger))
    expect([...made.values()].filter((all) => standing(all).length > 0).length).toBe(4)
    expect(readCustody(review.ledger).find(({ event }) => event === 'searched')!.detail.query).toBe(
      'hit:interest',
    )
  })

  it('shows every place and reason in words, and what lies around', async () => {
    const review = await served(reviewLedger(24, 4))
    const { page } = await opened(review, { width: 1280 })
    await page.keyboard.press('i')
    await page.locator('#details:not([hidden])').waitFor()
    const details = await page.locator('#details').textContent()
    expect(details).toContain('IMG_0000000.jpg')
    expect(details).toContain(reviewContent(0).digests.sha256)
    expect(details).toMatch(/interest/)
    expect(details).toContain('Example 0')
    await screenshot(page, 'details')
    await page.keyboard.press('Escape')
    await page.keyboard.press('f')
    await says(page, '4 near copies')
    await page.keyboard.press('Escape')
    await page.keyboard.press('c')
    await says(page, '8 of the same camera')
    await page.keyboard.press('Escape')
    await says(page, '24 shown')
    expect(await said(page)).toBe('24 shown')
  })

  it('blanks itself when it is left, and when the program ends', async () => {
    const review = await served(reviewLedger(12))
    const { page } = await opened(review)
    review.server.stop({ how: 'interrupted', problem: null })
    await expect.poll(() => page.locator('canvas').count(), { timeout: 15_000 }).toBe(0)
    expect(await page.locator('body').textContent()).toMatch(/ended|no longer answers|token/)
  })

  it.each([
    { name: 'dark', colorScheme: 'dark' as const, scale: 1 },
    { name: 'zoom-125', colorScheme: 'light' as const, scale: 1.25 },
    { name: 'zoom-200', colorScheme: 'light' as const, scale: 2 },
  ])('stays within its window and readable: $name', async ({ name, colorScheme, scale }) => {
    const review = await served(reviewLedger(60))
    const { page } = await opened(review, { colorScheme, scale })
    await page.keyboard.press('1')
    await says(page, '1 decided')
    await screenshot(page, name)
    const over = await page.evaluate(
      '(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) => [scrollWidth - clientWidth, scrollHeight - clientHeight])(document.documentElement)',
    )
    expect(over).toEqual([0, 0])
    const tiles = await page.evaluate("document.querySelector('#scroll').clientHeight")
    expect(tiles).toBeGreaterThan(100)
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeReviewLedger, reviewContent } from '../../fixtures/ledgers/review.ts'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { decisionsOf, standing } from '../../src/ledger/custody/decisions.ts'
import { CHROMIUM, HAS_CHROMIUM, opened, screenshot } from './chromium.ts'
import { reviewLedger, served } from './review-server.ts'

const said = (page: Page) => page.locator('#said').textContent()
const focused = (page: Page) => page.locator('#focused').textContent()

/** Waits until the status line says so. */
const says = (page: Page, text: string) => expect.poll(() => said(page), { timeout: 60_000 }).toContain(text)

/** Holds requests of the page back. @returns lets them go, and waits until the last of them is answered */
async function holds(page: Page, glob: string): Promise<() => Promise<void>> {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  const answered: Promise<void>[] = []
  await page.route(glob, (route) => {
    answered.push(promise.then(() => route.continue()))
  })
  return async () => {
    const last = page.waitForResponse(glob)
    resolve()
    await Promise.all([last, ...answered])
  }
}

async function held(review: Awaited<ReturnType<typeof served>>, glob: string) {
  let release = async () => {}
  const { page } = await opened(review, {
    before: async (empty) => {
      release = await holds(empty, glob)
    },
  })
  return { page, release: () => release() }
}

describe.skipIf(!HAS_CHROMIUM)(`the page of a review in Chromium (${CHROMIUM})`, () => {
  it('says how many contents a list of privileged contents closes, and how many of them are on lists', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seized-review-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const path = join(folder, 'case.sqlite')
    const privileged = [0, 2, 3].map((n) => `path:DCIM/0000/IMG_000000${n}.jpg\n`).join('')
    makeReviewLedger({ path, contents: 24, stackOf: 1, seal: true, privileged })
    const { page } = await opened(await served(path))
    await says(page, '21 shown')
    expect(await page.locator('#closed').textContent()).toBe(
      'Closed as privileged and not shown here: 3 contents; on lists, of these: 1',
    )
    expect(await page.locator('#closed').isVisible()).toBe(true)
    await screenshot(page, 'closed')
    const { page: without } = await opened(await served(reviewLedger(24)))
    await says(without, '24 shown')
    expect(await without.locator('#closed').isVisible()).toBe(false)
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
    // The page takes keys again when it has seen the answer.
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))')
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

  it('never takes the keyboard from a person who types: a digit of a file name would be a category', async () => {
    const review = await served(reviewLedger(24, 4))
    const { page, release } = await held(review, '**/facets')
    await says(page, '24 shown')
    await page.keyboard.press('/')
    await page.keyboard.type('hit:')
    await release()
    await page.keyboard.type('interest')
    const views = await holds(page, '**/view')
    await page.keyboard.press('Enter')
    // While the view is made the person sees that it is the wrong word.
    await page.keyboard.type(' 2')
    await views()
    await says(page, '2 shown')
    await page.keyboard.type('1')
    expect(await page.locator('#query').inputValue()).toBe('hit:interest 21')
    expect(readCustody(review.ledger).filter(({ event }) => event === 'decided')).toEqual([])
  })

  it('has its labels in the requested language, and says that they are not reviewed', async () => {
    const review = await served(reviewLedger(24, 4), {}, { language: 'lt' })
    const { page } = await opened(review)
    await says(page, 'rodomi 24 turiniai')
    expect(await page.locator('html').getAttribute('lang')).toBe('lt')
    expect(await page.locator('#end').textContent()).toBe('Baigti')
    expect(await page.locator('#unreviewed').textContent()).toMatch(
      /neperžiūrėjo.*no forensic examiner reviewed/,
    )
    await page.keyboard.press('s')
    await says(page, 'rodomi 6 turiniai')
    await page.keyboard.press('Alt+2')
    await page.locator('#ask[open]').waitFor()
    expect(await page.locator('#ask-text').textContent()).toContain('Įvertinti 4 turinius kaip 2')
    await screenshot(page, 'lt')
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
    await says(page, '3 near copies')
    await page.keyboard.press('Escape')
    await page.keyboard.press('c')
    await says(page, '8 of the same camera')
    await page.keyboard.press('Escape')
    await says(page, '24 shown')
    expect(await said(page)).toBe('24 shown')
  })

  it('says nothing of the content before where a view is empty, and goes on with the details of the next', async () => {
    const { page } = await opened(await served(reviewLedger(24, 4)))
    await says(page, '24 shown')
    await page.keyboard.press('i')
    const details = () => page.locator('#details').textContent()
    await expect.poll(details).toContain('IMG_0000000.jpg')
    const filter = async (text: string) => {
      await page.locator('#query').fill(text)
      await page.locator('#query').press('Enter')
    }
    await filter('name:nothing-has-this-name')
    await says(page, '0 shown')
    await expect.poll(details).toBe('No content here')
    await filter('name:IMG_0000003')
    await expect.poll(details).toContain('IMG_0000003.jpg')
  })

  it('does not grade the last content again by every further key', async () => {
    const review = await served(reviewLedger(3))
    const { page } = await opened(review)
    await page.keyboard.press('End')
    await expect.poll(() => focused(page)).toContain('3 of 3')
    await page.keyboard.press('2')
    await says(page, '1 decided')
    for (const key of ['0', '1']) {
      await page.keyboard.press(key)
      await says(page, 'That was the last one here')
    }
    const categories = () =>
      readCustody(review.ledger).flatMap(({ fact }) => (fact?.kind === 'decision' ? [fact.category] : []))
    expect(categories()).toEqual(['2'])
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('0')
    await says(page, '1 decided: 0')
    expect(categories()).toEqual(['2', '0'])
  })

  it('reminds of a pause, says how long it may take, and covers itself when the window is left', async () => {
    const review = await served(reviewLedger(24), {}, { pauseMs: 3000 })
    const { page } = await opened(review)
    for (let i = 0; i < 11; i++) {
      await page.keyboard.press('1')
      await expect.poll(() => page.locator('#progress').textContent()).toContain(`${23 - i} of 24 left`)
    }
    expect(await page.locator('#progress').textContent()).toMatch(/13 of 24 left · about \d+ min/)
    await expect.poll(() => said(page), { timeout: 60_000 }).toContain('take a pause')
    const visible = () => page.evaluate("getComputedStyle(document.querySelector('#grid')).visibility")
    expect(await visible()).toBe('visible')
    await page.evaluate("dispatchEvent(new Event('blur'))")
    expect(await visible()).toBe('hidden')
    await page.evaluate("dispatchEvent(new Event('focus'))")
    expect(await visible()).toBe('visible')
  })

  it('blanks itself when it is left, and when the program ends', async () => {
    const review = await served(reviewLedger(12))
    const { page } = await opened(review)
    review.server.stop({ how: 'interrupted', problem: null })
    await expect.poll(() => page.locator('canvas').count(), { timeout: 60_000 }).toBe(0)
    expect(await page.locator('body').textContent()).toMatch(/ended|no longer answers|token/)
  })
})

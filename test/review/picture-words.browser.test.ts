/** Where words stand in a picture, on the page: a frame with boxes and words, no pixel, and a line in the log before. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeReviewLedger, reviewContent } from '../../fixtures/ledgers/review.ts'
import type { CustodyEventName } from '../../src/contracts/custody.ts'
import type { TextPlace } from '../../src/contracts/text-place.ts'
import { appendCustody, readCustody } from '../../src/ledger/custody/custody.ts'
import { TextIndexWriter } from '../../src/search/text-index.ts'
import { textIndexPath } from '../../src/search/text-index-file.ts'
import { CHROMIUM, HAS_CHROMIUM, opened, screenshot } from './chromium.ts'
import { served } from './review-server.ts'

type TextPlaceOf = Omit<TextPlace, 'start' | 'end'>

const MESSAGES = [
  { text: 'Maria Lopes', left: 150, top: 90, width: 190, height: 40 },
  { text: 'are you coming to the lake on Saturday?', left: 50, top: 260, width: 430, height: 36 },
  { text: '<b>yes</b> ১২ & σήμερα', left: 430, top: 360, width: 240, height: 36 },
]

/** Of a scan of three pages, each with a line at the same place. */
const PAGES = [1, 2, 3].map((page) => ({
  text: `line of page ${page}`,
  left: 60,
  top: 100,
  width: 300,
  height: 40,
  page,
}))

/** A sealed ledger with the index that a scan makes, for the first picture. */
function withWords(lines: readonly (TextPlaceOf & { readonly text: string })[] = MESSAGES): string {
  const folder = mkdtempSync(join(tmpdir(), 'seized-words-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const ledger = join(folder, 'case.sqlite')
  makeReviewLedger({ path: ledger, contents: 6, stackOf: 1, texts: true, seal: true })
  const log = (event: CustodyEventName, of: string, name: string) =>
    appendCustody(ledger, { event, operator: null, account: 'tester', detail: { [name]: sha256Of(of) } })
  log('sealed', ledger, 'ledgerSha256')
  const path = textIndexPath(ledger)
  const index = new TextIndexWriter(path)
  let text = ''
  const places = lines.map(({ text: line, ...place }) => {
    const start = text.length
    text += `${line}\n`
    return { start, end: text.length - 1, ...place }
  })
  index.add(reviewContent(0), text, 'en', places)
  index.finish()
  index.close()
  log('text-index-made', path, 'sha256')
  return ledger
}

function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

describe.skipIf(!HAS_CHROMIUM)(`words in pictures on the page in Chromium (${CHROMIUM})`, () => {
  it('stand in boxes on an empty frame after a person asks, in the language of the page', async () => {
    const review = await served(withWords(), {}, { language: 'es' })
    const { page } = await opened(review, { width: 1280 })
    await page.keyboard.press('i')
    await page.locator('#details:not([hidden])').waitFor()
    const shown = () => readCustody(review.ledger).filter(({ event }) => event === 'words-shown')
    // Nothing is sent before the person asks.
    expect(shown()).toEqual([])
    expect(await page.locator('#details').textContent()).not.toContain('lake')
    await page.getByRole('button', { name: 'mostrar dónde están las palabras, sin la imagen' }).click()
    const svg = page.locator('#details .words svg')
    await svg.waitFor()
    expect(shown().map(({ detail }) => detail.sha256)).toEqual([reviewContent(0).digests.sha256])
    // Text of the exhibit is text, whatever it holds.
    expect(await svg.locator('text').allTextContents()).toEqual(MESSAGES.map(({ text }) => text))
    expect(await page.locator('#details b').count()).toBe(0)
    expect(await svg.locator('image').count()).toBe(0)
    const frame = (await svg.boundingBox())!
    const boxes = await Promise.all(
      MESSAGES.map((_, i) =>
        svg
          .locator('rect')
          .nth(i + 1)
          .boundingBox(),
      ),
    )
    // In the proportions of the picture: the reply begins at the right of its middle.
    expect(boxes[2]!.x - frame.x).toBeGreaterThan(frame.width / 2)
    expect(boxes[1]!.y).toBeGreaterThan(boxes[0]!.y)
    await screenshot(page, 'picture-words')
  })

  it('of a scan stand page by page: the lines of the chosen page alone', async () => {
    const review = await served(withWords(PAGES), {}, { language: 'lt' })
    const { page } = await opened(review, { width: 1280 })
    await page.keyboard.press('i')
    await page.locator('#details:not([hidden])').waitFor()
    await page.getByRole('button', { name: 'rodyti, kur yra žodžiai, be paveikslėlio' }).click()
    const svg = page.locator('#details .words svg')
    await svg.waitFor()
    const lines = () => svg.locator('text').allTextContents()
    const buttons = page.locator('#details .words [role=group] button')
    expect(await buttons.allTextContents()).toEqual(['1 puslapis', '2 puslapis', '3 puslapis'])
    expect(await lines()).toEqual(['line of page 1'])
    for (const n of [3, 2]) {
      await page.getByRole('button', { name: `${n} puslapis` }).click()
      expect(await lines()).toEqual([`line of page ${n}`])
      expect(await page.locator('#details .words [aria-pressed=true]').textContent()).toBe(`${n} puslapis`)
    }
    expect(await svg.count()).toBe(1)
    await screenshot(page, 'picture-words-pages')
  })

  it('that cannot be shown are refused in a sentence', async () => {
    const ledger = withWords()
    const review = await served(ledger)
    const { page } = await opened(review, { width: 1280 })
    await page.keyboard.press('i')
    const button = page.locator('#details .words button')
    await button.waitFor()
    rmSync(textIndexPath(ledger))
    await button.click()
    await expect
      .poll(() => page.locator('#details .words').textContent())
      .toContain('does not lie beside this ledger')
    expect(await button.isEnabled()).toBe(true)
  })
})

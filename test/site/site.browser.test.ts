/** The site in Chromium, from a file:// address: pages, pictures and links, without one request to anywhere else. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Locator } from 'playwright-core'
import { expect, it } from 'vitest'
import { writeSite } from '../../scripts/site/site.ts'
import { temporaryFolder } from '../e2e/seized.ts'
import { CHROMIUM, HAS_CHROMIUM } from '../review/chromium.ts'

it.skipIf(!HAS_CHROMIUM)(
  'opens from a file, follows links, shows pictures and fits a narrow window',
  async () => {
    const out = temporaryFolder()
    expect(writeSite(join(import.meta.dirname, '../..'), out)).toEqual([])
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu'],
    })
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
      const heard: string[] = []
      page.on('request', (one) => {
        if (!one.url().startsWith('file:')) heard.push(one.url())
      })
      page.on('console', (one) => heard.push(one.text()))
      page.on('requestfailed', (one) => heard.push(`${one.url()} failed`))
      await page.goto(pathToFileURL(join(out, 'index.html')).href)
      // With its pictures: a click does not wait for them, and a page that is left meanwhile has failed requests.
      const follows = async (link: Locator, to: string) => {
        await link.click()
        await page.waitForURL(`**/${to}`, { waitUntil: 'load' })
      }
      await follows(page.getByRole('link', { name: 'Guide', exact: true }).first(), 'index.html')
      await follows(page.getByRole('link', { name: 'court.md' }), 'court.html')
      expect(await page.title()).toBe('Write the report for a court – seized')
      const widths = (await page.evaluate('[...document.images].map((one) => one.naturalWidth)')) as number[]
      expect(widths.length).toBeGreaterThan(0)
      for (const width of widths) expect(width).toBeGreaterThan(100)
      await follows(page.getByRole('link', { name: 'All pages' }), 'contents.html')
      await follows(page.getByRole('link', { name: 'Three candidates' }), 'licence.html#three-candidates')
      await page.setViewportSize({ width: 400, height: 800 })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400)
      await page.goto(pathToFileURL(join(out, 'docs/reference/exchange.html')).href)
      expect(await page.evaluate(CUT_WORDS)).toEqual([])
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const [text, back, link] = (await page.evaluate(COLOURS)) as [string, string, string]
        expect([colorScheme, luminance(back) > 0.5]).toEqual([colorScheme, colorScheme === 'light'])
        for (const one of [text, link]) expect(contrast(one, back)).toBeGreaterThan(7)
      }
      expect(heard).toEqual([])
    } finally {
      await browser.close()
    }
  },
)

/** Words of cells of which a part stands in another line. */
const CUT_WORDS = `[...document.querySelectorAll('td')].flatMap((cell) =>
  [...cell.childNodes].filter((one) => one.nodeType === 3).flatMap((text) =>
    [...text.data.matchAll(/[A-Za-z]+/g)].filter(({ 0: word, index }) => {
      const range = document.createRange()
      range.setStart(text, index)
      range.setEnd(text, index + word.length)
      return range.getClientRects().length > 1
    }).map(([word]) => word)))`

const COLOURS = `[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor,
  getComputedStyle(document.querySelector('main a')).color]`

/** Relative luminance and contrast of WCAG 2.2. */
function luminance(colour: string): number {
  const [red, green, blue] = [...colour.matchAll(/\d+/g)].map(([part]) => {
    const share = Number(part) / 255
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light! + 0.05) / (dark! + 0.05)
}

/** The site in Chromium, from a file:// address: pages, pictures and links, without one request to anywhere else. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
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
      await page.getByRole('link', { name: 'Guide', exact: true }).first().click()
      await page.getByRole('link', { name: 'court.md' }).click()
      expect(await page.title()).toBe('Write the report for a court – seized')
      const widths = (await page.evaluate('[...document.images].map((one) => one.naturalWidth)')) as number[]
      expect(widths.length).toBeGreaterThan(0)
      for (const width of widths) expect(width).toBeGreaterThan(100)
      await page.getByRole('link', { name: 'All pages' }).click()
      await page.getByRole('link', { name: 'Three candidates' }).click()
      expect(page.url()).toContain('licence.html#three-candidates')
      await page.setViewportSize({ width: 400, height: 800 })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400)
      expect(heard).toEqual([])
    } finally {
      await browser.close()
    }
  },
)

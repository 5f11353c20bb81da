/** The report in a real Chromium, where there is one: what it fetches, runs and prints. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LedgerReader } from '../../src/contracts/ledger-reader.ts'
import { htmlReport } from '../../src/report/html/html.ts'
import { exported } from './collect.ts'
import { ownHostileNames } from './hostile-names.ts'
import { caseLedger, hostileLedger, tameLedger } from './ledgers.ts'

const CHROMIUM = process.env.SEIZED_CHROMIUM ?? '/usr/bin/chromium'
// A4 less margins of 16, 20 and 18 mm, at 96 dots per inch.
const A4 = { width: Math.floor(((210 - 32) / 25.4) * 96), height: Math.floor(((297 - 38) / 25.4) * 96) }

interface Opened {
  readonly page: Page
  /** Whatever a page can do that this one must not. */
  readonly heard: string[]
}

describe.skipIf(!existsSync(CHROMIUM))(`the HTML report in Chromium (${CHROMIUM})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'seized-report-'))
  const names = ownHostileNames()
  let browser: Browser
  let small: Opened
  let hostile: Opened

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    })
    small = await opened(caseLedger(), 'case')
    hostile = await opened(hostileLedger(names), 'hostile')
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function opened(ledger: LedgerReader, name: string): Promise<Opened> {
    const file = join(folder, `${name}.html`)
    writeFileSync(file, await exported(htmlReport, ledger))
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } })
    const heard: string[] = []
    const url = pathToFileURL(file).href
    page.on('console', (message) => heard.push(`console: ${message.text()}`))
    page.on('pageerror', (error) => heard.push(`error: ${error.message}`))
    page.on('dialog', (dialog) => heard.push(`dialog: ${dialog.message()}`))
    page.on('request', (request) => {
      if (request.url() !== url && !request.url().startsWith('data:')) heard.push(`request: ${request.url()}`)
    })
    await page.goto(url, { waitUntil: 'load' })
    return { page, heard }
  }

  it('fetches nothing, runs nothing and complains of nothing, whatever the names hold', () => {
    expect([small.heard, hostile.heard]).toEqual([[], []])
  })

  it('builds the same elements from hostile names as from tame ones', async () => {
    const tame = await opened(tameLedger(names.length), 'tame')
    const [expected, found] = await Promise.all([tame, hostile].map(({ page }) => page.evaluate(SHAPE)))
    expect(found === expected).toBe(true)
    await tame.page.close()
  })

  it('shows previews as they are: no picture in the page is larger than its cells', async () => {
    const sizes = '[...document.images].map((i) => [i.naturalWidth, i.naturalHeight, i.complete])'
    expect(await small.page.evaluate(sizes)).toEqual([
      [16, 12, true],
      [12, 16, true],
    ])
  })

  it('is dark text on white everywhere', async () => {
    expect(await small.page.evaluate(WEAK_CONTRAST)).toEqual([])
  })

  it.each([
    ['on a narrow screen', 'screen', { width: 420, height: 800 }],
    ['on A4', 'print', A4],
  ] as const)('needs no scrolling sideways %s', async (_where, media, size) => {
    for (const { page } of [small, hostile]) {
      await page.setViewportSize(size)
      await page.emulateMedia({ media })
      expect(await page.evaluate(SIDEWAYS)).toBe(0)
      await page.emulateMedia({ media: null })
    }
  })

  it('prints page one on one page, and the whole as a PDF', async () => {
    const { page } = small
    await page.setViewportSize(A4)
    await page.emulateMedia({ media: 'print' })
    expect(
      await page.evaluate(`document.querySelector('.first').getBoundingClientRect().height`),
    ).toBeLessThan(A4.height)
    const pdf = await page.pdf({ preferCSSPageSize: true })
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    await page.emulateMedia({ media: null })
  })

  it('applies its own style sheet and refuses any other', async () => {
    const { page, heard } = await opened(caseLedger(), 'style')
    expect(await page.evaluate(`getComputedStyle(document.querySelector('.caution')).borderLeftWidth`)).toBe(
      '5px',
    )
    expect(await page.evaluate(INJECT_STYLE)).toBe('block')
    // The browser complains apart from its answer.
    await expect.poll(() => heard.join()).toMatch(/Content Security Policy/)
    await page.close()
  })
})

const SHAPE = `[...document.querySelectorAll('*')]
  .map((e) => [e.tagName, ...[...e.attributes].map((a) => a.name)].join(' ')).join('\\n')`

const SIDEWAYS = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'

const INJECT_STYLE = `(() => {
  const style = document.createElement('style')
  style.textContent = 'body { display: none }'
  document.head.append(style)
  return getComputedStyle(document.body).display
})()`

/** Elements with text whose contrast is below 7: WCAG 2.2, 1.4.6 (AAA). */
const WEAK_CONTRAST = `(() => {
  const numbers = (css) => css.match(/[\\d.]+/g).map(Number)
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const background = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const [r, g, b, a = 1] = numbers(getComputedStyle(e).backgroundColor)
      if (a > 0) return [r, g, b]
    }
    return [255, 255, 255]
  }
  return [...document.body.querySelectorAll('*')]
    .filter((e) => e.textContent.trim() && e.getClientRects().length > 0)
    .map((e) => {
      const text = numbers(getComputedStyle(e).color).slice(0, 3)
      const [dark, light] = [luminance(background(e)), luminance(text)].sort((a, b) => a - b)
      return [e.tagName, (light + 0.05) / (dark + 0.05)]
    })
    .filter(([, contrast]) => contrast < 7)
})()`

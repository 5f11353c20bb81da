/** A Chromium for the tests of the review page, where there is one. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'

export const CHROMIUM = process.env.SEIZED_CHROMIUM ?? '/usr/bin/chromium'
export const HAS_CHROMIUM = existsSync(CHROMIUM)

export interface Opened {
  readonly page: Page
  readonly context: BrowserContext
  /** Complaints of the page, and requests to anywhere else. */
  readonly heard: string[]
}

export async function opened(
  { server, port }: { readonly server: { readonly url: string }; readonly port: number },
  given: { readonly colorScheme?: 'light' | 'dark'; readonly width?: number; readonly scale?: number } = {},
): Promise<Opened> {
  const profile = mkdtempSync(join(tmpdir(), 'seized-chromium-'))
  const { colorScheme = 'light', width = 1280, scale = 1 } = given
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    colorScheme,
    // Zoomed by 200 %, a window has half as many CSS pixels of twice the size.
    viewport: { width: Math.round(width / scale), height: Math.round(800 / scale) },
    deviceScaleFactor: scale,
  })
  onTestFinished(async () => {
    await context.close()
    rmSync(profile, { recursive: true, force: true })
  })
  const [page = await context.newPage()] = context.pages()
  const heard: string[] = []
  page.on('console', (message) => heard.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => heard.push(`error: ${error.message}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(`http://127.0.0.1:${port}/`)) heard.push(`request: ${request.url()}`)
  })
  await page.goto(server.url)
  await expect.poll(() => page.locator('#said').textContent(), { timeout: 20_000 }).not.toBe('')
  return { page, context, heard }
}

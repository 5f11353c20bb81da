/** A Chromium for the tests of the review page, where there is one. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { chromiumWith } from './chromium-certificate.ts'
import { pointOn, type Tab, type TabGiven } from './tab.ts'

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
  given: Omit<Given, 'profile' | 'args'> = {},
): Promise<Opened> {
  const made = await shown(port, given)
  await given.before?.(made.page)
  await made.page.goto(server.url)
  await expect.poll(() => made.page.locator('#said').textContent(), { timeout: 60_000 }).not.toBe('')
  return made
}

interface Given {
  /** What happens to the empty page first. */
  readonly before?: (page: Page) => Promise<void>
  readonly colorScheme?: 'light' | 'dark'
  readonly width?: number
  readonly scale?: number
  readonly touch?: boolean
  readonly profile?: string | undefined
  readonly args?: readonly string[]
  /** Default: that of a review on loopback. */
  readonly origin?: string
  readonly certificate?: TabGiven['certificate']
}

/** An empty page. */
async function shown(port: number, given: Given): Promise<Opened> {
  const { colorScheme = 'light', width = 1280, scale = 1, touch = false, args = [], certificate } = given
  const { origin = `http://127.0.0.1:${port}` } = given
  const profile = given.profile ?? mkdtempSync(join(tmpdir(), 'seized-chromium-'))
  const certified = certificate && (await chromiumWith(certificate, profile, origin))
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
      ...(certified?.args ?? []),
      ...args,
    ],
    colorScheme,
    // Zoomed by 200 %, a window has half as many CSS pixels of twice the size.
    viewport: { width: Math.round(width / scale), height: Math.round(800 / scale) },
    deviceScaleFactor: scale,
    hasTouch: touch,
    ...(certified && { env: certified.env }),
  })
  onTestFinished(async () => {
    await context.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  })
  const [page = await context.newPage()] = context.pages()
  const heard: string[] = []
  page.on('console', (message) => heard.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => heard.push(`error: ${error.message}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) heard.push(`request: ${request.url()}`)
  })
  return { page, context, heard }
}

export async function chromiumTab(
  url: string,
  { dark = false, scale = 1, touch = false, profile, certificate }: TabGiven = {},
  args: readonly string[] = [],
): Promise<Tab> {
  const { port, origin } = new URL(url)
  const colorScheme = dark ? 'dark' : 'light'
  const { page, context, heard } = await shown(Number(port), {
    ...{ colorScheme, scale, touch, profile, args, origin },
    ...(certificate && { certificate }),
  })
  await page.goto(url)
  const run = <T>(expression: string) => page.evaluate<T>(expression)
  const fingers = await context.newCDPSession(page)
  return {
    heard,
    pid: null,
    press: (keys) => page.keyboard.press(keys),
    down: (key) => page.keyboard.down(key),
    up: (key) => page.keyboard.up(key),
    type: (text) => page.keyboard.type(text),
    touch: async (selector, at, meanwhile) => {
      const point = await pointOn({ run }, selector, at)
      const down = () =>
        fingers.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] })
      const up = () => fingers.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
      // Both halves of a tap go out together: a third of a second between them would be a finger that stays.
      if (meanwhile === undefined) return void (await Promise.all([down(), up()]))
      await down()
      await meanwhile()
      await up()
    },
    run,
    go: async (to) => void (await page.goto(to)),
    reload: async () => void (await page.reload()),
    picture: async (path) => void (await page.screenshot({ path })),
    close: () => context.close(),
  }
}

/** For a person to look at, where they ask for them. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.SEIZED_SCREENSHOTS
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

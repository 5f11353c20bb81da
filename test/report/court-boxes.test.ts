/** No text of a court's edition leaves its page, its column or its cell, whatever names hold: measured in the PDF and in a browser. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CourtWishes, NO_COURT_WISHES } from '../../src/report/court/report.ts'
import { COURT_LANGUAGES } from '../../src/report/court/texts.ts'
import { NO_WISHES } from '../../src/report/export/wishes.ts'
import { htmlReport } from '../../src/report/html/html.ts'
import { pdf } from '../../src/report/pdf/pdf.ts'
import { collected } from './collect.ts'
import { decidedLedger } from './exchange/decided-ledger.ts'
import { textOf } from './exchange/exported-with.ts'
import { LONG_LAB, longLedger } from './long-ledger.ts'

const LANGUAGES = COURT_LANGUAGES.map(({ language }) => language)
const wished = (more: Partial<CourtWishes>): CourtWishes => ({
  ...NO_COURT_WISHES,
  ledgerSha256: 'ab'.repeat(32),
  ...more,
})

interface Word {
  readonly text: string
  readonly page: number
  readonly x: number
  readonly right: number
  readonly y: number
  readonly bottom: number
}

/** Words with their boxes in points, as poppler finds them. */
function wordsIn(file: Buffer): {
  readonly words: readonly Word[]
  readonly width: number
  readonly height: number
} {
  const { stdout } = spawnSync('pdftotext', ['-bbox', '-', '-'], {
    input: file,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const [, width, height] = /<page width="([\d.]+)" height="([\d.]+)">/.exec(stdout)!.map(Number)
  const words = stdout.split('<page ').flatMap((page, number) =>
    [...page.matchAll(/<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*?)<\/word>/g)].map(
      ([, x, y, right, bottom, text]): Word => ({
        text: text!,
        page: number,
        x: Number(x),
        y: Number(y),
        right: Number(right),
        bottom: Number(bottom),
      }),
    ),
  )
  return { words, width: width!, height: height! }
}

function said({ page, x, y, right, text }: Word): string {
  return `page ${page} at ${x}, ${y} to ${right}: ${text.replace(/\u200b/g, '').slice(0, 40)}`
}

/** 16 mm, in points; a word may stand half a point over, for the slant of a letter. */
const MARGIN = (16 / 25.4) * 72
const SLACK = 0.6

/** Words that share more than a hair's breadth of one line with another. */
function overlapping(words: readonly Word[]): string[] {
  const found: string[] = []
  const lines = new Map<string, Word[]>()
  // A letter of an Arabic word that poppler tells apart has no width: its mark stands over another letter.
  for (const word of words.filter(({ x, right }) => right - x > 0.1)) {
    // Lines of one baseline; smaller print beside larger has another middle, and no column runs into itself.
    const line = `${word.page} ${word.bottom.toFixed(0)}`
    lines.set(line, [...(lines.get(line) ?? []), word])
  }
  for (const line of lines.values()) {
    const sorted = line.toSorted((a, b) => a.x - b.x)
    for (const [i, word] of sorted.entries()) {
      const next = sorted[i + 1]
      // Of a Bengali word poppler may tell its beginning once more.
      if (next && next.x < word.right - SLACK && !next.text.startsWith(word.text))
        found.push(`${said(word)} | ${said(next)}`)
    }
  }
  return found
}

/** Where the columns of the list of contents begin: the shares of the template, and the room that a cell keeps. */
const COLUMNS = [0, 0.46, 0.73].map((share) => MARGIN + share * ((178 / 25.4) * 72) + 3)

/** Words over the edge between two columns of the list of contents, on the pages that hold nothing but that list. */
function straddling(words: readonly Word[]): { readonly pages: number; readonly found: string[] } {
  const found: string[] = []
  let pages = 0
  for (const page of new Set(words.map((word) => word.page))) {
    const on = words.filter((word) => word.page === page && word.y > 50 && word.y < 780)
    // Cells begin inside the margin, headings and sentences at it.
    const isListAlone =
      on.every(({ x }) => x > MARGIN + 1) &&
      COLUMNS.every((start) => on.some(({ x }) => Math.abs(x - start) < 1))
    if (!isListAlone) continue
    pages++
    for (const { x, right, text } of on)
      if (COLUMNS.some((start) => x < start - 4 && right > start - 2)) found.push(`page ${page}: ${text}`)
  }
  return { pages, found }
}

describe.skipIf(spawnSync('pdftotext', ['-v']).error !== undefined)(
  'in the PDF',
  { timeout: 240_000 },
  () => {
    it.each(LANGUAGES)('no text of the longest names leaves its page or its column: %s', async (language) => {
      const file = await collected((out) =>
        pdf.write(
          longLedger(),
          out,
          { kind: 'none' },
          {
            ...NO_WISHES,
            court: wished({ language, lab: LONG_LAB }),
          },
        ),
      )
      const { words, width, height } = wordsIn(file)
      const outside = words.filter(
        ({ x, right, y, bottom }) =>
          x < MARGIN - SLACK || right > width - MARGIN + SLACK || y < 0 || bottom > height,
      )
      expect(outside.slice(0, 10).map(said)).toEqual([])
      expect(overlapping(words).slice(0, 10)).toEqual([])
      const { pages, found } = straddling(words)
      expect(found.slice(0, 10)).toEqual([])
      expect(pages).toBeGreaterThan(3)
    })
  },
)

const CHROMIUM = process.env.SEIZED_CHROMIUM ?? '/usr/bin/chromium'
/** 1,280 pixels at 100, 125 and 200 %: a page that is enlarged has that much less room. A4 less its margins, for print. */
const WIDTHS = [
  ['100 %', 1280, 'screen'],
  ['125 %', 1024, 'screen'],
  ['200 %', 640, 'screen'],
  ['A4', 672, 'print'],
] as const

describe.skipIf(!existsSync(CHROMIUM))('in a browser', { timeout: 240_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'seized-boxes-'))
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it.each(LANGUAGES)('no text leaves its cell or its page, as large as it is shown: %s', async (language) => {
    for (const [name, ledger] of [
      ['long', longLedger()],
      ['case', decidedLedger()],
    ] as const) {
      const file = join(folder, `${name}-${language}.html`)
      writeFileSync(file, await textOf(htmlReport, ledger, { court: wished({ language, lab: LONG_LAB }) }))
      const page = await browser.newPage()
      await page.goto(pathToFileURL(file).href)
      for (const [scale, width, media] of WIDTHS) {
        await page.setViewportSize({ width, height: 900 })
        await page.emulateMedia({ media })
        expect([name, scale, await page.evaluate(LEAVES_ITS_BOX)]).toEqual([name, scale, []])
      }
      await page.close()
    }
  })

  it('shows digests in one line, and numbers below each other', async () => {
    const file = join(folder, 'digests.html')
    writeFileSync(file, await textOf(htmlReport, decidedLedger(), { court: wished({}) }))
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    await page.goto(pathToFileURL(file).href)
    const lines = `[...document.querySelectorAll('.lists td:nth-child(3), .digests-short td:nth-child(2)')].map((cell) => {
      const text = document.createRange()
      text.selectNodeContents(cell)
      return text.getClientRects().length
    })`
    expect(new Set(await page.evaluate<number[]>(lines))).toEqual(new Set([1]))
    const sides = `[...document.querySelectorAll('.found td:nth-child(n+3), .reasons td:nth-child(3), .sums td:nth-child(2), .lists td:nth-child(2)')].map((cell) => getComputedStyle(cell).textAlign)`
    expect(new Set(await page.evaluate<string[]>(sides))).toEqual(new Set(['right']))
    await page.close()
  })
})

/** Elements whose text is wider than they are, cells that reach over the next one, and a page that scrolls sideways. */
const LEAVES_ITS_BOX = `(() => {
  const found = []
  const root = document.documentElement
  if (root.scrollWidth > root.clientWidth) found.push('the page: ' + root.scrollWidth + ' > ' + root.clientWidth)
  for (const e of document.querySelectorAll('h1, h2, h3, p, li, dt, dd, th, td, caption, bdi, code, svg')) {
    const box = e.getBoundingClientRect()
    const cell = e.closest('th, td, dd')?.getBoundingClientRect()
    const words = e.textContent.slice(0, 40)
    if (e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1) found.push(e.tagName + ' ' + words)
    else if (box.right > root.clientWidth + 1) found.push(e.tagName + ' leaves the page: ' + words)
    else if (cell && box.right > cell.right + 1) found.push(e.tagName + ' leaves its cell: ' + words)
  }
  return found.slice(0, 10)
})()`

/** The page of a review in Chromium without a screen: first tiles, random jumps, frames while it scrolls, memory of the page. */
import { existsSync } from 'node:fs'
import { Acts } from '../src/review/acts.ts'
import { NO_LIMITS } from '../src/review/level-limits.ts'
import { readPageFiles } from '../src/review/page-files.ts'
import { Screens } from '../src/review/screens.ts'
import { seededNumbers } from '../src/review/seeded-numbers.ts'
import { ReviewServer } from '../src/review/server.ts'
import type { ReviewSession } from '../src/review/session.ts'
import { DEFAULT_RULES } from '../src/review/sight-rules.ts'

const CHROMIUM = process.env.SEIZED_CHROMIUM ?? '/usr/bin/chromium'
const JUMPS = 10
const HOUR_MS = 3_600_000
const SCROLLED_MS = 5000

/** Until it is said how many are shown, which is when the first of them are there, and that was painted. */
const FIRST = `new Promise((resolve) => {
  const said = document.getElementById('said')
  const look = () => said.textContent === '' ? setTimeout(look, 5) : requestAnimationFrame(() => requestAnimationFrame(resolve))
  look()
})`

/** Sets the way from the top and waits until what lies there came and was painted. */
const JUMP = `(share) => new Promise((resolve) => {
  const box = document.getElementById('scroll')
  const startMs = performance.now()
  const painted = () => requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - startMs)))
  new PerformanceObserver((_, observer) => { observer.disconnect(); painted() }).observe({ entryTypes: ['resource'] })
  box.scrollTop = share * (box.scrollHeight - box.clientHeight)
})`

/** Scrolls steadily, a row in ten frames. @returns frames a second, and the longest of them in milliseconds */
const SCROLL = `(forMs) => new Promise((resolve) => {
  const box = document.getElementById('scroll')
  const startMs = performance.now()
  let [frames, last, longest] = [0, startMs, 0]
  const step = (now) => {
    frames++
    longest = Math.max(longest, now - last)
    last = now
    box.scrollTop += 14
    if (now - startMs < forMs) requestAnimationFrame(step)
    else resolve([frames / ((now - startMs) / 1000), longest])
  }
  requestAnimationFrame(step)
})`

export async function measurePage(session: ReviewSession): Promise<void> {
  if (!existsSync(CHROMIUM)) {
    process.stdout.write(`the page: not measured, there is no ${CHROMIUM}\n`)
    return
  }
  const { chromium } = await import('playwright-core')
  const screens = new Screens(session, { pixels: null, rules: DEFAULT_RULES, day: NO_LIMITS })
  const server = await ReviewServer.start(
    { session, acts: new Acts(session), reveals: null, screens },
    { page: readPageFiles(), silenceMs: HOUR_MS, idleMs: HOUR_MS, pauseMs: HOUR_MS },
  )
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    const startMs = performance.now()
    await page.goto(server.url)
    await page.evaluate(FIRST)
    process.stdout.write(`first tiles on the page: ${(performance.now() - startMs).toFixed(0)} ms\n`)
    const random = seededNumbers('jumps')
    const jumps: number[] = []
    for (let i = 0; i < JUMPS; i++) jumps.push(await page.evaluate(`(${JUMP})(${random()})`))
    jumps.sort((a, b) => a - b)
    process.stdout.write(
      `${JUMPS} random jumps on the page: ${jumps[0]!.toFixed(0)} to ${jumps.at(-1)!.toFixed(0)} ms, median ${jumps[JUMPS / 2]!.toFixed(0)} ms\n`,
    )
    const [frames, longest] = await page.evaluate<[number, number]>(`(${SCROLL})(${SCROLLED_MS})`)
    process.stdout.write(`scrolling: ${frames.toFixed(0)} frames/s, longest ${longest.toFixed(0)} ms\n`)
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('HeapProfiler.collectGarbage')
    const { usedSize } = await cdp.send('Runtime.getHeapUsage')
    process.stdout.write(`heap of the page: ${(usedSize / 1e6).toFixed(1)} MB\n`)
  } finally {
    await browser.close()
    server.stop({ how: 'ended', problem: null })
    await server.close()
  }
}

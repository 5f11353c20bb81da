/**
 * Pictures of docs/guide: terminal, report and review page, from exhibits that are generated here, by Debian's Chromium.
 *
 * `npm run guide-pictures` writes docs/guide/pictures/*.png; `-- sight` those of the levels of sight alone. A terminal picture is the real output of the command above it; only the
 * name of the temporary folder is shortened to /cases. SEIZED_CHROMIUM names another Chromium.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import sharp from 'sharp'
import { sightPictures } from './guide-sight.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OUT = join(ROOT, 'docs/guide/pictures')
const PROGRAM = join(ROOT, 'bin/seized.js')
const compiled = (file) => import(pathToFileURL(join(ROOT, 'dist', file)).href)

// mkdtemp makes the folder for its owner alone, as the program asks.
const folder = mkdtempSync(join(tmpdir(), 'seized-guide-'))
const env = {
  ...process.env,
  HOME: folder,
  XDG_STATE_HOME: folder,
  XDG_CACHE_HOME: folder,
  TZ: 'UTC',
  LC_ALL: 'C.UTF-8',
}
mkdirSync(OUT, { recursive: true })

const browser = await chromium.launch({
  executablePath: process.env.SEIZED_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
})
try {
  if (process.argv[2] !== 'sight') await allButSight()
  await sightPictures({ browser, root: ROOT, folder, program: PROGRAM, env, run, keep })
} finally {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
}

async function allButSight() {
  const { makeDemoImage } = await compiled('fixtures/demo-image.js')
  await makeDemoImage(folder)
  renameSync(join(folder, 'two-partitions.dd'), join(folder, 'LTU-07.dd'))
  renameSync(join(folder, 'image-list.txt'), join(folder, 'list.txt'))

  await terminal('image', ['image', 'LTU-07.dd'])
  await terminal('scan', [
    ...['scan', 'LTU-07.dd', '--case', '2026-114', '--exhibit', 'LTU-07', '--examiner', 'A. Example'],
    ...['--hashset', 'illegal:list.txt', '--ledger', 'case.sqlite', '--progress', 'lines'],
  ])
  await terminal('verify', ['verify', 'case.sqlite'])
  run('report', 'case.sqlite', '--format', 'html', '--out', 'report.html')
  run('report', 'case.sqlite', '--format', 'html', '--edition', 'court', '--out', 'court.html')
  await page('report', pathToFileURL(join(folder, 'report.html')).href, 860)
  await page('court', pathToFileURL(join(folder, 'court.html')).href, 860)
  await review()
}

/** What a person types and what the program prints, as one picture. */
async function terminal(name, args) {
  const text = run(...args)
  const typed = args.map((arg) => (/^[\w./:=-]+$/.test(arg) ? arg : JSON.stringify(arg))).join(' ')
  const escaped = `$ seized ${typed}\n${text}`
    .replaceAll(folder, '/cases')
    .replace(/[&<>]/g, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[one])
  const tab = await browser.newPage({ viewport: { width: 1000, height: 400 } })
  await tab.setContent(`<meta charset="utf-8"><style>
    body { margin: 0; background: #1d2125; color: #e3e6e8 }
    pre { margin: 0; padding: 14px 16px; font: 13px/1.35 'DejaVu Sans Mono', monospace; white-space: pre-wrap; overflow-wrap: anywhere }
  </style><pre>${escaped}</pre>`)
  await keep(name, await tab.screenshot({ fullPage: true }))
  await tab.close()
}

/** The first screen of a page. */
async function page(name, url, height, ready = null) {
  const tab = await browser.newPage({ viewport: { width: 1100, height } })
  await tab.goto(url)
  if (ready !== null) await ready(tab)
  await keep(name, await tab.screenshot())
  await tab.close()
}

/** A generated ledger with previews of drawings, served by the program itself; its address opens once. */
async function review() {
  const { makeReviewLedger } = await compiled('fixtures/ledgers/review.js')
  const { appendCustody } = await compiled('src/ledger/custody/custody.js')
  const path = join(folder, 'review.sqlite')
  makeReviewLedger({ path, contents: 60, stackOf: 1, seal: true })
  const ledgerSha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
  appendCustody(path, { event: 'sealed', operator: null, account: 'guide', detail: { ledgerSha256 } })
  const child = spawn(
    process.execPath,
    [PROGRAM, 'review', path, '--operator', 'A. Example', '--scale', 'vics-us'],
    {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  try {
    let printed = ''
    const url = await new Promise((resolve, reject) => {
      child.stdout.on('data', (chunk) => {
        printed += chunk
        const found = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(printed)
        if (found) resolve(found[0])
      })
      child.once('exit', (code) => reject(new Error(`seized review ended with ${code}: ${printed}`)))
    })
    await page('review', url, 760, async (tab) => {
      await tab.waitForFunction(() => document.querySelector('#said')?.textContent !== '')
      await tab.waitForTimeout(1000)
    })
  } finally {
    child.kill('SIGTERM')
  }
}

/** Both outputs through one pipe, in the order in which they were written. */
function run(...args) {
  const { stdout, status } = spawnSync(
    '/bin/sh',
    ['-c', 'exec "$0" "$@" 2>&1', process.execPath, PROGRAM, ...args],
    {
      cwd: folder,
      env,
      encoding: 'utf8',
    },
  )
  if (![0, 3, 10, 13].includes(status)) throw new Error(`seized ${args[0]} ended with ${status}: ${stdout}`)
  return stdout
}

/** Few colours: a page of text takes some tens of kilobytes. */
async function keep(name, bytes) {
  const small = await sharp(bytes).png({ palette: true, colours: 64, effort: 10 }).toBuffer()
  writeFileSync(join(OUT, `${name}.png`), small)
  console.log(`${name}.png  ${small.length} bytes`)
}

/** Pictures of docs/guide of each level of sight, from drawings and one drawn video that are made here. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sharp from 'sharp'

const SIZE = { width: 1280, height: 800 }
const SHOWN_WIDTH = 600
const PICTURES = 40
/** Until tiles have come and were painted. */
const SETTLED_MS = 2500

/**
 * @param {{ browser: import('playwright-core').Browser, root: string, folder: string, program: string, env: NodeJS.ProcessEnv,
 *   run: (...args: string[]) => string, keep: (name: string, bytes: Buffer) => Promise<void> }} parts
 */
export async function sightPictures(parts) {
  const exhibit = await drawnExhibit(parts)
  const by = ['--case', 'T-1', '--exhibit', 'E-1', '--examiner', 'A. Example']
  parts.run('scan', exhibit, ...by, '--ledger', 'sight.sqlite', '--allow-writable-mount')
  await walked(parts, exhibit, 'first', async (tab, seen) => {
    await seen('blurred')
    await tab.keyboard.press('d')
    await seen('outlines')
    await tab.keyboard.press('d')
    await tab.keyboard.press('ArrowRight')
    await tab.keyboard.down('v')
    await seen('grey-held')
    await tab.keyboard.up('v')
    // From the highest level of the pass to the lowest.
    await tab.keyboard.press('l')
    await seen('cells')
    await tab.keyboard.press('l')
    await filtered(tab, 'name:CLIP*')
    await tab.keyboard.down('m')
    await seen('video-sheet')
    await tab.keyboard.up('m')
    // The second pass has what a category was given to.
    await filtered(tab, 'name:IMG_000*')
    for (let i = 0; i < 10; i++) await tab.keyboard.press('1')
  })
  await walked(parts, exhibit, 'second', async (tab, seen) => {
    await tab.selectOption('#reason', 'report')
    await tab.focus('#scroll')
    await tab.keyboard.down(' ')
    await seen('reveal')
    await tab.keyboard.up(' ')
  })
}

async function drawnExhibit({ root, folder }) {
  const compiled = (file) => import(pathToFileURL(join(root, 'dist/fixtures', file)).href)
  const [{ jpeg }, { drawVideo }] = await Promise.all([compiled('pictures.js'), compiled('draw-video.js')])
  const exhibit = join(folder, 'phone')
  mkdirSync(exhibit)
  for (let seed = 0; seed < PICTURES; seed++) {
    const [width, height] = seed % 3 === 0 ? [900, 1200] : [1200, 800]
    writeFileSync(
      join(exhibit, `IMG_${String(seed).padStart(4, '0')}.jpg`),
      await jpeg({ seed, width, height }),
    )
  }
  const clip = { width: 320, height: 180, frames: 120, framesPerSecond: 5, gop: 10 }
  const draw = (frame, x, y) => (x * 3 + y * 5 + frame * 40) % 256
  writeFileSync(
    join(exhibit, 'CLIP of an evening.mp4'),
    await drawVideo({ ...clip, options: { preset: 'ultrafast' }, draw }),
  )
  return exhibit
}

/** One review from its start to its end, as a person has it. */
async function walked({ browser, folder, program, env, keep }, exhibit, pass, walk) {
  const args = ['review', 'sight.sqlite', '--operator', 'A. Example', '--scale', 'vics-us', '--pass', pass]
  const child = spawn(process.execPath, [program, ...args, '--exhibit', exhibit, '--allow-writable-mount'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise((resolve, reject) => {
    let printed = ''
    child.stdout.on('data', (chunk) => {
      printed += chunk
      const found = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(printed)
      if (found) resolve(found[0])
    })
    child.once('exit', (code) => reject(new Error(`seized review ended with ${code}: ${printed}`)))
  })
  const tab = await browser.newPage({ viewport: SIZE })
  try {
    await tab.goto(url)
    await tab.waitForFunction(() => document.querySelector('#said')?.textContent !== '')
    await walk(tab, async (level) => {
      await tab.waitForTimeout(SETTLED_MS)
      const picture = await tab.screenshot()
      await keep(`sight-${level}`, await sharp(picture).resize(SHOWN_WIDTH).png().toBuffer())
    })
  } finally {
    await tab.close()
    const ended = child.exitCode === null ? once(child, 'exit') : null
    child.kill('SIGTERM')
    await ended
  }
}

async function filtered(tab, query) {
  await tab.fill('#query', query)
  await tab.keyboard.press('Enter')
  await tab.waitForTimeout(SETTLED_MS)
  await tab.focus('#scroll')
}

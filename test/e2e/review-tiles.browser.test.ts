/** Tiles at each level of sight in a real browser: all graded by keyboard, one lifted while a key is held, frames of a video. */
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { drawVideo } from '../../fixtures/draw-video.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { custodyPath, readCustody } from '../../src/ledger/custody/custody.ts'
import { decisionsOf, standing } from '../../src/ledger/custody/decisions.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { BROWSERS } from '../review/browsers.ts'
import { drawnTexts, listenToCanvas } from '../review/canvas-texts.ts'
import { look, ordered, says, type Tab, until } from '../review/tab.ts'
import { WHOLE } from '../whole.ts'
import { openReview, startReview } from './running-review.ts'
import { screenOf, screens, tilesIn } from './screens.ts'
import { scanArgs, seized, summaryOf } from './seized.ts'

/** A full screen has sixty; an ordinary run grades half of it. */
const COUNT = WHOLE ? 60 : 30
const listed: string[] = []
/** Two lines of a tile do not hold it. */
const LONG_NAME = 'CLIP of a long evening at the lake with all of the neighbours and their dogs (copy 2).mp4'
const folder = temporaryFolderForFile()
const exhibit = join(folder, 'exhibit')
const ledger = join(folder, 'case.sqlite')
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')

beforeAll(async () => {
  mkdirSync(join(exhibit, 'DCIM'), { recursive: true })
  for (let seed = 0; seed < COUNT - 1; seed++) {
    const bytes = await jpeg({
      seed,
      width: seed % 3 === 0 ? 900 : 1200,
      height: seed % 3 === 0 ? 1200 : 800,
    })
    writeFileSync(join(exhibit, 'DCIM', `IMG_${String(seed).padStart(4, '0')}.jpg`), bytes)
    if (seed % 20 === 7) listed.push(md5(bytes))
  }
  const clip = await drawVideo({
    width: 320,
    height: 180,
    frames: 120,
    framesPerSecond: 5,
    gop: 10,
    options: { preset: 'ultrafast' },
    draw: (frame, x, y) => (x * 3 + y * 5 + frame * 40) % 256,
  })
  writeFileSync(join(exhibit, LONG_NAME), clip)
  writeFileSync(join(folder, 'list.txt'), `${listed.join('\n')}\n`)
  summaryOf(
    seized(scanArgs(exhibit, ledger, [`illegal:${join(folder, 'list.txt')}`], '--phases', 'inventory,known')),
  )
}, 120_000)

function copyFor(name: string): string {
  const path = join(folder, `${name}.sqlite`)
  copyFileSync(ledger, path)
  copyFileSync(custodyPath(ledger), custodyPath(path))
  return path
}

const args = (path: string, pass: string) => [
  ...[path, '--scale', 'vics-us', '--operator', 'A. Example', '--pass', pass, '--heads', `${path}.heads`],
  ...['--exhibit', exhibit, '--allow-writable-mount'],
]

/** Number of greys on a part of the canvas of tiles, in CSS pixels from its corner. */
const greys = (tab: Tab, left: number, top: number, size = 60) =>
  tab.run<number>(`(() => {
    const canvas = document.querySelector('#grid'), ratio = devicePixelRatio
    const { data } = canvas.getContext('2d').getImageData(${left} * ratio, ${top} * ratio, ${size} * ratio, ${size} * ratio)
    return new Set(data.filter((_, i) => i % 4 === 0)).size
  })()`)

/** Bytes of the frame that is shown. */
const seenFrame = (tab: Tab) =>
  tab.run<string>(`(() => {
    const canvas = document.querySelector('#strip')
    return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.join(',').slice(0, 20000)
  })()`)

const asked = (path: string, level: string) =>
  screens(path)
    .filter((one) => one.act === 'asked' && one.level === level)
    .flatMap(({ contents = [] }) => contents)

/** Of tiles, as they are sent and as a canvas holds them: a part that the mark does not cross. */
async function stretches(path: string): Promise<readonly Buffer[]> {
  const running = await openReview(args(path, 'first'))
  const tiles = await tilesIn(await screenOf(running, { count: 10 }))
  await running.post('end')
  await running.ended
  const grey = tiles.flatMap(({ pixels }) => (pixels.length > 0 ? [pixels.subarray(2000, 2048)] : []))
  expect(grey.length).toBeGreaterThan(5)
  return [...grey, ...grey.map((one) => Buffer.from([...one].flatMap((it) => [it, it, it, 255])))]
}

describe.each(BROWSERS)('tiles in $name ($path)', ({ name, isHere, open }) => {
  it.skipIf(!isHere)(
    'are blurred in the first pass; all are graded by keyboard, each on what was seen',
    async () => {
      const path = copyFor(`first-${name}`)
      const needles = await stretches(copyFor(`needles-${name}`))
      const { url, child, ended } = await startReview(args(path, 'first'))
      const profile = join(folder, `profile-${name}`)
      mkdirSync(profile)
      const tab = await open(url.href, { profile })
      await says(tab, '#said', `${COUNT} shown`)
      await ordered(tab, 'place', `${COUNT} shown`)
      await expect.poll(() => greys(tab, 40, 40), { timeout: 60_000 }).toBeGreaterThan(10)
      await expect.poll(() => asked(path, 'blurred').length).toBeGreaterThan(10)
      await look(tab, `${name}-blurred`)
      await tab.press('d')
      await says(tab, '#said', 'outlines')
      await expect.poll(() => greys(tab, 40, 40), { timeout: 60_000 }).toBeGreaterThan(10)
      await look(tab, `${name}-drawn`)
      await tab.press('d')
      await tab.press('Home')
      await tab.down('v')
      await says(tab, '#said', 'grey and clear')
      await look(tab, `${name}-lifted`)
      await tab.up('v')
      await expect.poll(() => screens(path).filter(({ level }) => level === 'grey').length).toBe(1)
      await expect
        .poll(() => {
          const [lift] = screens(path).filter(({ level }) => level === 'grey')
          return screens(path).some(({ act, asked: of }) => act === 'shown' && of === lift!.number)
        })
        .toBe(true)
      await tab.press('End')
      await tab.press('Home')
      for (let i = 0; i < COUNT; i++) {
        await until(tab, "document.querySelector('#scroll').getAttribute('aria-busy') === 'false'")
        await tab.press(String(i % 3))
        await says(tab, '#progress', `${COUNT - 1 - i} of ${COUNT} left`)
        if (i < COUNT - 1) await says(tab, '#focused', `${i + 2} of ${COUNT}`)
      }
      // As when another window comes before it: nothing is in sight, and then it comes back.
      await tab.run("void dispatchEvent(new Event('blur'))")
      await expect
        .poll(() => {
          const all = screens(path)
          return (
            all.filter(({ act }) => act === 'asked').length - all.filter(({ act }) => act === 'shown').length
          )
        })
        .toBe(0)
      await tab.run("void dispatchEvent(new Event('focus'))")
      await expect.poll(() => greys(tab, 40, 40), { timeout: 60_000 }).toBeGreaterThan(10)
      // Chromium complains of the test's own look at the canvas.
      expect(tab.heard.filter((one) => !one.includes('getImageData'))).toEqual([])
      child.kill('SIGINT')
      expect(await ended).toBe(0)
      // Its cache, its sessions and its crash reports hold no tile; they do name the page, so the search finds what is there.
      await tab.close()
      const files = readdirSync(profile, { recursive: true, withFileTypes: true }).filter((one) =>
        one.isFile(),
      )
      const texts = files.map(({ parentPath, name: of }) => readFileSync(join(parentPath, of)))
      expect(texts.filter((bytes) => needles.some((needle) => bytes.includes(needle))).length).toBe(0)
      expect(texts.some((bytes) => bytes.includes('127.0.0.1'))).toBe(true)
      const made = [...decisionsOf(readCustody(path)).values()].flatMap((all) => standing(all))
      expect(made.length).toBe(COUNT)
      const by = (seen: string) => made.filter((one) => one.seen === seen).length
      // Those on the list: a digest needs no eyes. The first one was lifted.
      expect(listed.length).toBeGreaterThan(1)
      expect([by('grey'), by('nothing'), by('blurred')]).toEqual([
        1,
        listed.length,
        COUNT - 1 - listed.length,
      ])
      const shown = new Set(asked(path, 'blurred'))
      for (const [sha256, all] of decisionsOf(readCustody(path)))
        if (standing(all).some(({ seen }) => seen === 'blurred')) expect(shown).toContain(sha256)
    },
    180_000,
  )

  it.skipIf(!isHere)(
    'of a video come as a strip under the cursor, and as a sheet while a key is held',
    async () => {
      const path = copyFor(`video-${name}`)
      const { url, child, ended } = await startReview(args(path, 'first'))
      const tab = await open(url.href)
      await says(tab, '#said', `${COUNT} shown`)
      await tab.press('/')
      await tab.type('name:CLIP*')
      await tab.press('Enter')
      await says(tab, '#said', '1 shown')
      await listenToCanvas(tab)
      await tab.press('+')
      await expect
        .poll(async () => (await drawnTexts(tab)).map(({ text }) => text))
        .toEqual(
          expect.arrayContaining([
            expect.stringMatching(/^CLIP of a/),
            expect.stringMatching(/^….*\(copy 2\)\.mp4$/),
          ]),
        )
      await until(tab, "!document.querySelector('#strip').hidden")
      expect(await tab.run("document.querySelector('#strip').width")).toBeGreaterThan(1000)
      await look(tab, `${name}-strip`)
      await tab.down('m')
      await until(
        tab,
        "document.querySelector('#strip').className === 'sheet' && !document.querySelector('#strip').hidden",
      )
      await look(tab, `${name}-sheet`)
      await tab.up('m')
      await until(tab, "document.querySelector('#strip').hidden")
      // One frame at a time, at the level of the screen, logged as one view of all of them.
      await tab.press('.')
      await says(tab, '#said', 'frame 1 of ')
      const first = await seenFrame(tab)
      await look(tab, `${name}-scrub`)
      await tab.press('.')
      await says(tab, '#said', 'frame 2 of ')
      expect(await seenFrame(tab)).not.toBe(first)
      await tab.press(',')
      await says(tab, '#said', 'frame 1 of ')
      expect(await seenFrame(tab)).toBe(first)
      await tab.press('Escape')
      await until(tab, "document.querySelector('#strip').hidden")
      expect(screens(path).filter(({ act, level }) => act === 'asked' && level !== 'blurred')).toEqual([])
      // Frames go with their view, also where the next one has no content.
      const filter = (query: string) =>
        tab.run(
          `void (() => { document.querySelector('#query').value = '${query}'; document.querySelector('#filter').requestSubmit() })()`,
        )
      await filter('name:CLIP*')
      await until(tab, "!document.querySelector('#strip').hidden")
      await filter('name:nothing*')
      await says(tab, '#said', '0 shown')
      expect(await tab.run("document.querySelector('#strip').hidden")).toBe(true)
      // The facts of the video come while the window is left: no frames are asked for, and the log has none.
      await tab.run(`void (() => {
        const { fetch } = window
        window.fetch = async (what, given) => {
          const answer = await fetch(what, given)
          if (String(what).endsWith('/tiles')) await new Promise((resolve) => { window.letGo = resolve })
          return answer
        }
      })()`)
      await filter('name:CLIP*')
      await until(tab, 'window.letGo !== undefined')
      await tab.run("void dispatchEvent(new Event('blur'))")
      const before = screens(path).filter(({ act }) => act === 'asked').length
      await tab.run('void window.letGo()')
      await says(tab, '#said', '1 shown')
      await new Promise((resolve) => setTimeout(resolve, 1000))
      expect(screens(path).filter(({ act }) => act === 'asked').length).toBe(before)
      expect(await tab.run("document.querySelector('#strip').hidden")).toBe(true)
      await tab.run("void dispatchEvent(new Event('focus'))")
      child.kill('SIGINT')
      expect(await ended).toBe(0)
    },
    180_000,
  )
})

/**
 * Tiles of an image of one's own (`SEIZED_REALISTIC=disk.E01`, of 900 contents and more): each picture and video that other programs
 * decode has a blurred tile, and sixty are graded by keyboard in each browser. `SEIZED_SCREENSHOTS=FOLDER` keeps what was seen.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { custodyPath, readCustody } from '../../src/ledger/custody/custody.ts'
import { decisionsOf, standing } from '../../src/ledger/custody/decisions.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { BROWSERS } from '../review/browsers.ts'
import { look, ordered, says, textOf, until } from '../review/tab.ts'
import { openReview, startReview } from './running-review.ts'
import { type ShownTile, screens, tilesIn } from './screens.ts'
import { exported, scanArgs, seized, summaryOf } from './seized.ts'

const IMAGE = process.env.SEIZED_REALISTIC ?? ''
const GRADED = 60
const SCREEN = 60
const PASSPHRASE = 'a passphrase of the desk'
const folder = temporaryFolderForFile()
const ledger = join(folder, 'case.sqlite')

const args = (path: string, pass = 'first') => [
  ...[path, '--scale', 'vics-us', '--operator', 'A. Example', '--pass', pass, '--heads', `${path}.heads`],
  ...['--image', IMAGE],
]

function copyFor(name: string): string {
  const path = join(folder, `${name}.sqlite`)
  copyFileSync(ledger, path)
  if (readdirSync(folder).includes('case.sqlite.custody.sqlite'))
    copyFileSync(custodyPath(ledger), custodyPath(path))
  return path
}

function countsOf(of: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...new Set(of)].map((one) => [one, of.filter((other) => other === one).length]))
}

/** Every tile of the first view, screen by screen, as a person would page through it. */
async function allTiles(): Promise<readonly ShownTile[]> {
  const running = await openReview(args(copyFor('all')))
  const asked = { order: 'place', queue: 'all', query: '', stacked: false, around: null }
  const made = (await (await running.post('view', asked)).json()) as { view: number; tiles: number }
  const found: ShownTile[] = []
  // A page that says nothing for a while has gone.
  const beats = setInterval(() => void running.post('beat').catch(() => {}), 1000)
  onTestFinished(() => clearInterval(beats))
  for (let from = 0; from < made.tiles; from += SCREEN) {
    const count = Math.min(SCREEN, made.tiles - from)
    const need = Array.from({ length: count }, (_, i) => from + i)
    const more = { level: null, treatment: 'blur', ahead: 2 * SCREEN, turn: 1 + from }
    const body = { view: made.view, from, count, need, ...more }
    found.push(...(await tilesIn(await running.post('screen', body))))
  }
  clearInterval(beats)
  await running.post('end')
  expect(await running.ended).toBe(0)
  return found
}

/** SHA-256 of every picture and video that sharp decodes whole, or of which ffmpeg shows a frame. */
async function decodedByOthers(): Promise<readonly string[]> {
  const [zip, out] = [join(folder, 'all.zip'), join(folder, 'out')]
  writeFileSync(join(folder, 'passphrase'), `${PASSPHRASE}\n`)
  const made = seized([
    ...['export', ledger, '--image', IMAGE, '--query', 'type:image OR type:video', '--out', zip],
    ...['--basis', 'a test', '--operator', 'A. Example', '--passphrase-file', join(folder, 'passphrase')],
    ...['--heads', join(folder, 'heads')],
  ])
  if (made.status !== 0) throw new Error(made.stderr)
  spawnSync('7z', ['x', `-o${out}`, zip], { input: `${PASSPHRASE}\n` })
  const found: string[] = []
  for (const name of readdirSync(join(out, 'media'))) {
    const file = join(out, 'media', name)
    const isDecoded = /\.(mp4|mov|webm|mkv|avi|3gp)$/.test(name) ? hasFrame(file) : await isWhole(file)
    if (isDecoded) found.push(name.slice(0, 64))
  }
  return found
}

const hasFrame = (file: string) =>
  spawnSync('ffmpeg', ['-v', 'error', '-xerror', '-i', file, '-frames:v', '1', '-f', 'null', '-']).status ===
  0

/** A vector drawing is a program: this one decodes none, and says `unsupported-format` of it. */
async function isWhole(file: string): Promise<boolean> {
  try {
    const picture = sharp(file, { failOn: 'error' })
    if ((await picture.metadata()).format === 'svg') return false
    await picture.raw().toBuffer()
    return true
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return false
  }
}

describe.runIf(IMAGE !== '')('tiles of a realistic image', () => {
  beforeAll(() => {
    summaryOf(seized(scanArgs(IMAGE, ledger, [], '--phases', 'inventory,known')))
  }, 240_000)

  it('there is one, blurred, of every picture and video that other programs decode', async () => {
    const tiles = await allTiles()
    const decoded = await decodedByOthers()
    const drawn = new Set(tiles.flatMap(({ sha256, frames }) => (frames.length > 0 ? [sha256] : [])))
    const without = countsOf(
      tiles.flatMap(({ frames, without: why }) => (frames.length > 0 ? [] : [String(why)])),
    )
    console.log(
      `${tiles.length} contents: ${drawn.size} tiles; without ${JSON.stringify(without)}; ${decoded.length} decoded by sharp or ffmpeg`,
    )
    const contents = new Set(exported(ledger, folder).map(({ sha256 }) => sha256))
    expect(contents.size).toBeGreaterThanOrEqual(900)
    expect([...new Set(tiles.map(({ level }) => level))]).toEqual(['blurred'])
    expect(decoded.filter((sha256) => !drawn.has(sha256))).toEqual([])
    expect(decoded.length).toBeGreaterThan(tiles.length / 2)
  }, 480_000)

  describe.each(BROWSERS.filter(({ isHere }) => isHere))('in $name', ({ name, open }) => {
    it('sixty are graded by keyboard, and each level is looked at', async () => {
      const path = copyFor(`graded-${name}`)
      const { url, child, ended } = await startReview(args(path))
      const tab = await open(url.href)
      await says(tab, '#said', ' shown')
      await ordered(tab, 'place', ' shown')
      await expect.poll(() => screens(path).length).toBeGreaterThan(0)
      await new Promise((done) => setTimeout(done, 8000))
      await look(tab, `realistic-${name}-blurred`)
      await tab.press('d')
      await new Promise((done) => setTimeout(done, 6000))
      await look(tab, `realistic-${name}-outlines`)
      await tab.press('d')
      await tab.press('Home')
      await tab.down('v')
      await says(tab, '#said', 'grey and clear')
      await look(tab, `realistic-${name}-held`)
      await tab.up('v')
      const left = async () => Number(/(\d+) of/.exec(await textOf(tab, '#progress'))?.[1])
      const before = await left()
      for (let i = 0; i < GRADED; i++) {
        // A person who is fast: two contents a second.
        await new Promise((done) => setTimeout(done, 500))
        await tab.press(String(i % 3))
        await expect.poll(left).toBe(before - 1 - i)
      }
      await look(tab, `realistic-${name}-graded`)
      await until(tab, "document.querySelector('#progress') !== null")
      child.kill('SIGINT')
      expect(await ended).toBe(0)
      const made = [...decisionsOf(readCustody(path)).values()].flatMap((all) => standing(all))
      const seen = countsOf(made.map((one) => one.seen))
      console.log(`${name}: ${JSON.stringify(seen)}`)
      expect(made.length).toBe(GRADED)
      expect(seen.blurred).toBeGreaterThan(20)
      const shown = new Set(screens(path).flatMap(({ contents = [] }) => contents))
      for (const [sha256, all] of decisionsOf(readCustody(path)))
        if (standing(all).some(({ seen: sight }) => sight === 'blurred')) expect(shown).toContain(sha256)
      expect(seized(['verify', path, '--heads', `${path}.heads`]).status).toBe(0)
    }, 240_000)
  })
})

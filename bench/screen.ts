/**
 * What the eight-bit screen changes and saves, on the pictures of a folder and an altered copy of each.
 *
 * `folder=DIR` (with all below it), `pictures=` at most so many, spread evenly, each content once. Every picture goes through the cascade
 * with `--exact`; those that call the slow model go through the screened cascade too, and whatever differs is counted.
 * The others meet no screen. Nothing of a picture is kept or printed.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import fastGlob from 'fast-glob'
import sharp from 'sharp'
import { MODELS_DIR } from '../src/base/version.ts'
import { type ImageClassifiers, type Looked, loadClassifiers } from '../src/classify/index.ts'
import { readModel } from '../src/classify/models.ts'
import { runnerOf } from '../src/classify/session.ts'
import { wilson } from '../src/classify/statistics.ts'
import { THRESHOLDS } from '../src/classify/thresholds.ts'
import type { Pixels } from '../src/contracts/content.ts'
import { decodePicture, loadDecoders } from '../src/formats/media/picture/decode.ts'
import { toPixels } from '../src/formats/media/pixels/scale.ts'
import { DEFAULT_LIMITS } from '../src/plan.ts'
import { asChildren } from './as-children.ts'

const EXPENSIVE = 'nsfwjs-inception-v3'
const SCREEN = 'nsfwjs-inception-v3-int8'
const TYPES: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.heic': 'image/heic',
  '.gif': 'image/gif',
  '.bmp': 'image/bmp',
  '.tif': 'image/tiff',
}
/** Test files of image libraries are often of a few pixels. */
const SMALLEST_SIDE = 64

class Tally {
  looked = 0
  due = 0
  again = 0
  leads = 0
  lost = 0
  tiers = 0
  minors = 0
  readonly differences: number[] = []
}

export async function screen(folder: string, most: number): Promise<void> {
  if (asChildren()) return
  await loadDecoders()
  const exact = await loadClassifiers(MODELS_DIR, { exact: true })
  const screened = await loadClassifiers(MODELS_DIR)
  const [eight, whole] = [SCREEN, EXPENSIVE].map((id) => runnerOf(readModel(MODELS_DIR, id)))
  const cpuMs = { [SCREEN]: [] as number[], [EXPENSIVE]: [] as number[] }
  const timed = async (id: typeof SCREEN | typeof EXPENSIVE, pixels: Pixels): Promise<number> => {
    const before = process.cpuUsage()
    const [shares] = await (id === SCREEN ? eight! : whole!).run(pixels)
    const { user, system } = process.cpuUsage(before)
    cpuMs[id]!.push((user + system) / 1000)
    return shares![1]! + shares![3]!
  }
  const tallies = { 'as they are': new Tally(), 'an altered copy of each': new Tally() }
  const files = fastGlob.sync('**/*', { cwd: folder }).filter((name) => extname(name).toLowerCase() in TYPES)
  const contents = new Set<string>()
  let read = 0
  const step = Math.max(1, files.length / most)
  files.sort()
  for (let at = 0; at < files.length; at += step) {
    const name = files[Math.floor(at)]!
    const bytes = readFileSync(join(folder, name))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    if (contents.has(sha256)) continue
    contents.add(sha256)
    const pixels = await pixelsOf(bytes, TYPES[extname(name).toLowerCase()]!)
    if (pixels === null) continue
    for (const [kind, tally] of Object.entries(tallies)) {
      const seen = kind === 'as they are' ? pixels : await altered(pixels, Math.floor(at))
      await compare(seen, tally, exact, screened, timed)
    }
    if (++read % TOLD_EVERY === 0) tell(folder, read, tallies)
  }
  tell(folder, read, tallies)
  const paired = cpuMs[EXPENSIVE]!.length
  const [of8, of32] = [cpuMs[SCREEN]!, cpuMs[EXPENSIVE]!].map(median)
  console.log(
    `InceptionV3, CPU ms: eight bits ${of8!.toFixed(1)}, float32 ${of32!.toFixed(1)}, ratio ${(of8! / of32!).toFixed(2)} (${paired} of them)`,
  )
}

const TOLD_EVERY = 100

function tell(folder: string, read: number, tallies: Readonly<Record<string, Tally>>): void {
  console.log(`Screened and exact, ${read} pictures of ${folder}`)
  for (const [kind, tally] of Object.entries(tallies)) console.table({ pictures: kind, ...rowOf(tally) })
}

async function compare(
  pixels: Pixels,
  tally: Tally,
  exact: ImageClassifiers,
  screened: ImageClassifiers,
  timed: (id: typeof SCREEN | typeof EXPENSIVE, pixels: Pixels) => Promise<number>,
): Promise<void> {
  tally.looked++
  const told = await exact.classify(pixels)
  const own = told.scores.find(({ classifier }) => classifier === EXPENSIVE)
  if (!own) return
  tally.due++
  const quick = await screened.classify(pixels)
  if (quick.scores.some(({ classifier }) => classifier === EXPENSIVE)) tally.again++
  const [was, is] = [tierOf(told), tierOf(quick)]
  if (was > 0) tally.leads++
  if (was > 0 && is === 0) tally.lost++
  if (was !== is) tally.tiers++
  if (minorOf(told) !== minorOf(quick)) tally.minors++
  const said = quick.scores.find(({ classifier }) => classifier === SCREEN)
  const paired = tally.due % 10 === 0
  const eight = said && !paired ? said.scorePer10k / 10_000 : await timed(SCREEN, pixels)
  tally.differences.push(Math.abs(eight - own.scorePer10k / 10_000))
  if (paired) await timed(EXPENSIVE, pixels)
}

function rowOf({ looked, due, again, leads, lost, tiers, minors, differences }: Tally) {
  const sorted = [...differences].sort((a, b) => a - b)
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(3)
  return {
    looked,
    'call the slow model': `${due} (${percent(due, looked)})`,
    'of those again in float32': `${again} (${percent(again, due)})`,
    leads,
    'leads lost': `${lost} of ${leads} (at most ${((wilson(lost, leads)?.high ?? 1) * 100).toFixed(2)} %)`,
    'other tier': tiers,
    'other apparent minor': minors,
    '|Δ| median, p99, max': `${at(0.5)}, ${at(0.99)}, ${at(1)}`,
  }
}

function tierOf(looked: Looked): number {
  const score = looked.scores.find(
    ({ classifier, label }) => classifier === 'explicitness' && label === 'explicit',
  )
  const { possible, likely, strong } = THRESHOLDS.explicitness
  return [possible, likely, strong].filter((threshold) => (score?.scorePer10k ?? 0) >= threshold).length
}

function minorOf(looked: Looked): number | null {
  return looked.scores.find(({ label }) => label === 'apparent-minor')?.scorePer10k ?? null
}

async function pixelsOf(bytes: Buffer, mediaType: string): Promise<Pixels | null> {
  const decoded = await decodePicture(bytes, mediaType, { pixels: DEFAULT_LIMITS.pixels })
  if (!decoded.ok || Math.min(decoded.picture.width, decoded.picture.height) < SMALLEST_SIDE) return null
  return toPixels(decoded.picture)
}

/** A crop of two thirds, a blur or a tint, by turns. */
async function altered({ width, height, rgb }: Pixels, number: number): Promise<Pixels> {
  const picture = sharp(rgb, { raw: { width, height, channels: 3 } })
  const [w, h] = [Math.ceil((width * 2) / 3), Math.ceil((height * 2) / 3)]
  const left = Math.floor((((number * 7919) % 101) / 101) * (width - w))
  const top = Math.floor((((number * 104_729) % 103) / 103) * (height - h))
  const made = [
    () => picture.extract({ left, top, width: w, height: h }),
    () => picture.blur(2.5),
    () => picture.linear([1.15, 1, 0.85], [8, 0, -8]),
  ][number % 3]!()
  const { data, info } = await made.raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, rgb: data }
}

function percent(part: number, of: number): string {
  return `${((100 * part) / Math.max(1, of)).toFixed(1)} %`
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

/**
 * From how many pixels on a score says something: each picture of a folder made smaller and scored again, against itself at full size.
 *
 * `npm run bench -- small folder=DIR pictures=200`: for every shorter side, the rank correlation of explicitness with that of the whole
 * picture, how many more are marked, and whether a face is still found where the whole picture has one. Made smaller by libvips (area),
 * as programs make icons and previews. Then pictures of one colour in a grid of 64. Nothing of a picture is kept or printed.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastGlob from 'fast-glob'
import sharp from 'sharp'
import { MODELS_DIR } from '../src/base/version.ts'
import { type ImageClassifiers, type Looked, loadClassifiers } from '../src/classify/index.ts'
import { wilson } from '../src/classify/statistics.ts'
import { THRESHOLDS } from '../src/classify/thresholds.ts'
import type { Pixels } from '../src/contracts/content.ts'
import { decodePicture, loadDecoders } from '../src/formats/media/picture/decode.ts'
import { toPixels } from '../src/formats/media/pixels/scale.ts'
import { DEFAULT_LIMITS } from '../src/plan.ts'

const SIDES = [8, 16, 24, 32, 48, 64, 128]
const LEAST_SIDE = 256
const [COLOUR_STEPS, COLOUR_SIDE] = [4, 100]

export async function run(args: string[]): Promise<void> {
  const option = (name: string) =>
    args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
  await loadDecoders()
  const classifiers = await loadClassifiers(MODELS_DIR)
  await ofColours(classifiers)
  const folder = option('folder')
  if (folder === '') return console.log('pictures: not measured, no folder= was given')
  const files = fastGlob.sync('**/*.{jpg,jpeg}', { cwd: folder, caseSensitiveMatch: false }).sort()
  const step = Math.max(1, files.length / Number(option('pictures') || 200))
  const whole: number[] = []
  const bySide = new Map(SIDES.map((side) => [side, { scores: [] as number[], faces: 0 }]))
  let withFace = 0
  for (let at = 0; at < files.length; at += step) {
    const bytes = readFileSync(join(folder, files[Math.floor(at)]!))
    const decoded = await decodePicture(bytes, 'image/jpeg', { pixels: DEFAULT_LIMITS.pixels })
    if (!decoded.ok) continue
    const pixels = await toPixels(decoded.picture)
    if (Math.min(pixels.width, pixels.height) < LEAST_SIDE) continue
    const looked = await classifiers.classify(pixels)
    whole.push(explicitOf(looked))
    const hasFace = looked.faces.length > 0
    if (hasFace) withFace++
    for (const [side, of] of bySide) {
      const small = await classifiers.classify(await smaller(pixels, side))
      of.scores.push(explicitOf(small))
      if (hasFace && small.faces.length > 0) of.faces++
    }
  }
  console.log(
    `${whole.length} pictures of a shorter side of ${LEAST_SIDE} or more; marked as they are: ${share(whole)}`,
  )
  for (const [side, { scores, faces }] of bySide)
    console.log(
      `   ${side} pixels: rank correlation ${correlation(ranks(whole), ranks(scores)).toFixed(2)}; marked ${share(scores)}; a face in ${faces} of ${withFace}`,
    )
}

async function ofColours(classifiers: ImageClassifiers): Promise<void> {
  const scores: number[] = []
  let faces = 0
  for (let c = 0; c < COLOUR_STEPS ** 3; c++) {
    const rgb = Buffer.alloc(COLOUR_SIDE ** 2 * 3)
    for (let i = 0; i < rgb.length; i++)
      rgb[i] = Math.floor(
        ((Math.floor(c / COLOUR_STEPS ** (i % 3)) % COLOUR_STEPS) * 255) / (COLOUR_STEPS - 1),
      )
    const looked = await classifiers.classify({ width: COLOUR_SIDE, height: COLOUR_SIDE, rgb })
    scores.push(explicitOf(looked))
    if (looked.faces.length > 0) faces++
  }
  console.log(`Pictures of one colour: ${share(scores)} marked; a face in ${faces}`)
}

async function smaller({ width, height, rgb }: Pixels, side: number): Promise<Pixels> {
  const scale = side / Math.min(width, height)
  const { data, info } = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)), { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, rgb: data }
}

function explicitOf({ scores }: Looked): number {
  return scores.find(({ classifier }) => classifier === 'explicitness')!.scorePer10k
}

function share(scores: readonly number[]): string {
  const marked = scores.filter((score) => score >= THRESHOLDS.explicitness.possible).length
  const { low, high } = wilson(marked, scores.length)!
  const percent = (value: number) => (value * 100).toFixed(1)
  return `${marked} of ${scores.length}, ${percent(marked / scores.length)} % (${percent(low)} to ${percent(high)})`
}

function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!)
  const out = new Array<number>(values.length)
  for (const [rank, i] of order.entries()) out[i] = rank
  return out
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [ma, mb] = [mean(a), mean(b)]
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb)
    aa += (a[i]! - ma) ** 2
    bb += (b[i]! - mb) ** 2
  }
  return ab / Math.sqrt(aa * bb)
}

/**
 * How many faces, persons and other objects detectors still find on a tile after each treatment, beside the clear one. It is a proxy
 * and no trial: a detector is no person, and what it misses a person may still tell (and the other way round).
 *
 * `npm run bench -- sight-proxy folder=DIR pictures=40 strata=NAME/NAME`: each folder of DIR is a stratum of neutral pictures, at most so
 * many of each in the order of their names. Nothing of a picture is kept or printed.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fastGlob from 'fast-glob'
import sharp, { type Sharp } from 'sharp'
import { MODELS_DIR } from '../src/base/version.ts'
import { loadClassifiers } from '../src/classify/index.ts'
import { readModel } from '../src/classify/models.ts'
import { runnerOf } from '../src/classify/session.ts'
import type { Pixels } from '../src/contracts/content.ts'

/** Longest side of a tile (src/review/tile-pixels.ts). */
const SIDE = 224
/** Probability from which on a detector's object counts. */
const FOUND = 0.5

interface Treatment {
  readonly name: string
  readonly apply: (work: Sharp) => Sharp
}

const TREATMENTS: readonly Treatment[] = [
  { name: 'clear, colour', apply: (work) => work },
  { name: 'clear, grey', apply: (work) => work.grayscale() },
  ...[3, 4, 6].map((sigma) => ({
    name: `blurred, sigma ${sigma}`,
    apply: (work: Sharp) => work.grayscale().blur(sigma),
  })),
  ...[5, 7, 11].map((window) => ({
    name: `outlines, median ${window}`,
    apply: (work: Sharp) => work.grayscale().median(window),
  })),
]

interface Found {
  readonly faces: number
  readonly person: boolean
  /** COCO class of the strongest other object, where it is found. */
  readonly object: number | null
}

export async function run(args: string[]): Promise<void> {
  const option = (name: string) =>
    args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
  const folder = option('folder')
  if (folder === '') return console.log('sight-proxy: not measured, no folder= was given')
  const most = Number(option('pictures') || 40)
  const strata = option('strata') === '' ? readdirSync(folder).sort() : option('strata').split('/')
  const find = await detectors()
  for (const stratum of strata) {
    const names = fastGlob.sync('**/*.{jpg,jpeg,png}', { cwd: join(folder, stratum) }).sort()
    const by = TREATMENTS.map((): Found[] => [])
    for (const name of names.slice(0, most))
      for (const [i, { apply }] of TREATMENTS.entries())
        by[i]!.push(await find(await tileOf(join(folder, stratum, name), apply)))
    print(stratum, by)
  }
}

async function detectors(): Promise<(pixels: Pixels) => Promise<Found>> {
  const only = ['human-blazeface', 'face-api-ssd']
  const { classify } = await loadClassifiers(MODELS_DIR, { only, everyModel: true })
  const objects = runnerOf(readModel(MODELS_DIR, 'nanodet-g'))
  return async (pixels) => {
    const { faces } = await classify(pixels)
    const [classes] = await objects.run(pixels)
    const [person = 0, ...others] = classes!
    const strongest = others.reduce((best, one, i) => (one > others[best]! ? i : best), 0)
    return {
      faces: faces.length,
      person: person >= FOUND,
      object: others[strongest]! >= FOUND ? strongest : null,
    }
  }
}

async function tileOf(path: string, apply: Treatment['apply']): Promise<Pixels> {
  const small = await sharp(path)
    .autoOrient()
    .removeAlpha()
    .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .png()
    .toBuffer()
  const { data, info } = await apply(sharp(small)).raw().toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const rgb = Buffer.alloc(width * height * 3)
  for (let i = 0; i < rgb.length; i++)
    rgb[i] = data[channels === 1 ? Math.floor(i / 3) : Math.floor(i / 3) * channels + (i % 3)]!
  return { width, height, rgb }
}

/** Beside the first treatment, which is none: what was not found there was not lost. */
function print(stratum: string, by: readonly (readonly Found[])[]): void {
  const clear = by[0]!
  console.log(`${stratum}: ${clear.length} pictures`)
  for (const [i, found] of by.entries()) {
    const count = (is: (one: Found, before: Found) => boolean) =>
      found.filter((one, at) => is(one, clear[at]!)).length
    console.log(
      [
        `| ${TREATMENTS[i]!.name}`,
        `${count((one) => one.faces > 0)}, of those clear ${count((one, { faces }) => one.faces > 0 && faces > 0)}`,
        `${count((one) => one.person)}, of those clear ${count((one, { person }) => one.person && person)}`,
        `${count((one) => one.object !== null)}, the same object ${count((one, { object }) => object !== null && one.object === object)} |`,
      ].join(' | '),
    )
  }
}

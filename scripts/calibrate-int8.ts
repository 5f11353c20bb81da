/**
 * Counts what InceptionV3's layers give on pictures, for its eight-bit form:
 * `node dist/scripts/calibrate-int8.js [--pin] [FOLDER]`.
 *
 * Without FOLDER on pictures that it draws itself; with one on the pictures in it, of which nothing is kept but two
 * numbers a layer. Without --pin it says how far the ranges are from the pinned ones; with --pin it writes them, and
 * `convert-models.js --pin nsfwjs-inception-v3-int8` makes the model of them.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { drawRgb } from '../fixtures/pictures.ts'
import type { ModelInput } from '../src/classify/model-card.ts'
import { inputOf } from '../src/classify/pixels.ts'
import type { Pixels } from '../src/contracts/content.ts'
import { rangesOf } from './convert/calibration.ts'
import type { Range } from './convert/int8-keras.ts'
import { inceptionInt8, pinnedRanges, RANGES_FILE } from './convert/sources.ts'
import { squarePictures } from './convert/synthetic-pictures.ts'

/** Of 60 neutral photographs |Δ| of P(porn) + P(hentai) was .0020 with this share, .0028 with all, .0074 with .999. */
const SHARE = 0.999_99
const DRAWN = 24
const SIDE = 299
const LONGEST_SIDE = 1536

const pin = process.argv.includes('--pin')
const folder = process.argv.slice(2).find((argument) => argument !== '--pin')

const card = JSON.parse(
  readFileSync(join(dirname(RANGES_FILE), '../nsfwjs-inception-v3/card.json'), 'utf8'),
) as { readonly input: ModelInput }

const ranges = await rangesOf(inceptionInt8(null).encode('calibration'), inputs(), [SIDE, SIDE, 3], SHARE)
if (pin) {
  mkdirSync(dirname(RANGES_FILE), { recursive: true })
  writeFileSync(RANGES_FILE, `${JSON.stringify(ranges, null, 2)}\n`)
  console.log(`${Object.keys(ranges).length} ranges written to ${RANGES_FILE}`)
} else {
  const pinned = pinnedRanges()
  const ratios = Object.entries(ranges).map(([layer, range]) => width(range) / width(pinned[layer]!))
  console.log(
    `${ratios.length} ranges, ${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)} of the pinned ones`,
  )
}

function width({ low, high }: Range): number {
  return high - Math.min(0, low)
}

async function* inputs(): AsyncGenerator<Float32Array> {
  for await (const pixels of folder === undefined ? drawn() : picturesOf(folder))
    yield inputOf(pixels, card.input)
}

function* drawn(): Generator<Pixels> {
  for (const { pixels } of squarePictures(SIDE)) yield pixels
  for (let seed = 1; seed <= DRAWN; seed++) {
    const [width, height] = [320 + (seed % 3) * 200, 240 + (seed % 5) * 150]
    yield { width, height, rgb: drawRgb({ seed, width, height }) }
  }
}

/** What is no picture is named and left out. */
async function* picturesOf(from: string): AsyncGenerator<Pixels> {
  for (const name of readdirSync(from).sort()) {
    try {
      const { data, info } = await sharp(join(from, name))
        .removeAlpha()
        .toColourspace('srgb')
        .resize(LONGEST_SIDE, LONGEST_SIDE, { fit: 'inside', withoutEnlargement: true })
        .raw()
        .toBuffer({ resolveWithObject: true })
      if (info.channels === 3) yield { width: info.width, height: info.height, rgb: data }
    } catch (error) {
      console.error(`${name} was left out: ${(error as Error).message}`)
    }
  }
}

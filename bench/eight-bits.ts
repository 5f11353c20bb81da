/**
 * What the eight-bit form of the slow model says of drawn pictures on this processor: to be held beside another processor's.
 *
 * Prints what the program makes of /proc/cpuinfo, and of each picture P(porn) + P(hentai) by both forms, whole; and which pixels it was asked of.
 */
import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { MODELS_DIR } from '../src/base/version.ts'
import { multipliesBytesExactly } from '../src/classify/eight-bits.ts'
import { readModel } from '../src/classify/models.ts'
import { runnerOf } from '../src/classify/session.ts'
import type { Pixels } from '../src/contracts/content.ts'
import { photo } from './phone-pictures.ts'

const FORMS = ['nsfwjs-inception-v3-int8', 'nsfwjs-inception-v3'] as const
const SIDES = { width: 400, height: 300 }

export async function eightBits(pictures: number): Promise<void> {
  console.log(`bytes are multiplied exactly, by what /proc/cpuinfo says: ${multipliesBytesExactly()}`)
  const runners = FORMS.map((id) => runnerOf(readModel(MODELS_DIR, id)))
  for (let seed = 1; seed <= pictures; seed++) {
    const pixels = await drawn(seed)
    const said: number[] = []
    for (const runner of runners) {
      const [shares] = await runner.run(pixels)
      said.push(shares![1]! + shares![3]!)
    }
    const pixelsSha256 = createHash('sha256').update(pixels.rgb).digest('hex')
    console.log(
      `drawing ${seed} (pixels ${pixelsSha256.slice(0, 8)}): eight bits ${said[0]}, float32 ${said[1]}`,
    )
  }
}

async function drawn(seed: number): Promise<Pixels> {
  const whole = await photo(SIDES, seed, true)
  const { data, info } = await sharp(await whole.png().toBuffer())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, rgb: data }
}

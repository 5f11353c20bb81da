import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { readModel } from '../../src/classify/models.ts'
import { runnerOf } from '../../src/classify/session.ts'
import type { Pixels } from '../../src/contracts/content.ts'
import { toPixels } from '../../src/formats/media/pixels/scale.ts'
import { MODELS } from './models-dir.ts'

// Landscapes and flowers, larger than the 1536 pixels that classifiers see. Never part of the repository.
const CORPORA = fileURLToPath(new URL('../../../shared/data/corpora', import.meta.url))
const PHOTOS = [
  'exif-orientation/Landscape_1.jpg',
  'exif-orientation/Portrait_1.jpg',
  'sharp/test/fixtures/flowers.jpeg',
].map((path) => join(CORPORA, path))
const there = PHOTOS.every((path) => existsSync(path))

async function decode(path: string): Promise<Pixels> {
  const { data, info } = await sharp(readFileSync(path))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, rgb: data }
}

describe('what the models see of a photo larger than 1536 pixels', () => {
  // reference figures: 0.01 (MobileNetV2) and 0.02 (InceptionV3) on average over six photos
  it.skipIf(!there).each([
    ['nsfwjs-mobilenet-v2', 0.02],
    ['nsfwjs-mobilenet-v2-mid', 0.02],
    ['nsfwjs-inception-v3', 0.03],
  ])(
    'moves the shares of %s by no more than %f on average (skipped without the test photos)',
    async (id, limit) => {
      const runner = runnerOf(readModel(MODELS, id))
      const moved: number[] = []
      for (const path of PHOTOS) {
        const full = await decode(path)
        const picture = {
          width: full.width,
          height: full.height,
          channels: 3,
          data: full.rgb,
          orientation: 1,
        } as const
        const small = await toPixels(picture)
        expect(Math.max(small.width, small.height)).toBe(1536)
        const [a] = await runner.run(full)
        const [b] = await runner.run(small)
        moved.push(Math.max(...[...a!].map((share, i) => Math.abs(share - b![i]!))))
      }
      console.log(`${id}: largest change of a share per photo ${moved.map((m) => m.toFixed(4)).join(', ')}`)
      expect(moved.reduce((x, y) => x + y) / moved.length).toBeLessThanOrEqual(limit)
    },
  )
})

/**
 * What the screen of the second face detector would miss and saves, on the pictures of a folder and a part of each (three fifths of
 * its sides): both forms of the detector look at all of them, whether a cascade would ask them or not. Nothing of a picture is kept.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastGlob from 'fast-glob'
import { MODELS_DIR } from '../src/base/version.ts'
import { readModel } from '../src/classify/models.ts'
import type { Box } from '../src/classify/pixels.ts'
import { runnerOf } from '../src/classify/session.ts'
import { wilson } from '../src/classify/statistics.ts'
import { THRESHOLDS } from '../src/classify/thresholds.ts'
import type { Pixels } from '../src/contracts/content.ts'
import { decodePicture, loadDecoders } from '../src/formats/media/picture/decode.ts'
import { toPixels } from '../src/formats/media/pixels/scale.ts'
import { identify } from '../src/formats/signatures/index.ts'
import { lookOf } from '../src/media-types/applies.ts'
import { DEFAULT_LIMITS } from '../src/plan.ts'
import { asChildren } from './as-children.ts'

const HEAD_BYTES = 65_536

export async function faceScreen(folder: string, most: number): Promise<void> {
  if (asChildren()) return
  await loadDecoders()
  const [eight, whole] = ['face-api-ssd-int8', 'face-api-ssd'].map((id) => {
    const runner = runnerOf(readModel(MODELS_DIR, id))
    const cpuMs: number[] = []
    const strongest = async (pixels: Pixels, region: Box): Promise<number> => {
      const before = process.cpuUsage()
      const scores = (await runner.run(pixels, region)).at(-1)!
      const { user, system } = process.cpuUsage(before)
      cpuMs.push((user + system) / 1000)
      return scores.reduce((best, score) => Math.max(best, score), 0)
    }
    return { cpuMs, strongest }
  })
  const names = fastGlob.sync('**/*', { cwd: folder }).sort()
  const seen: { readonly screened: number; readonly told: number }[] = []
  let pictures = 0
  for (let at = 0; at < names.length; at += Math.max(1, names.length / most)) {
    const pixels = await pixelsOf(readFileSync(join(folder, names[Math.floor(at)]!)))
    if (pixels === null) continue
    pictures++
    for (const region of regionsOf(pixels))
      seen.push({
        screened: await eight!.strongest(pixels, region),
        told: await whole!.strongest(pixels, region),
      })
  }
  const [asked, sure] = [THRESHOLDS.ssdScreen.face / 10_000, THRESHOLDS.face.ssd / 10_000]
  const faces = seen.filter(({ told }) => told >= sure)
  const missed = faces.filter(({ screened }) => screened < asked)
  const again = seen.filter(({ screened }) => screened >= asked)
  const high = wilson(missed.length, faces.length)?.high ?? 1
  const [of8, of32] = [median(eight!.cpuMs), median(whole!.cpuMs)]
  console.log(
    `Screen of the second face detector, ${pictures} pictures of ${folder} and a part of each: ${faces.length} with a face, missed ${missed.length} (at most ${(100 * high).toFixed(2)} %), least ${Math.min(1, ...faces.map(({ screened }) => screened)).toFixed(3)} where ${asked} is asked; again in float32 ${again.length} of ${seen.length}; CPU ms ${of8.toFixed(1)} in eight bits, ${of32.toFixed(1)} in float32`,
  )
}

async function pixelsOf(bytes: Buffer): Promise<Pixels | null> {
  const { mediaType } = identify(bytes.subarray(0, HEAD_BYTES), bytes.length)
  if (lookOf(mediaType) !== 'picture') return null
  const decoded = await decodePicture(bytes, mediaType, { pixels: DEFAULT_LIMITS.pixels })
  return decoded.ok ? toPixels(decoded.picture) : null
}

function regionsOf({ width, height }: Pixels): Box[] {
  const part = { x: Math.floor(width / 6), y: Math.floor(height / 10) }
  return [
    { x: 0, y: 0, width, height },
    { ...part, width: Math.ceil((width * 3) / 5), height: Math.ceil((height * 3) / 5) },
  ]
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

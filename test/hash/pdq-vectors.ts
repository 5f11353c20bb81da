/** Published PDQ vectors and pictures. They are never part of the project: tests that need them skip where they are absent. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

export const PDQ_DATA =
  process.env.SEIZED_PDQ_VECTORS ?? fileURLToPath(new URL('../../../shared/data/pdq', import.meta.url))

export const havePdqData = existsSync(join(PDQ_DATA, 'vectors.json'))

export interface PdqVector {
  readonly file: string
  /** Begins with A (full resolution), B (512×512 nearest neighbour) or C (at most 512, anti-aliased). */
  readonly flavour: string
  readonly pdq: string
  readonly quality: number | null
}

export function pdqVectors(): PdqVector[] {
  return havePdqData ? JSON.parse(readFileSync(join(PDQ_DATA, 'vectors.json'), 'utf8')) : []
}

export interface Pixels {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
}

/** As stored: no rotation, no alpha. 16-bit grey is cut off at 255, which is what the reference's decoder does with it. */
export async function decode(file: string): Promise<Pixels> {
  const { depth } = await sharp(file).metadata()
  if (depth === 'ushort') return decodeClipped(file)
  const { data, info } = await sharp(file)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height, channels: info.channels as 1 | 3 }
}

async function decodeClipped(file: string): Promise<Pixels> {
  const { data, info } = await sharp(file)
    .toColourspace('grey16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true })
  const samples = new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
  const grey = Uint8Array.from({ length: info.width * info.height }, (_, i) =>
    Math.min(255, samples[i * info.channels]!),
  )
  return { data: grey, width: info.width, height: info.height, channels: 1 }
}

/** Numbers in [0, 1) that are the same on every run. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Smooth blobs with some noise: a picture-like surface of any size, the same on every run. */
export function syntheticPixels(
  width: number,
  height: number,
  channels: 1 | 3 | 4,
  seed: number,
): Uint8Array {
  const random = randomFrom(seed)
  const waves = Array.from(
    { length: 12 },
    () => [random() * 9, random() * 9, random() * 6.28, random() * 25] as const,
  )
  const pixels = new Uint8Array(width * height * channels)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let value = 128
      for (const [fx, fy, phase, size] of waves)
        value += size * Math.sin(fx * (x / width) * 6.28 + fy * (y / height) * 6.28 + phase)
      for (let c = 0; c < channels; c++)
        pixels[at++] = Math.max(0, Math.min(255, value * (1 - c * 0.1) + random() * 40 - 20))
    }
  }
  return pixels
}

/**
 * PDQ: how fast, what share of a decode, and how far the pre-scaled flavours are from full resolution.
 *
 * The last table needs public test pictures beside the project (`../shared/data`, or SEIZED_SHARED_DATA).
 */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { pdqFromRgb, pdqOrientations, type Sides } from '../src/hash/pdq.ts'
import { type PdqFlavour, toNearest512 } from './pdq-flavour.ts'

const SHARED_DATA = process.env.SEIZED_SHARED_DATA ?? resolve('..', 'shared', 'data')

/** @param _args none */
export async function run(_args: string[]): Promise<void> {
  sharp.concurrency(1)
  sharp.cache(false)
  console.log('PDQ after the decode, one thread (best of repeated runs: other programs only slow it down)')
  console.table(await speeds())
  console.log('Bits between a pre-scaled flavour and full resolution, quality 50 and above')
  if (existsSync(SHARED_DATA)) console.table(await flavourDistances())
  else console.log(`  not measured: no pictures at ${SHARED_DATA}`)
}

async function speeds() {
  const rows = []
  for (const [width, height] of [
    [512, 512],
    [1000, 1000],
    [1920, 1080],
    [4000, 3000],
    [8000, 6000],
  ] as const) {
    const jpeg = await photograph(width, height)
    const decodeMs = await bestMs(9, async () => {
      await sharp(jpeg).raw().toBuffer()
    })
    const pixels = await sharp(jpeg).raw().toBuffer()
    const hashMs = await bestMs(61, async () => void pdqFromRgb(pixels, width, height, 3))
    const eightMs = await bestMs(15, async () => void pdqOrientations(pixels, width, height, 3))
    rows.push({
      pixels: `${width}×${height}`,
      'decode ms (sharp, JPEG)': round(decodeMs),
      'hash ms': round(hashMs),
      'hashes/s': Math.round(1000 / hashMs),
      'share of decode': `${round((100 * hashMs) / decodeMs)} %`,
      'eight orientations ms': round(eightMs),
    })
  }
  return rows
}

/** Blurred noise of several sizes with grain on top: as heavy to decode as a photograph. */
async function photograph(width: number, height: number): Promise<Buffer> {
  const noise = {
    width,
    height,
    channels: 3 as const,
    noise: { type: 'gaussian' as const, mean: 128, sigma: 60 },
  }
  const coarse = await sharp({ create: { ...noise, width: 64, height: 48, background: 'grey' } })
    .resize(width, height, { kernel: 'cubic', fit: 'fill' })
    .raw()
    .toBuffer()
  const grain = await sharp({ create: { ...noise, background: 'grey' } })
    .blur(1.2)
    .raw()
    .toBuffer()
  const mixed = coarse.map((value, i) => Math.max(0, Math.min(255, value + (grain[i]! - 128) / 2)))
  return sharp(mixed, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 88 })
    .toBuffer()
}

async function bestMs(times: number, work: () => Promise<void>): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let n = 0; n < times; n++) {
    const start = performance.now()
    await work()
    best = Math.min(best, performance.now() - start)
  }
  return best
}

interface Distance {
  readonly flavour: string
  readonly photograph: boolean
  readonly bits: number
}

async function flavourDistances() {
  const distances: Distance[] = []
  for (const file of filesBelow(SHARED_DATA)) {
    // Undecodable pictures belong to the corpora; they have no distance.
    distances.push(...(await distancesOf(file).catch(() => [])))
  }
  return [...new Set(distances.map(({ flavour }) => flavour))].sort().flatMap((flavour) => {
    const all = distances.filter((distance) => distance.flavour === flavour)
    const photographs = all.filter(({ photograph }) => photograph)
    return [spread(flavour, 'photographs', photographs), spread(flavour, 'every kind', all)]
  })
}

function spread(flavour: string, pictures: string, distances: readonly Distance[]) {
  const bits = distances.map((distance) => distance.bits).sort((a, b) => a - b)
  const mean = round(bits.reduce((sum, value) => sum + value, 0) / bits.length)
  const [median, high, most] = [
    bits[bits.length >> 1],
    bits[Math.floor(bits.length * 0.95)],
    bits[bits.length - 1],
  ]
  return { flavour, pictures, n: bits.length, mean, median, '95 %': high, most }
}

async function distancesOf(file: string): Promise<Distance[]> {
  const { hasAlpha } = await sharp(file).metadata()
  if (hasAlpha) return []
  const stored = await decode(sharp(file))
  const full = hashOf(stored)
  const longest = Math.max(stored.width, stored.height)
  if (full.quality < 50 || longest <= 512) return []
  const photograph = /\.(jpe?g|avif|heic)$/i.test(file)
  const distanceOf = (flavour: PdqFlavour | string, hash: Uint8Array) => ({
    flavour,
    photograph,
    bits: bitsBetween(hash, full.hash),
  })
  const distances = [
    distanceOf(
      'nearest-512',
      hashOf({ ...toNearest512(stored, stored.channels), channels: stored.channels }).hash,
    ),
  ]
  for (const side of [1536, 1024, 512]) {
    if (longest <= side) continue
    const reduced = await decode(sharp(file).resize(side, side, { fit: 'inside' }))
    distances.push(distanceOf(`reduced-${side}`, hashOf(reduced, stored).hash))
    distances.push(distanceOf(`inside-${side}`, hashOf(reduced).hash))
  }
  return distances
}

interface Decoded extends Sides {
  readonly pixels: Uint8Array
  readonly channels: 1 | 3
}

async function decode(image: Sharp): Promise<Decoded> {
  const { data, info } = await image.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
  return { pixels: data, width: info.width, height: info.height, channels: info.channels as 1 | 3 }
}

function hashOf({ pixels, width, height, channels }: Decoded, stored?: Sides) {
  return pdqFromRgb(pixels, width, height, channels, stored)
}

function bitsBetween(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, byte, k) => sum + (byte ^ b[k]!).toString(2).replaceAll('0', '').length, 0)
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name))
    .sort()
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}

/**
 * The bare loop that the scan is measured against: one process a core, the same decode, hash and models, and nothing
 * else — no pipe, no digest check, no confinement, no metadata, no ledger.
 *
 * Run as `bench -- bare-loop [images]` it prints pictures a second and core for 1 MP and 12 MP. bench/media.ts starts
 * the same loop beside its own measurement.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { MODELS_DIR } from '../src/base/version.ts'
import { loadClassifiers } from '../src/classify/index.ts'
import { heifDecoder } from '../src/formats/media/heif/decode-heif.ts'
import { pdqFromRgb } from '../src/hash/pdq.ts'
import { CHILD_ENGINE, childEnvironment } from '../src/host/confine/environment.ts'
import { photograph, SIZES, type SizeName } from './pictures.ts'

export interface Rate {
  readonly perSecondAndCore: number
  readonly cpuMs: number
}

export async function run(args: string[]): Promise<void> {
  const images = Number(args[0] ?? 40)
  for (const size of Object.keys(SIZES) as SizeName[]) {
    const rate = await bareRate(await photograph(size, 1), 'image/jpeg', images, availableParallelism())
    console.log(
      `bare loop, ${size}: ${rate.perSecondAndCore.toFixed(1)} pictures/s and core, ${rate.cpuMs.toFixed(1)} ms of CPU each`,
    )
  }
}

/** @param images for each process; @returns the mean over `processes` that run at the same time */
export async function bareRate(
  picture: Buffer,
  mediaType: 'image/jpeg' | 'image/heic',
  images: number,
  processes: number,
): Promise<Rate> {
  const folder = mkdtempSync(join(tmpdir(), 'seized-bench-'))
  const file = join(folder, mediaType.replace('/', '.'))
  writeFileSync(file, picture)
  try {
    const rates = await Promise.all(Array.from({ length: processes }, () => one(file, images)))
    const mean = (pick: (rate: Rate) => number) =>
      rates.reduce((sum, rate) => sum + pick(rate), 0) / rates.length
    return { perSecondAndCore: mean((rate) => rate.perSecondAndCore), cpuMs: mean((rate) => rate.cpuMs) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function one(file: string, images: number): Promise<Rate> {
  // With the engine and the memory that children have: it is the work that is compared.
  const child = spawn(
    process.execPath,
    [...CHILD_ENGINE, fileURLToPath(import.meta.url), file, String(images)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: childEnvironment(),
    },
  )
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  await once(child, 'close')
  return JSON.parse(printed) as Rate
}

const LONGEST_SIDE = 1536
const WARM_UP = 3

async function loop(file: string, images: number): Promise<Rate> {
  sharp.concurrency(1)
  sharp.cache(false)
  const { classify } = await loadClassifiers(MODELS_DIR)
  const picture = readFileSync(file)
  const decode = file.endsWith('heic') ? await heicReader() : jpegPixels
  const lookOnce = async () => {
    const { data, width, height, channels } = await decode(picture)
    pdqFromRgb(data, width, height, channels)
    const small = await sharp(data, { raw: { width, height, channels } })
      .removeAlpha()
      .resize(LONGEST_SIDE, LONGEST_SIDE, { fit: 'inside', withoutEnlargement: true })
      .raw()
      .toBuffer({ resolveWithObject: true })
    await classify({ width: small.info.width, height: small.info.height, rgb: small.data })
  }
  for (let i = 0; i < WARM_UP; i++) await lookOnce()
  const cpu = process.cpuUsage()
  const start = performance.now()
  for (let i = 0; i < images; i++) await lookOnce()
  const seconds = (performance.now() - start) / 1000
  const used = process.cpuUsage(cpu)
  return { perSecondAndCore: images / seconds, cpuMs: (used.user + used.system) / 1000 / images }
}

interface Decoded {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
}

async function jpegPixels(bytes: Buffer): Promise<Decoded> {
  const { data, info } = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height, channels: 3 }
}

async function heicReader(): Promise<(bytes: Buffer) => Promise<Decoded>> {
  await heifDecoder.load()
  return async (bytes) => {
    const decoded = await heifDecoder.decode(bytes, 'image/heic', { pixels: 100_000_000 })
    if (!decoded.ok) throw new Error(decoded.detail.code)
    return decoded.picture
  }
}

const [, entry, file, images] = process.argv
if (entry === fileURLToPath(import.meta.url) && file && images) {
  process.stdout.write(JSON.stringify(await loop(file, Number(images))))
}

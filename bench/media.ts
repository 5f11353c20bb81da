/**
 * Pictures and video through confined children, against a bare loop of the same work.
 *
 * Arguments: `first`, `steps`, `pictures`, `video`, `mixed` (default: all). `steps`: CPU time by kind and step (bench/media-steps.ts;
 * `rounds=4`, `each=3`, `only=HEIC`; with `exact` no screen). `screen folder=DIR`: what the screen changes and saves on your own
 * pictures (bench/screen.ts), `face-screen folder=DIR` of the second face detector (bench/face-screen.ts). `eight`: what its model says of drawn pictures on this processor (bench/eight-bits.ts). `telephone`: CPU time of a scan of a made-up one (bench/telephone.ts). `memory`: a child's, with the screen against `--exact` (bench/media-memory.ts). `first`: when the first leads of a made-up
 * exhibit come, against path order (bench/media-first.ts; `contents=5000`). `images=40` and `pairs=3` of the pictures: pairs alternate, so
 * that other programs on the machine slow both alike; the median of the ratios counts. `minutes=10` of the long video.
 * `accelerator=cuda` runs `pictures` and `video` there; the class is printed first (bench/media-class.ts).
 * `files=` of the mixed exhibit (bench/mixed.ts): 10,000 when it is named, else 1,000.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import sharp from 'sharp'
import { MODELS_DIR } from '../src/base/version.ts'
import { loadClassifiers } from '../src/classify/index.ts'
import type { AcceleratorName } from '../src/contracts/accelerator.ts'
import type { ModelUse } from '../src/contracts/case.ts'
import { JobPool } from '../src/host/decoder/job-pool.ts'
import { lookAt } from '../src/host/decoder/look-request.ts'
import { DEFAULT_LIMITS } from '../src/plan.ts'
import { bareRate, type Rate } from './bare-loop.ts'
import { eightBits } from './eight-bits.ts'
import { faceJpeg } from './face-picture.ts'
import { faceScreen } from './face-screen.ts'
import { heicFile } from './heic-file.ts'
import { acceleratorNamed, classLine } from './media-class.ts'
import { mediaFirst } from './media-first.ts'
import { mediaMemory } from './media-memory.ts'
import { mediaSteps } from './media-steps.ts'
import { mixed } from './mixed.ts'
import { photograph, SIZES, type SizeName } from './pictures.ts'
import { screen } from './screen.ts'
import { telephone } from './telephone.ts'
import { videoRates } from './video-rates.ts'

export async function run(args: string[]): Promise<void> {
  const option = (name: string, otherwise: number) =>
    Number(args.find((arg) => arg.startsWith(`${name}=`))?.split('=')[1] ?? otherwise)
  const word = (name: string) => args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
  const asked = args.filter((arg) => !arg.includes('='))
  const wants = (part: string) => asked.length === 0 || asked.includes(part)
  if (asked.includes('screen')) {
    const folder = word('folder')
    if (folder === '') throw new Error('media screen needs folder=DIR')
    return screen(folder, option('pictures', 1_000_000))
  }
  if (asked.includes('eight')) return eightBits(option('pictures', 8))
  if (asked.includes('telephone')) return telephone(option('photos', 12), option('rounds', 3), word('folder'))
  if (asked.includes('face-screen')) {
    const folder = word('folder')
    if (folder === '') throw new Error('media face-screen needs folder=DIR')
    return faceScreen(folder, option('pictures', 1_000_000))
  }
  if (asked.includes('memory'))
    return mediaMemory(option('pictures', 12), (uses, jpegs) =>
      withPool(uses, async (pool) => {
        const looks = []
        for (const jpeg of jpegs) looks.push(await look(pool, jpeg, 'image/jpeg'))
        return { looks, peakMb: peakMegabytes() }
      }),
    )
  const accelerator = acceleratorNamed(word('accelerator'))
  accelerated = accelerator === null ? {} : { accelerator: accelerator.name }
  console.log(await classLine(accelerator))
  if (wants('first')) mediaFirst(option('contents', 5000))
  if (wants('steps'))
    await mediaSteps(option('rounds', 4), option('each', 3), asked.includes('exact'), word('only'))
  const { uses } = await loadClassifiers(MODELS_DIR)
  if (wants('pictures')) await pictures(uses, option('images', 40), option('pairs', 3))
  const minutes = option('minutes', 10)
  if (wants('video'))
    await withPool(uses, (pool) => videoRates((bytes, type) => look(pool, bytes, type), minutes))
  if (wants('mixed')) await mixed(option('files', asked.includes('mixed') ? 10_000 : 1000))
}

async function pictures(uses: readonly ModelUse[], images: number, pairs: number): Promise<void> {
  const cores = availableParallelism()
  const rows = []
  const samples = [
    { name: 'JPEG 1 MP', mediaType: 'image/jpeg', bytes: await photograph('1 MP', 1) },
    { name: 'JPEG 12 MP', mediaType: 'image/jpeg', bytes: await photograph('12 MP', 1) },
    { name: 'HEIC 12 MP', mediaType: 'image/heic', bytes: await heic('12 MP') },
    { name: 'JPEG 1 MP, a drawn face: every model', mediaType: 'image/jpeg', bytes: await faceJpeg() },
  ] as const
  for (const { name, mediaType, bytes } of samples) {
    const measured: { pool: Rate; bare: Rate }[] = []
    let peak = 0
    for (let i = 0; i < pairs; i++) {
      const pool = await withPool(uses, async (children) => {
        const rate = await poolRate(children, bytes, mediaType, images, cores)
        peak = Math.max(peak, peakMegabytes())
        return rate
      })
      measured.push({ pool, bare: await bareRate(bytes, mediaType, images, cores) })
    }
    const byWall = median(measured.map(({ pool, bare }) => pool.perSecondAndCore / bare.perSecondAndCore))
    const byCpu = median(measured.map(({ pool, bare }) => bare.cpuMs / pool.cpuMs))
    rows.push({
      picture: name,
      'children, pictures/s and core': round(median(measured.map(({ pool }) => pool.perSecondAndCore))),
      'bare loop, pictures/s and core': round(median(measured.map(({ bare }) => bare.perSecondAndCore))),
      'share by wall time': `${round(100 * byWall)} %`,
      'share by CPU time': `${round(100 * byCpu)} %`,
      'CPU ms each': round(median(measured.map(({ pool }) => pool.cpuMs))),
      'peak MB a child': peak,
    })
  }
  console.log(
    `Pictures through children against a bare loop, ${cores} processes each, median of ${pairs} pairs`,
  )
  console.table(rows)
}

async function heic(size: SizeName): Promise<Buffer> {
  const { width, height } = SIZES[size]
  const rgb = await sharp(await photograph(size, 1))
    .raw()
    .toBuffer()
  return heicFile(rgb, width, height)
}

/** CPU time of this process and of all its children, so that the cost of the pipe is in it. */
async function poolRate(
  pool: JobPool,
  bytes: Buffer,
  mediaType: string,
  images: number,
  cores: number,
): Promise<Rate> {
  const lanes = cores + 1
  await inLanes(lanes, lanes * 3, () => look(pool, bytes, mediaType))
  const ownBefore = process.cpuUsage()
  const childrenBefore = childrenCpuMs()
  const start = performance.now()
  await inLanes(lanes, images * cores, () => look(pool, bytes, mediaType))
  const seconds = (performance.now() - start) / 1000
  const own = process.cpuUsage(ownBefore)
  const cpuMs = (own.user + own.system) / 1000 + childrenCpuMs() - childrenBefore
  return { perSecondAndCore: images / seconds, cpuMs: cpuMs / (images * cores) }
}

function look(pool: JobPool, bytes: Buffer, mediaType: string) {
  // The stage knows the digest already; the child checks it.
  const sha256 = digestOf(bytes)
  const content = {
    digests: { md5: '', sha1: '', sha256, blake3: '' },
    sizeBytes: BigInt(bytes.length),
    mediaType,
  }
  return lookAt(pool, {
    content,
    source: bytes,
    preview: 'leads',
    gps: false,
    orientations: false,
    limits: DEFAULT_LIMITS,
  })
}

const digests = new Map<Buffer, string>()

function digestOf(bytes: Buffer): string {
  const known = digests.get(bytes) ?? createHash('sha256').update(bytes).digest('hex')
  digests.set(bytes, known)
  return known
}

/** Of the children of every pool here; empty: the main processor. */
let accelerated: { readonly accelerator?: AcceleratorName } = {}

async function withPool<T>(models: readonly ModelUse[], work: (pool: JobPool) => Promise<T>): Promise<T> {
  const { childDataBytes, decodeCpuMs } = DEFAULT_LIMITS
  const pool = new JobPool({
    ops: ['look'],
    config: { look: { models, ...accelerated } },
    dataBytes: childDataBytes,
    cpuMs: decodeCpuMs,
  })
  try {
    return await work(pool)
  } finally {
    await pool.close()
  }
}

async function inLanes(lanes: number, times: number, work: () => Promise<unknown>): Promise<void> {
  let started = 0
  const lane = async () => {
    while (started++ < times) await work()
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

function childProcesses(): string[] {
  return readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'latin1').trim().split(' ').filter(Boolean),
  )
}

function childrenCpuMs(): number {
  return childProcesses().reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ')
    return sum + (Number(fields[11]) + Number(fields[12])) * 10
  }, 0)
}

function peakMegabytes(): number {
  const peaks = childProcesses().map((pid) =>
    Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0),
  )
  return Math.round(Math.max(0, ...peaks) / 1024)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

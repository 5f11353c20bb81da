/**
 * Known videos: altered copies of drawn clips that a look and the index find, against comparing every frame with every frame; false
 * matches among unlike videos; an index of many videos.
 *
 * Arguments: `copies=1000` of five kinds in turn; `unlike=10000` videos of ten frames, made of hashes of drawn pictures (decoding so many takes
 * hours), against `listed=1000`; `clips=DIR` copies of public clips in that folder instead of drawn ones (public-clips.ts); `videos=100000` of 100 frames in one index (3 GB on disk while it runs; left out when it is not named).
 */
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Alteration, clip } from '../fixtures/clips.ts'
import { drawRgb, seeded } from '../fixtures/pictures.ts'
import { frameHashes, type ListedFrame } from '../fixtures/vpdq-lists.ts'
import type { PerceptualHash } from '../src/contracts/finding.ts'
import { loadDecoders } from '../src/formats/media/picture/decode.ts'
import { pdqFromRgb } from '../src/hash/pdq.ts'
import { importHashSet, loadHashSets, makeNearFinder, parseHashSetDeclaration } from '../src/match/index.ts'
import { areAlike, framesOf, hashesOf, indexOf } from './video-hashes.ts'

const FORM = { width: 160, height: 120, seconds: 3, framesPerSecond: 25 } as const
const KINDS: readonly (readonly [how: Alteration, crf: string])[] = [
  ['encoded again', '28'],
  ['encoded again', '36'],
  ['cropped by 10 %', '30'],
  ['with a logo', '30'],
  ['a third of it', '32'],
]

export async function run(args: string[]): Promise<void> {
  const option = (name: string, otherwise: number) =>
    Number(args.find((arg) => arg.startsWith(`${name}=`))?.split('=')[1] ?? otherwise)
  await loadDecoders()
  const clips = args.find((arg) => arg.startsWith('clips='))?.slice('clips='.length)
  if (clips !== undefined) return (await import('./public-clips.ts')).publicClips(clips)
  await copies(option('copies', 1000))
  falseMatches(option('unlike', 10_000), option('listed', 1000))
  const videos = option('videos', 0)
  if (videos > 0) await manyVideos(videos)
}

async function copies(count: number): Promise<void> {
  const clips = Math.ceil(count / KINDS.length)
  const listed: (readonly ListedFrame[])[] = []
  for (let seed = 0; seed < clips; seed++) listed.push(await frameHashes(await clip(seed, 'as it is', FORM)))
  const index = indexOf(listed)
  const rows = new Map(
    KINDS.map((kind) => [
      kind.join(', crf '),
      { copies: 0, 'by each frame': 0, found: 0, missed: 0, beyond: 0, false: 0 },
    ]),
  )
  for (let i = 0; i < count; i++) {
    const [how, crf] = KINDS[i % KINDS.length]!
    const seed = Math.floor(i / KINDS.length)
    const bytes = await clip(seed, how, { ...FORM, crf })
    const row = rows.get(`${how}, crf ${crf}`)!
    const found = index.findAlike(framesOf(await hashesOf(bytes))).map(({ video }) => video)
    const isAlike = areAlike(await frameHashes(bytes), listed[seed]!)
    row.copies++
    if (isAlike) row['by each frame']++
    if (found.includes(seed)) row.found++
    if (isAlike && !found.includes(seed)) row.missed++
    if (!isAlike && found.includes(seed)) row.beyond++
    row.false += found.filter((video) => video !== seed).length
  }
  console.log(
    `${count} altered copies of ${clips} drawn clips, list of every frame: found by a look and the index, against the reference's rule either way over every frame. "beyond": found by the second where four fifths of the frames are not.`,
  )
  console.table(Object.fromEntries(rows))
}

const SMALL = { width: 128, height: 96 }

/** Ten frames that pan over a drawing, a second each, as hashes. */
function drawnHashes(seed: number): Pick<ListedFrame, 'hex' | 'quality' | 'seconds'>[] {
  const whole = { width: SMALL.width + 20, height: SMALL.height }
  const rgb = drawRgb({ ...whole, seed })
  return Array.from({ length: 10 }, (_, second) => {
    const frame = Buffer.alloc(SMALL.width * SMALL.height * 3)
    for (let y = 0; y < SMALL.height; y++)
      rgb.copy(
        frame,
        y * SMALL.width * 3,
        (y * whole.width + 2 * second) * 3,
        (y * whole.width + 2 * second + SMALL.width) * 3,
      )
    return { ...pdqFromRgb(frame, SMALL.width, SMALL.height, 3), seconds: second }
  })
}

function falseMatches(unlike: number, listed: number): void {
  const index = indexOf(Array.from({ length: listed }, (_, i) => drawnHashes(1_000_000 + i)))
  let [matches, withFrame] = [0, 0]
  for (let i = 0; i < unlike; i++) {
    const frames = drawnHashes(i)
      .filter(({ quality }) => quality >= 50)
      .map(({ hex, quality, seconds }) => ({ hash: Buffer.from(hex, 'hex'), quality, second: seconds }))
    if (index.find(frames).length > 0) withFrame++
    matches += index.findAlike(frames).length
  }
  console.log(
    `${unlike} unlike videos of ten frames (hashes of drawn pictures) against ${listed} listed ones: ${matches} false matches; ${withFrame} share a frame with one.`,
  )
}

const FRAMES = 100

async function manyVideos(videos: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'seized-bench-'))
  try {
    const [list, compiled] = [join(folder, 'list.txt'), join(folder, 'compiled')]
    const asked = writeVideos(list, videos)
    const timed = async <T>(make: () => T | Promise<T>) => {
      const [start, cpu] = [performance.now(), process.cpuUsage()]
      const made = await make()
      const { user, system } = process.cpuUsage(cpu)
      return { made, seconds: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 }
    }
    const imported = await timed(() =>
      importHashSet(parseHashSetDeclaration(`illegal:${list}`), compiled, { extras: false }),
    )
    const peakMb = Math.round(process.resourceUsage().maxRSS / 1024)
    const loaded = await timed(async () => {
      const matcher = await loadHashSets([parseHashSetDeclaration(`illegal:${compiled}`)])
      return makeNearFinder(matcher.pdqRecords())!
    })
    const first = await timed(() => loaded.made.find(asked[0]!))
    const each = []
    for (const hashes of asked.slice(1)) each.push((await timed(() => loaded.made.find(hashes))).cpu * 1000)
    each.sort((a, b) => a - b)
    const figures = {
      'compile, s': imported.seconds,
      'compile, CPU s': imported.cpu,
      'compile, peak MB': peakMb,
      'index MB': statSync(compiled).size / 1e6,
      'open, s': loaded.seconds,
      'first comparison (tables are made), CPU s': first.cpu,
      'a video of 100 frames, CPU ms, median': each[each.length >> 1]!,
      most: each.at(-1)!,
      'peak MB': process.resourceUsage().maxRSS / 1024,
    }
    console.log(`One index of ${videos} videos of ${FRAMES} frames`)
    console.table(
      Object.fromEntries(
        Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(3))]),
      ),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Scenes of ten frames that change by at most eight bits a frame. @returns the first fifty videos, as hashes of a content */
function writeVideos(path: string, videos: number): PerceptualHash[][] {
  const random = seeded(7)
  const file = openSync(path, 'w')
  const asked: PerceptualHash[][] = []
  let text: string[] = []
  for (let video = 0; video < videos; video++) {
    const hash = Buffer.alloc(32)
    const hashes: PerceptualHash[] = []
    for (let frame = 0; frame < FRAMES; frame++) {
      if (frame % 10 === 0) for (let b = 0; b < 32; b++) hash[b] = random() * 256
      else for (let flips = 0; flips < 8; flips++) hash[(random() * 32) | 0]! ^= 1 << (random() * 8)
      const hex = hash.toString('hex')
      text.push(`v${video},${frame},100,${hex},${frame}.000\n`)
      if (video < 50)
        hashes.push({
          kind: 'perceptual-hash',
          algorithm: 'vpdq',
          hex,
          quality: 100,
          flavour: 'luma',
          part: `${frame}@${frame}`,
        })
    }
    if (video < 50) asked.push(hashes)
    if (text.length > 20_000) {
      writeSync(file, text.join(''))
      text = []
    }
  }
  writeSync(file, text.join(''))
  closeSync(file)
  return asked
}

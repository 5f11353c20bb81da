/**
 * Where the CPU time of a look goes, by kind of file and step, in one process: decode, scale, PDQ, each model, rest.
 *
 * `rest` is the whole look without what the other columns say: metadata, thumbnails, copies of pixels, and for
 * animations and video decoding and scaling of all frames but the first. `rounds=` looks at each file, the first
 * of which is not counted (sessions are made in it). `exact` leaves the screen out, `only=` takes the kinds with that word in their
 * name. Looks without models are held against the bare decoder. Memory is kept as children keep it.
 */
import { MODELS_DIR } from '../src/base/version.ts'
import type { Looked } from '../src/classify/classifier.ts'
import { CLASSIFIERS, listModels } from '../src/classify/index.ts'
import { readModel } from '../src/classify/models.ts'
import { type Runner, runnerOf } from '../src/classify/session.ts'
import { prepareLook } from '../src/confined/decoder/look/look.ts'
import type { Pixels } from '../src/contracts/content.ts'
import { decodePicture } from '../src/formats/media/picture/decode.ts'
import { toPixels } from '../src/formats/media/pixels/scale.ts'
import { digestsOf } from '../src/hash/digest.ts'
import { pdqFromRgb } from '../src/hash/pdq.ts'
import { lookOf } from '../src/media-types/applies.ts'
import { DEFAULT_LIMITS } from '../src/plan.ts'
import type { LookHeader } from '../src/wire/look.ts'
import { asChildren } from './as-children.ts'
import { faceJpeg } from './face-picture.ts'
import { KINDS } from './mixed-exhibit.ts'
import { withoutModels } from './without-models.ts'

interface Sample {
  readonly kind: string
  readonly mediaType: string
  readonly bytes: Buffer
}

/** CPU ms by step, and how often each was called. */
class Steps {
  readonly ms = new Map<string, number>()
  readonly calls = new Map<string, number>()

  async of<T>(step: string, work: () => T | Promise<T>): Promise<T> {
    const before = process.cpuUsage()
    try {
      return await work()
    } finally {
      this.add(step, before)
    }
  }

  add(step: string, before: NodeJS.CpuUsage): void {
    const { user, system } = process.cpuUsage(before)
    this.ms.set(step, (this.ms.get(step) ?? 0) + (user + system) / 1000)
    this.calls.set(step, (this.calls.get(step) ?? 0) + 1)
  }
}

export async function mediaSteps(rounds: number, each: number, exact: boolean, only: string): Promise<void> {
  if (asChildren()) return
  // Drawn first: the decoders block SVG, which some are drawn with.
  const drawn = await samples(each, only)
  let steps = new Steps()
  const models = listModels(MODELS_DIR).filter(({ role }) => !(exact && role === 'screen'))
  const runners = new Map(
    models.map(({ id }): [string, Runner] => {
      const runner = runnerOf(readModel(MODELS_DIR, id))
      return [id, { ...runner, run: (pixels, region) => steps.of(id, () => runner.run(pixels, region)) }]
    }),
  )
  const parts = CLASSIFIERS.map((part) => part.load(runners, { everyModel: false, added: [] })).filter(
    (part) => part !== null,
  )
  const classify = async (pixels: Pixels, effort?: 'fast' | 'whole'): Promise<Looked> => {
    let looked: Looked = { scores: [], attributes: [], faces: [] }
    for (const part of parts) {
      const {
        scores = [],
        attributes = [],
        faces = looked.faces,
        leftOut,
      } = await part.look(pixels, looked, effort)
      looked = {
        scores: [...looked.scores, ...scores],
        attributes: [...looked.attributes, ...attributes],
        faces,
        leftOut: (looked.leftOut ?? false) || (leftOut ?? false),
      }
    }
    return looked
  }
  const look = await prepareLook({
    pdq: (...picture) => {
      const before = process.cpuUsage()
      const hash = pdqFromRgb(...picture)
      steps.add('PDQ', before)
      return hash
    },
    classify,
  })
  const rows = []
  const shares = []
  const besideDecoders: string[] = []
  for (const kind of new Set(drawn.map((sample) => sample.kind))) {
    const files = drawn.filter((sample) => sample.kind === kind)
    const all = new Steps()
    const callers = new Map<string, number>()
    for (const { mediaType, bytes } of files) {
      const least = new Map<string, number>()
      for (let round = 0; round < rounds; round++) {
        steps = new Steps()
        await steps.of('whole', () => look(headerOf(mediaType, digestsOf(bytes).sha256), bytes, null))
        if (lookOf(mediaType) === 'picture') await decodeAlone(bytes, mediaType, steps)
        if (round === 0) continue
        for (const [step, ms] of steps.ms) least.set(step, Math.min(ms, least.get(step) ?? ms))
        if (round === 1)
          for (const { id } of models) if (steps.calls.has(id)) callers.set(id, (callers.get(id) ?? 0) + 1)
      }
      for (const [step, ms] of least) all.ms.set(step, (all.ms.get(step) ?? 0) + ms)
    }
    const ms = (step: string) => (all.ms.get(step) ?? 0) / files.length
    const named = ['decode', 'scale', 'PDQ', ...models.map(({ id }) => id)]
    const rest = ms('whole') - named.reduce((sum, step) => sum + ms(step), 0)
    rows.push({
      kind,
      ...Object.fromEntries(['whole', ...named].map((step) => [SHORT[step] ?? step, round(ms(step))])),
      rest: round(rest),
    })
    // Of small pictures the rest is more than the decoder.
    const { mediaType } = files[0]!
    const contents = files.map(({ bytes }) => bytes)
    const beside = kind.includes('12 MP')
      ? await withoutModels(kind, contents, headerOf(mediaType, null), rounds)
      : null
    if (beside) besideDecoders.push(beside)
    shares.push({
      kind,
      files: files.length,
      ...Object.fromEntries(
        models.map(({ id }) => [
          SHORT[id] ?? id,
          `${Math.round((100 * (callers.get(id) ?? 0)) / files.length)} %`,
        ]),
      ),
    })
  }
  console.log(
    `CPU ms of a look by kind and step${exact ? ', without the screen' : ''}, the least of ${rounds - 1} rounds`,
  )
  console.table(rows)
  if (besideDecoders.length > 0)
    console.log(`A look without models, CPU ms, the median of ${rounds} rounds of all files in turns`)
  for (const beside of besideDecoders) console.log(beside)
  console.log(
    'Share of the files of each kind that call each model; which they are is this bench’s assumption',
  )
  console.table(shares)
}

function headerOf(mediaType: string, sha256: string | null): LookHeader {
  const { pixels, frames } = DEFAULT_LIMITS
  const wanted = { gps: false, orientations: false, thumbnails: true, asks: false }
  return { mediaType, sha256, preview: 'leads', pixels, frames, ...wanted }
}

const SHORT: Readonly<Record<string, string>> = {
  'nsfwjs-mobilenet-v2': 'MobileNetV2',
  'nsfwjs-mobilenet-v2-mid': 'V2-mid',
  'nsfwjs-inception-v3': 'InceptionV3',
  'nsfwjs-inception-v3-int8': 'V3 in eight bits',
  'human-blazeface': 'blazeface',
  'face-api-ssd': 'SSD',
  'face-api-ssd-int8': 'SSD in eight bits',
  'human-faceres': 'faceres',
  'face-api-age': 'age',
}

/** What the look does inside, once more and by itself. */
async function decodeAlone(bytes: Buffer, mediaType: string, steps: Steps): Promise<void> {
  const decoded = await steps.of('decode', () =>
    decodePicture(bytes, mediaType, { pixels: DEFAULT_LIMITS.pixels }),
  )
  if (decoded.ok) await steps.of('scale', () => toPixels(decoded.picture))
}

/** So many of each kind, every third of which calls the slow model, and a face that calls every model. */
async function samples(each: number, only: string): Promise<Sample[]> {
  const made: Sample[] = [
    { kind: 'a drawn face, every model', mediaType: 'image/jpeg', bytes: await faceJpeg() },
  ]
  if (only !== '') made.length = 0
  for (const { name, mediaType, make } of KINDS.filter((kind) => kind.name.includes(only)))
    for (let i = 0; i < (lookOf(mediaType) === 'video' ? 1 : each); i++)
      made.push({ kind: name, mediaType, bytes: await make(i + 1, i % 3 === 0) })
  return made
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

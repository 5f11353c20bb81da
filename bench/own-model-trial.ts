/**
 * Which features and which kind of head an own model has, by trial on neutral pictures: nested cross-validation over groups.
 *
 * `npm run bench -- own-model-trial labels=CSV exhibit=DIR`: as own-model. Features besides the backbones: the dense layer of
 * InceptionV3 (of every picture, and only where a scan runs it), and results of the scan (kind, faces, person, classes). Kinds
 * of head: logistic, boosted trees, a network of one hidden layer; rounds and ridge are chosen inside each training part.
 * `positives=N negatives=N` takes so many of the table, the first by digest.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MODELS_DIR } from '../src/base/version.ts'
import { BACKBONE_IDS } from '../src/classify/backbone-ids.ts'
import { featureOf, featuresOf, tappedRunner } from '../src/classify/backbones.ts'
import { type ImageClassifiers, type Looked, loadClassifiers } from '../src/classify/index.ts'
import { openModel } from '../src/classify/models.ts'
import { runnerTaking } from '../src/classify/session.ts'
import { tapped } from '../src/classify/tapped-model.ts'
import type { Pixels } from '../src/contracts/content.ts'
import { decodePicture, loadDecoders } from '../src/formats/media/picture/decode.ts'
import { toPixels } from '../src/formats/media/pixels/scale.ts'
import { pdqFromRgb } from '../src/hash/pdq.ts'
import { foldsOf, groupsOf } from '../src/learn/groups.ts'
import { heldOut, type Problem } from '../src/learn/held-out.ts'
import { parseLabelled } from '../src/learn/labelled.ts'
import { areaOf, atRate } from '../src/learn/measures.ts'
import type { TrainingRow } from '../src/learn/rows.ts'
import { boosted } from './own-model-boosted.ts'
import { network } from './own-model-network.ts'

const INCEPTION = { id: 'nsfwjs-inception-v3', tensor: 't2610' } as const
const INCEPTION_IDS: readonly string[] = [INCEPTION.id, `${INCEPTION.id}-int8`]

interface Seen {
  readonly row: TrainingRow
  readonly backbones: Float32Array
  readonly inception: Float32Array
  readonly results: Float32Array
  /** Whether the cascade of a scan ran InceptionV3 or its prefilter. */
  readonly isRun: boolean
}

export async function run(args: string[]): Promise<void> {
  const option = (name: string) =>
    args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
  const seen = await seenOf(
    option('labels'),
    option('exhibit'),
    Number(option('positives')),
    Number(option('negatives')),
  )
  const rows = seen.map(({ row }) => row)
  const { of: group, count } = groupsOf(rows)
  const positive = Uint8Array.from(rows, (row) => Number(row.positive))
  const ran = seen.filter(({ isRun }) => isRun).length
  console.log(
    `${rows.length} pictures, ${positive.reduce((a, b) => a + b, 0)} positive, ${count} groups; the cascade ran InceptionV3 on ${ran}`,
  )
  const none = (of: Float32Array) => of.map(() => 0)
  const columns: Readonly<Record<string, (one: Seen) => readonly (Float32Array | readonly number[])[]>> = {
    'both backbones': (one) => [one.backbones],
    'and results of the scan': (one) => [one.backbones, one.results],
    'and InceptionV3 where it ran': (one) => [
      one.backbones,
      one.isRun ? one.inception : none(one.inception),
      [Number(one.isRun)],
    ],
    'and InceptionV3 of all': (one) => [one.backbones, one.inception],
    'InceptionV3 of all alone': (one) => [one.inception],
    'results of the scan alone': (one) => [one.results],
  }
  const problemOf = (columnsOf: (one: Seen) => readonly (Float32Array | readonly number[])[]): Problem => {
    const all = seen.map((one) => Float32Array.from(columnsOf(one).flatMap((part) => [...part])))
    const width = all[0]!.length
    const values = new Float32Array(width * all.length)
    for (const [i, one] of all.entries()) values.set(one, i * width)
    return { rows, positive, group, matrix: { values, width, from: 0, to: width } }
  }
  const say = (name: string, logits: Float64Array, startMs: number) => {
    const of = { logits, positive, group }
    const at = atRate(of, 0.05)?.recall
    const area = areaOf(of)
    const interval = at && `${at.value.toFixed(3)} (${at.low.toFixed(2)} to ${at.high.toFixed(2)})`
    console.log(
      `${name.padEnd(32)} recall at 5 %: ${interval}  area ${area?.value.toFixed(4)} (${area?.low.toFixed(3)} to ${area?.high.toFixed(3)})  ${((performance.now() - startMs) / 1000).toFixed(0)} s`,
    )
  }
  for (const [name, columnsOf] of Object.entries(columns)) {
    const startMs = performance.now()
    say(name, heldOut(problemOf(columnsOf)).logits, startMs)
  }
  const problem = problemOf(columns['both backbones']!)
  const kinds = {
    'boosted trees, both backbones': nested(problem, [50, 150], (use, out, choices) =>
      boosted(problem.matrix, positive, use, out, choices),
    ),
    'a network, both backbones': nested(
      problem,
      [0.01, 0.001],
      (use, out, choices) =>
        new Map(choices.map((ridge) => [ridge, network(problem.matrix, positive, use, out, ridge)])),
    ),
  }
  for (const [name, logitsOf] of Object.entries(kinds)) {
    const startMs = performance.now()
    say(name, logitsOf(), startMs)
  }
}

type Fit = (
  use: readonly number[],
  out: readonly number[],
  choices: readonly number[],
) => Map<number, Float64Array>

/** Logits of every row by a head of other groups; its choice is the one of least loss inside the training part. */
function nested(
  { rows, group, positive }: Problem,
  choices: readonly number[],
  headOf: Fit,
): () => Float64Array {
  return () => {
    const all = rows.map((_, i) => i)
    const [outer, logits] = [foldsOf(rows, group, all, 5), new Float64Array(rows.length)]
    for (let f = 0; f < 5; f++) {
      const [use, out] = [all.filter((i) => outer[i] !== f), all.filter((i) => outer[i] === f)]
      const inner = foldsOf(rows, group, use, 2)
      const [train, held] = [use.filter((i) => inner[i] === 0), use.filter((i) => inner[i] === 1)]
      const loss = (found: Float64Array) =>
        found.reduce((sum, z, n) => sum + Math.log1p(Math.exp(positive[held[n]!] === 1 ? -z : z)), 0)
      const tried = [...headOf(train, held, choices)].sort(([, a], [, b]) => loss(a) - loss(b))
      const chosen = tried[0]![0]
      for (const [n, logit] of headOf(use, out, [chosen]).get(chosen)!.entries()) logits[out[n]!] = logit
    }
    return logits
  }
}

async function seenOf(
  labels: string,
  exhibit: string,
  positives: number,
  negatives: number,
): Promise<readonly Seen[]> {
  await loadDecoders()
  const classifiers = await loadClassifiers(MODELS_DIR)
  const backbones = BACKBONE_IDS.map((id) => tappedRunner(MODELS_DIR, featureOf(MODELS_DIR, id)))
  const { card, take } = openModel(MODELS_DIR, INCEPTION.id)
  const inception = runnerTaking({ card, take: () => tapped(take(), INCEPTION.tensor) }, INCEPTION.tensor)
  const table = parseLabelled(readFileSync(labels), labels).map((one) => {
    const bytes = readFileSync(join(exhibit, (one.content as { readonly path: string }).path))
    return { one, sha256: createHash('sha256').update(bytes).digest('hex') }
  })
  table.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
  const of = (is: boolean, most: number) =>
    table.filter(({ one }) => one.positive === is).slice(0, most || undefined)
  const seen: Seen[] = []
  for (const { one, sha256 } of [...of(true, positives), ...of(false, negatives)]) {
    const bytes = readFileSync(join(exhibit, (one.content as { readonly path: string }).path))
    const decoded = await decodePicture(bytes, 'image/jpeg', { pixels: 1e8 })
    if (!decoded.ok) continue
    const { data, width, height, channels } = decoded.picture
    const { hex, quality } = pdqFromRgb(data, width, height, channels)
    const pixels = await toPixels(decoded.picture)
    const { results, isRun } = await resultsOf(classifiers, pixels)
    seen.push({
      row: { sha256, positive: one.positive, cases: [one.case], pdq: quality < 50 ? null : hex },
      backbones: await featuresOf(backbones, pixels),
      inception: Float32Array.from(await inception.features(pixels)),
      results,
      isRun,
    })
  }
  return seen
}

async function resultsOf(classifiers: ImageClassifiers, pixels: Pixels) {
  const { scores, attributes, faces }: Looked = await classifiers.classify(pixels)
  const strongest = (label: string) =>
    Math.max(0, ...scores.filter((one) => one.label === label).map(({ scorePer10k }) => scorePer10k)) / 10_000
  const kind = attributes.find((one) => one.code === 'picture-kind')?.params
  const largest = Math.max(
    0,
    ...faces.map(({ box }) => (box.width * box.height) / (pixels.width * pixels.height)),
  )
  const results = [
    ...['photograph', 'document', 'graphic'].map((one) =>
      Number(kind !== undefined && Object.values(kind).includes(one)),
    ),
    Math.log1p(faces.length),
    largest,
    ...['person', 'drawing', 'hentai', 'neutral', 'porn', 'sexy'].map(strongest),
  ]
  return {
    results: Float32Array.from(results),
    isRun: scores.some(({ classifier }) => INCEPTION_IDS.includes(classifier)),
  }
}

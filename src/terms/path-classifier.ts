/**
 * `seized terms train`: a path classifier fitted on an agency's own labelled paths, on its own machine.
 *
 * After Al-Nabki et al. 2023: runs of letters and spelling marks of folder and name, hashed, and a logistic model. Paths
 * of one folder never lie on both sides of the split that the figures come from. Nothing is shipped and nothing leaves:
 * the model is sealed with the agency's passphrase, because weights of runs of letters give words away.
 */
import { bucketOf } from '../classify-text/hash-features.ts'
import { UsageError } from '../errors.ts'
import { seal, unseal } from './sealed-file.ts'
import { componentsOf, spellingOf } from './spelling.ts'

export interface LabelledPath {
  readonly path: string
  readonly concerning: boolean
}

export interface PathModel {
  readonly bias: number
  readonly weights: Float32Array
  /** Score from which one benign path in 500 is marked (the best published rate), on folders not trained on. */
  readonly threshold: number
  readonly measured: PathMeasures
}

export interface PathMeasures {
  readonly concerning: number
  readonly benign: number
  readonly folders: number
  /** Share of benign paths marked, on folders not trained on. */
  readonly falsePositiveRate: number
  /** Share of concerning paths marked, on folders not trained on. */
  readonly recall: number
}

const BUCKETS = 1 << 16
const RUNS = { from: 2, to: 5 } as const
const FOLDS = 5
const ACCEPTED_RATE = 0.002
const PASSES = 12
const LEARNING_RATE = 0.4
const RIDGE = 1e-6
const LEAST_ROWS = 20

/** @throws UsageError with fewer than 20 paths of either label, or fewer than five folders */
export function trainPathClassifier(rows: readonly LabelledPath[]): PathModel {
  const sorted = [...rows].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  const concerning = sorted.filter((row) => row.concerning).length
  if (concerning < LEAST_ROWS || sorted.length - concerning < LEAST_ROWS)
    throw new UsageError(`At least ${LEAST_ROWS} concerning and ${LEAST_ROWS} benign paths are needed.`)
  const folders = [...new Set(sorted.map(({ path }) => folderOf(path)))]
  if (folders.length < FOLDS) throw new UsageError(`The paths must lie in at least ${FOLDS} folders.`)
  const fold = new Map(folders.map((folder, i) => [folder, i % FOLDS]))
  const features = sorted.map(({ path }) => pathFeatures(path))
  const held = new Float64Array(sorted.length)
  for (let f = 0; f < FOLDS; f += 1) {
    const inFold = (i: number) => fold.get(folderOf(sorted[i]!.path)) === f
    const model = fitLinear(sorted, features, (i) => !inFold(i))
    sorted.forEach((_, i) => {
      if (inFold(i)) held[i] = scoreOf(model, features[i]!)
    })
  }
  const threshold = thresholdFor(sorted, held)
  return {
    ...fitLinear(sorted, features, () => true),
    threshold,
    measured: {
      concerning,
      benign: sorted.length - concerning,
      folders: folders.length,
      falsePositiveRate: shareAbove(sorted, held, threshold, false),
      recall: shareAbove(sorted, held, threshold, true),
    },
  }
}

/** @returns 0–1; an order, not a probability */
export function scorePath(model: PathModel, path: string): number {
  return 1 / (1 + Math.exp(-scoreOf(model, pathFeatures(path))))
}

/** Whether {@link scorePath} reaches the model's threshold. */
export function isMarked(model: PathModel, path: string): boolean {
  return scoreOf(model, pathFeatures(path)) > model.threshold
}

export function sealPathModel(model: PathModel, passphrase: string): Buffer {
  const { weights, ...rest } = model
  const head = Buffer.from(JSON.stringify(rest))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  return seal(
    'path-model',
    Buffer.concat([length, head, Buffer.from(weights.buffer, weights.byteOffset, weights.byteLength)]),
    passphrase,
  )
}

export function openPathModel(file: Buffer, passphrase: string): PathModel {
  const content = unseal('path-model', file, passphrase)
  const headEnd = 4 + content.readUInt32LE(0)
  const weights = new Float32Array(BUCKETS)
  Buffer.from(weights.buffer).set(content.subarray(headEnd, headEnd + weights.byteLength))
  return { ...(JSON.parse(content.toString('utf8', 4, headEnd)) as Omit<PathModel, 'weights'>), weights }
}

/** Buckets of the name, of its folder and of all folders, with marks for how the name is spelt. */
export function pathFeatures(path: string): readonly number[] {
  const components = componentsOf(path)
  const found = new Set<number>()
  components.forEach(({ text }, i) => {
    const group = i === components.length - 1 ? 'name' : i === components.length - 2 ? 'folder' : 'above'
    const { letters } = spellingOf(text)
    const marked = `^${letters}$`
    for (let length = RUNS.from; length <= RUNS.to; length += 1)
      for (let at = 0; at + length <= marked.length; at += 1)
        found.add(bucketOf(group, marked.slice(at, at + length), BUCKETS))
    if (group === 'name') for (const mark of marksOf(text)) found.add(bucketOf('mark', mark, BUCKETS))
  })
  return [...found].sort((a, b) => a - b)
}

function marksOf(name: string): string[] {
  return [
    `digits ${Math.min(4, (name.match(/\p{N}/gu) ?? []).length)}`,
    `words ${Math.min(8, name.split(/[\s_.-]+/).length)}`,
    /[\p{L}]\p{N}[\p{L}]/u.test(name) ? 'digit in word' : 'no digit in word',
    /\(|\[/.test(name) ? 'bracket' : 'no bracket',
    `length ${Math.min(10, Math.floor(name.length / 8))}`,
  ]
}

interface Linear {
  readonly bias: number
  readonly weights: Float32Array
}

/** AdaGrad over the sorted rows, interleaved by a fixed stride: the same rows give the same model. */
function fitLinear(
  rows: readonly LabelledPath[],
  features: readonly (readonly number[])[],
  use: (i: number) => boolean,
): Linear {
  const used = rows.flatMap((_, i) => (use(i) ? [i] : []))
  const positives = used.filter((i) => rows[i]!.concerning).length
  const balance = (concerning: boolean) =>
    used.length / (2 * Math.max(1, concerning ? positives : used.length - positives))
  const weights = new Float32Array(BUCKETS)
  const squares = new Float32Array(BUCKETS).fill(1)
  let bias = 0
  let biasSquares = 1
  const stride = coprimeStride(used.length)
  for (let pass = 0; pass < PASSES; pass += 1) {
    for (let step = 0; step < used.length; step += 1) {
      const i = used[(pass * 131 + step * stride) % used.length]!
      const scale = 1 / Math.sqrt(Math.max(1, features[i]!.length))
      const p = 1 / (1 + Math.exp(-scoreOf({ bias, weights }, features[i]!)))
      const slope = balance(rows[i]!.concerning) * (p - Number(rows[i]!.concerning))
      biasSquares += slope ** 2
      bias -= (LEARNING_RATE * slope) / Math.sqrt(biasSquares)
      for (const bucket of features[i]!) {
        const g = slope * scale + RIDGE * weights[bucket]!
        squares[bucket] = squares[bucket]! + g ** 2
        weights[bucket] = weights[bucket]! - (LEARNING_RATE * g) / Math.sqrt(squares[bucket]!)
      }
    }
  }
  return { bias, weights }
}

function scoreOf({ bias, weights }: Linear, features: readonly number[]): number {
  let sum = 0
  for (const bucket of features) sum += weights[bucket]!
  return bias + sum / Math.sqrt(Math.max(1, features.length))
}

function thresholdFor(rows: readonly LabelledPath[], scores: Float64Array): number {
  const benign = rows.flatMap((row, i) => (row.concerning ? [] : [scores[i]!])).sort((a, b) => b - a)
  return benign[Math.floor(ACCEPTED_RATE * benign.length)]!
}

function shareAbove(
  rows: readonly LabelledPath[],
  scores: Float64Array,
  threshold: number,
  concerning: boolean,
): number {
  const of = rows.flatMap((row, i) => (row.concerning === concerning ? [scores[i]!] : []))
  return of.filter((score) => score > threshold).length / of.length
}

function folderOf(path: string): string {
  return path.replace(/[/\\][^/\\]*$/, '')
}

/** A step that visits every row once: about the golden section of the count, without a common divisor. */
function coprimeStride(count: number): number {
  let stride = Math.max(1, Math.floor(count * 0.618))
  while (divisor(stride, count) !== 1) stride += 1
  return stride
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b)
}

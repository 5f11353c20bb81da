/**
 * `seized terms train`: a path classifier fitted on an agency's own labelled paths, on its own machine.
 *
 * After Al-Nabki et al. 2023: runs of letters and spelling marks of folder and name, hashed, and a logistic model.
 * Paths of one folder are never on both sides of the split for the figures.
 * No data leave the machine. The model is sealed with the agency's passphrase, because weights of letter runs reveal
 * words.
 */

import { UsageError } from '../base/errors.ts'
import { fitLinear, scoreOf } from './fit-linear.ts'
import { BUCKETS, nameBuckets, pathFeatures, runsOf } from './path-features.ts'
import { seal, unseal } from './sealed-file.ts'
import { componentsOf } from './spelling.ts'

export interface LabelledPath {
  readonly path: string
  readonly concerning: boolean
}

export interface PathModel {
  readonly bias: number
  readonly weights: Float32Array
  /**
   * Above it at most one benign path in 500 is marked (the best published rate), on folders outside the training. It is
   * never below the score of a path without known features.
   */
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

const FOLDS = 5
const ACCEPTED_RATE = 0.002
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
  const fitted = fitLinear(sorted, features, () => true)
  // A path without known features scores the bias, and must not be marked, however easy the given rows were.
  const threshold = Math.max(thresholdFor(sorted, held), fitted.bias, 0)
  return {
    ...fitted,
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

/**
 * Scores paths; the folders above many names are scored once.
 * @returns parts per 10,000: 5,000 and more exactly where the score passes the model's threshold; an order, not a
 *   probability
 */
export function pathScorer(model: PathModel): (path: string) => number {
  let last: Folders | null = null
  return (given) => {
    const path = given.replace(/[/\\]+$/, '')
    const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
    const above = path.slice(0, at + 1)
    if (last?.path !== above) last = foldersOf(model, above)
    return per10k(scoreBelow(model, last, path.slice(at + 1)) - model.threshold)
  }
}

/** The slow and obvious way. */
export function scorePath(model: PathModel, path: string): number {
  return per10k(scoreOf(model, pathFeatures(path)) - model.threshold)
}

function per10k(aboveThreshold: number): number {
  const score = Math.round(10_000 / (1 + Math.exp(-aboveThreshold)))
  return aboveThreshold > 0 ? Math.max(5000, score) : Math.min(4999, score)
}

interface Folders {
  readonly path: string
  readonly buckets: ReadonlySet<number>
  readonly sum: number
}

function foldersOf(model: PathModel, path: string): Folders {
  const components = componentsOf(path, 'folders')
  const buckets = new Set<number>()
  components.forEach(({ text }, i) => {
    for (const one of runsOf(i === components.length - 1 ? 'folder' : 'above', text)) buckets.add(one)
  })
  let sum = 0
  for (const bucket of buckets) sum += model.weights[bucket]!
  return { path, buckets, sum }
}

function scoreBelow({ bias, weights }: PathModel, folders: Folders, name: string): number {
  let { sum } = folders
  let count = folders.buckets.size
  const [component] = componentsOf(name)
  for (const bucket of component ? nameBuckets(component.text) : []) {
    if (folders.buckets.has(bucket)) continue
    sum += weights[bucket]!
    count += 1
  }
  return bias + sum / Math.sqrt(Math.max(1, count))
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

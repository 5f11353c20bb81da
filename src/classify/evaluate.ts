/**
 * `seized model evaluate`: how well the scores do on pictures that an agency has labelled itself.
 *
 * Only aggregates leave: counts, rates and intervals. No path, no score of a single picture, no picture.
 */
import { join } from 'node:path'
import { UsageError } from '../base/errors.ts'
import type { Score } from '../contracts/finding.ts'
import { readLabels } from './labels.ts'
import { areaUnderCurve, type Interval, predictiveValue, thresholdAt, wilson } from './statistics.ts'

export interface EvaluateOptions {
  /**
   * CSV with a column `path` (below `exhibitDir`) and one column for each label that was judged: 1, 0, or empty for not
   * judged. Column names are labels of scores (`explicit`, `apparent-minor`, `neutral` …).
   */
  readonly labelsCsv: string
  readonly exhibitDir: string
  /** Share of positives in the material to be examined, 0–1, for the predictive value. */
  readonly prevalence: number
  /** Scores of one file, or null when it could not be decoded. The caller decodes in an isolated child. */
  readonly scoresOf: (path: string) => Promise<readonly Score[] | null>
}

export interface Evaluation {
  readonly files: number
  /** Files without scores: they count as not marked, in every rate. */
  readonly undecoded: number
  readonly prevalence: number
  readonly scores: readonly LabelEvaluation[]
}

/** One score (classifier and label) against the column of that label. */
export interface LabelEvaluation {
  readonly classifier: string
  readonly modelSha256: string
  readonly label: string
  readonly positives: number
  readonly negatives: number
  /** At the threshold in force; null where the label has none. */
  readonly atThreshold: OperatingPoint | null
  /** At thresholds that mark 5, 1 and 0.1 % of the negatives; chosen on the same pictures, so optimistic. */
  readonly atFalsePositiveRate: readonly (OperatingPoint & { readonly targetRate: number })[]
  readonly areaUnderCurve: Interval | null
  /** (false positive rate, recall) at each of at most 101 thresholds, from strict to lax. */
  readonly roc: readonly (readonly [number, number])[]
  /** Share of all files that a person sees, strongest first, until this share of the positives is seen. */
  readonly workToFind: readonly { readonly recall: number; readonly shareSeen: number | null }[]
}

export interface OperatingPoint {
  readonly thresholdPer10k: number
  readonly recall: Interval | null
  readonly falsePositiveRate: Interval | null
  /** In this sample, with its own share of positives. */
  readonly precision: Interval | null
  /** Predictive value at the stated prevalence. */
  readonly predictiveValue: { readonly value: number; readonly low: number; readonly high: number } | null
}

/** @throws UsageError when the table cannot be used; no picture is read then */
export async function evaluateModel(options: EvaluateOptions): Promise<Evaluation> {
  const { exhibitDir, prevalence, scoresOf } = options
  if (!(prevalence > 0 && prevalence < 1)) {
    throw new UsageError('The prevalence must lie between 0 and 1, for example 0.001 for one in a thousand.')
  }
  const table = readLabels(options.labelsCsv)
  const samples: Sample[] = []
  let undecoded = 0
  for (const row of table.rows) {
    const scores = await scoresOf(join(exhibitDir, row.path))
    if (scores === null) undecoded++
    samples.push({ truth: row.truth, scores: scores ?? [] })
  }
  return {
    files: samples.length,
    undecoded,
    prevalence,
    scores: scoreKinds(samples, table.labels).map((kind) => evaluateScore(kind, samples, prevalence)),
  }
}

interface Sample {
  readonly truth: ReadonlyMap<string, boolean>
  readonly scores: readonly Score[]
}

type ScoreKind = Pick<Score, 'classifier' | 'modelSha256' | 'label' | 'thresholdPer10k'>

/** Every score whose label was judged, in a fixed order. @throws UsageError when there is none */
function scoreKinds(samples: readonly Sample[], labels: readonly string[]): ScoreKind[] {
  const kinds = new Map<string, ScoreKind>()
  for (const { scores } of samples) {
    for (const { classifier, modelSha256, label, thresholdPer10k } of scores) {
      if (labels.includes(label)) {
        kinds.set(`${classifier}\0${label}`, { classifier, modelSha256, label, thresholdPer10k })
      }
    }
  }
  if (kinds.size === 0) {
    throw new UsageError(`No model gives a score named ${labels.map((l) => `“${l}”`).join(' or ')}.`)
  }
  return [...kinds.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind)
}

const TARGET_RATES = [0.05, 0.01, 0.001]
const RECALLS = [0.5, 0.8, 0.95]

function evaluateScore(kind: ScoreKind, samples: readonly Sample[], prevalence: number): LabelEvaluation {
  const positives: number[] = []
  const negatives: number[] = []
  for (const { truth, scores } of samples) {
    const positive = truth.get(kind.label)
    if (positive === undefined) continue
    const score = scores.find((s) => s.classifier === kind.classifier && s.label === kind.label)
    // No score (not decoded, no face found) is the weakest answer: such a picture is not marked.
    ;(positive ? positives : negatives).push(score?.scorePer10k ?? -1)
  }
  const at = (threshold: number) => operatingPoint(threshold, positives, negatives, prevalence)
  return {
    classifier: kind.classifier,
    modelSha256: kind.modelSha256,
    label: kind.label,
    positives: positives.length,
    negatives: negatives.length,
    atThreshold: kind.thresholdPer10k === null ? null : at(kind.thresholdPer10k),
    atFalsePositiveRate: TARGET_RATES.flatMap((targetRate) => {
      const threshold = thresholdAt(negatives, targetRate)
      // Fewer negatives than one at this rate: the sample is too small.
      if (threshold === null || negatives.length * targetRate < 1) return []
      return [{ targetRate, ...at(threshold) }]
    }),
    areaUnderCurve: areaUnderCurve(positives, negatives),
    roc: roc(positives, negatives),
    workToFind: RECALLS.map((recall) => ({ recall, shareSeen: shareSeen(positives, negatives, recall) })),
  }
}

function operatingPoint(
  thresholdPer10k: number,
  positives: readonly number[],
  negatives: readonly number[],
  prevalence: number,
): OperatingPoint {
  const marked = (scores: readonly number[]): number => scores.filter((s) => s >= thresholdPer10k).length
  const recall = wilson(marked(positives), positives.length)
  const falsePositiveRate = wilson(marked(negatives), negatives.length)
  return {
    thresholdPer10k,
    recall,
    falsePositiveRate,
    precision: wilson(marked(positives), marked(positives) + marked(negatives)),
    predictiveValue: recall && falsePositiveRate && valueAt(recall, falsePositiveRate, prevalence),
  }
}

/** The interval takes recall and false positives at their worst and best together: wide on purpose. */
function valueAt(
  recall: Interval,
  falsePositives: Interval,
  prevalence: number,
): OperatingPoint['predictiveValue'] {
  const value = predictiveValue(recall.value, falsePositives.value, prevalence)
  if (value === null) return null
  return {
    value,
    low: predictiveValue(recall.low, falsePositives.high, prevalence) ?? 0,
    high: predictiveValue(recall.high, falsePositives.low, prevalence) ?? 1,
  }
}

function roc(positives: readonly number[], negatives: readonly number[]): (readonly [number, number])[] {
  if (positives.length === 0 || negatives.length === 0) return []
  return Array.from({ length: 101 }, (_, i) => {
    const threshold = 10_000 - i * 100
    const share = (scores: readonly number[]) => scores.filter((s) => s >= threshold).length / scores.length
    return [share(negatives), share(positives)] as const
  })
}

/** Ties count at their worst: negatives of a score are seen before its positives. */
function shareSeen(
  positives: readonly number[],
  negatives: readonly number[],
  recall: number,
): number | null {
  if (positives.length === 0) return null
  const weakest = [...positives].sort((a, b) => b - a)[Math.ceil(positives.length * recall) - 1]!
  const seen = negatives.filter((s) => s >= weakest).length + Math.ceil(positives.length * recall)
  return seen / (positives.length + negatives.length)
}

/** Trains a head and measures it as a laboratory must: split by case and by near duplicate, and beside it the trap. */
import { headOnnx } from '../classify/head-onnx.ts'
import type { Interval } from '../classify/statistics.ts'
import { groupsOf } from './groups.ts'
import { fitted, heldOut, type Problem, scored } from './held-out.ts'
import { folded } from './logistic.ts'
import {
  type AsUsed,
  type AtRate,
  areaOf,
  asUsed,
  atRate,
  byGroup,
  type CalibrationBin,
  calibrationOf,
} from './measures.ts'
import { LEAST, LEAST_FOR_ALERT, type TrainingSet } from './rows.ts'

const [LEAD_RATE, ALERT_RATE] = [0.01, 0.001]
/** Parts of each training that the learning curve is measured with. */
const CURVE = [
  { share: 0.25, every: 4 },
  { share: 0.5, every: 2 },
] as const

export interface Trained {
  readonly onnx: Buffer
  readonly leadPer10k: number
  readonly alertPer10k: number | null
  readonly positives: number
  readonly clusters: number
  readonly measured: Measured
}

export interface Measured {
  /** Groups of rows that no split divides: cases, joined where they share near duplicates. */
  readonly groups: number
  readonly folds: number
  readonly ridge: number
  readonly ridges: readonly number[]
  readonly areaUnderCurve: Interval | null
  readonly recallAt: readonly Recall[]
  /** With the threshold of the other folds: nothing was chosen on the rows that are counted. */
  readonly asUsed: AsUsed
  readonly byGroup: readonly (AsUsed & { readonly group: string; readonly value: string })[]
  readonly calibration: readonly CalibrationBin[]
  readonly learningCurve: readonly { readonly share: number; readonly recallAt: readonly Recall[] }[]
  /** The baseline: colours alone, the same split. */
  readonly coloursAlone: readonly Recall[]
  /** The trap: rows split one by one, so that series stand on both sides. Not a result. */
  readonly withoutGroups: readonly Recall[]
}

export interface Recall {
  readonly rate: number
  readonly recall: Interval
}

/** @throws RangeError, in words, when the rows are too few or too alike to be measured */
export function train({ rows, values, width, colours }: TrainingSet): Trained {
  const groups = groupsOf(rows)
  const positive = Uint8Array.from(rows, ({ positive }) => (positive ? 1 : 0))
  requireEnough(positive, groups.of)
  const problem: Problem = {
    rows,
    positive,
    group: groups.of,
    matrix: { values, width, from: 0, to: width - colours },
  }
  const out = heldOut(problem)
  const by = (logits: Float64Array) => ({ logits, positive, group: groups.of })
  const lead = atRate(by(out.logits), LEAD_RATE)
  if (lead === null) throw new RangeError('one in a hundred of the negatives is less than one content')
  const alert =
    positive.length - countOf(positive) < LEAST_FOR_ALERT ? null : atRate(by(out.logits), ALERT_RATE)
  const used = (isCounted?: (row: number) => boolean) =>
    asUsed(by(out.logits), out.fold, out.folds, LEAD_RATE, isCounted)
  const model = folded(
    fitted(
      problem.matrix,
      positive,
      rows.map((_, i) => i),
      out.ridge,
    ),
  )
  const scoredWith = (changed: Partial<Problem>, fold: Int32Array, keep?: (row: number) => boolean) =>
    recalls(by(scored({ ...problem, ...changed }, fold, out.folds, () => out.ridge, keep).logits))
  return {
    onnx: headOnnx(Float32Array.from(model.weights), model.bias - lead.threshold),
    leadPer10k: 5000,
    alertPer10k:
      alert && Math.min(10_000, Math.ceil(10_000 / (1 + Math.exp(lead.threshold - alert.threshold)))),
    positives: countOf(positive),
    clusters: groups.clusters,
    measured: {
      groups: groups.count,
      folds: out.folds,
      ridge: out.ridge,
      ridges: out.ridges,
      areaUnderCurve: areaOf(by(out.logits)),
      recallAt: [lead, ...(alert ? [alert] : [])].map(recallOf),
      asUsed: used(),
      byGroup: byGroup(rows, used),
      calibration: calibrationOf(by(out.logits)),
      learningCurve: CURVE.map(({ share, every }) => ({
        share,
        recallAt: scoredWith({}, out.fold, everyNth(positive, every)),
      })),
      coloursAlone: scoredWith({ matrix: { values, width, from: width - colours, to: width } }, out.fold),
      withoutGroups: recalls(by(heldOut({ ...problem, group: Int32Array.from(rows, (_, i) => i) }).logits)),
    },
  }

  function recalls(of: Parameters<typeof atRate>[0]): Recall[] {
    return [atRate(of, LEAD_RATE), alert && atRate(of, ALERT_RATE)].flatMap((one) =>
      one === null ? [] : [recallOf(one)],
    )
  }
}

function recallOf({ rate, recall }: AtRate): Recall {
  return { rate, recall }
}

/** Every n-th row of each label. */
function everyNth(positive: Uint8Array, n: number): (row: number) => boolean {
  const seen = [0, 0]
  const kept = Uint8Array.from(positive, (label) => (seen[label]!++ % n === 0 ? 1 : 0))
  return (row) => kept[row] === 1
}

function countOf(positive: Uint8Array): number {
  return positive.reduce((sum, one) => sum + one, 0)
}

function requireEnough(positive: Uint8Array, group: Int32Array): void {
  const positives = countOf(positive)
  const negatives = positive.length - positives
  if (positives < LEAST.positives || negatives < LEAST.negatives)
    throw new RangeError(
      `there are ${positives} positive and ${negatives} negative contents that a model judges, and at least ${LEAST.positives} and ${LEAST.negatives} are needed`,
    )
  for (const [label, word] of ['negative', 'positive'].entries()) {
    const groups = new Set(Array.from(group).filter((_, i) => positive[i] === label)).size
    if (groups < LEAST.groups)
      throw new RangeError(
        `the ${word} contents come from ${groups} ${groups === 1 ? 'case' : 'cases'} without a near duplicate in common, and at least ${LEAST.groups} are needed to keep a case out of the training that it is measured with`,
      )
  }
}

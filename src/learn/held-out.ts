/**
 * Scores of every row by a model that saw no row of its group: the only figures that say anything about the next case. The
 * regularisation is chosen inside each training part, by the same rule.
 */
import { foldsOf } from './groups.ts'
import { fitLogistic, type Logistic, logitsOf, type Matrix, scaleOf } from './logistic.ts'
import type { TrainingRow } from './rows.ts'

/** From strong to weak: each begins with the weights of the one before. */
const RIDGES = [1, 0.1, 0.01, 0.001] as const
const FOLDS = 5
const INNER_FOLDS = 3

export interface Problem {
  readonly rows: readonly TrainingRow[]
  readonly positive: Uint8Array
  readonly group: Int32Array
  readonly matrix: Matrix
}

export interface HeldOut {
  /** Of each row, by the model of the fold that it was kept from. */
  readonly logits: Float64Array
  readonly fold: Int32Array
  readonly folds: number
  /** Chosen in each fold, and over all of them. */
  readonly ridges: readonly number[]
  readonly ridge: number
}

/** @throws RangeError when a part of a split has rows of one label alone */
export function heldOut(problem: Problem): HeldOut {
  const all = problem.rows.map((_, i) => i)
  const folds = foldCount(problem, all, FOLDS)
  const fold = foldsOf(problem.rows, problem.group, all, folds)
  const sums = RIDGES.map(() => 0)
  const chosen = Array.from({ length: folds }, (_, f) => {
    const use = all.filter((i) => fold[i] !== f)
    const losses = innerLosses(problem, use)
    for (const [k, loss] of losses.entries()) sums[k]! += loss
    return leastOf(losses)
  })
  const { logits } = scored(problem, fold, folds, (f) => chosen[f]!)
  return { logits, fold, folds, ridges: chosen, ridge: leastOf(sums) }
}

/** Every row by the model of the other folds. @param keep which rows of a training part are used; absent: all */
export function scored(
  { rows, positive, matrix }: Problem,
  fold: Int32Array,
  folds: number,
  ridgeOf: (fold: number) => number,
  keep: (row: number) => boolean = () => true,
): { readonly logits: Float64Array } {
  const logits = new Float64Array(rows.length)
  for (let f = 0; f < folds; f++) {
    const use = rows.flatMap((_, i) => (fold[i] !== f && keep(i) ? [i] : []))
    const out = rows.flatMap((_, i) => (fold[i] === f ? [i] : []))
    const model = fitted(matrix, positive, use, ridgeOf(f))
    for (const [n, logit] of logitsOf(matrix, model, out).entries()) logits[out[n]!] = logit
  }
  return { logits }
}

/** One model of all ridges down to this one, so that it begins where the search began. */
export function fitted(
  matrix: Matrix,
  positive: Uint8Array,
  use: readonly number[],
  ridge: number,
): Logistic {
  requireBoth(positive, use)
  const scale = scaleOf(matrix, use)
  let model: Logistic | undefined
  for (const one of RIDGES.filter((one) => one >= ridge))
    model = fitLogistic(matrix, positive, use, scale, one, model)
  return model!
}

/** Mean log loss of each ridge on rows that were kept out, inside these rows; infinite where it was not tried. */
function innerLosses(problem: Problem, use: readonly number[]): number[] {
  const { rows, positive, group, matrix } = problem
  const folds = foldCount(problem, use, INNER_FOLDS)
  // One group of a label: nothing inside can be kept out, and the second strongest ridge is taken.
  if (folds < 2) return RIDGES.map((_, k) => (k === 1 ? 0 : 1))
  const fold = foldsOf(rows, group, use, folds)
  const parts = Array.from({ length: folds }, (_, f) => {
    const train = use.filter((i) => fold[i] !== f)
    requireBoth(positive, train)
    return { train, out: use.filter((i) => fold[i] === f), scale: scaleOf(matrix, train) }
  })
  const models: (Logistic | undefined)[] = parts.map(() => undefined)
  const losses = RIDGES.map(() => Number.POSITIVE_INFINITY)
  for (const [k, ridge] of RIDGES.entries()) {
    let sum = 0
    for (const [f, { train, out, scale }] of parts.entries()) {
      const model = fitLogistic(matrix, positive, train, scale, ridge, models[f])
      models[f] = model
      for (const [n, logit] of logitsOf(matrix, model, out).entries())
        sum += lossOf(logit, positive[out[n]!]!) / use.length
    }
    losses[k] = sum
    // Weaker ridges cost most and fit the series: after the first that is no better, none is tried.
    if (k > 0 && sum >= losses[k - 1]!) break
  }
  return losses
}

/** log(1 + e^−|z|) never overflows. */
function lossOf(logit: number, positive: number): number {
  return Math.max(logit, 0) - logit * positive + Math.log1p(Math.exp(-Math.abs(logit)))
}

/** As many folds as there are groups of either label, at most this many. */
function foldCount({ rows, group }: Problem, use: readonly number[], most: number): number {
  const groupsWith = (label: boolean) =>
    new Set(use.filter((i) => rows[i]!.positive === label).map((i) => group[i]!)).size
  return Math.min(most, groupsWith(true), groupsWith(false))
}

/** Of equal losses the strongest ridge. */
function leastOf(losses: readonly number[]): number {
  let best = 0
  for (const [k, loss] of losses.entries()) if (loss < losses[best]!) best = k
  return RIDGES[best]!
}

function requireBoth(positive: Uint8Array, use: readonly number[]): void {
  const positives = use.reduce((sum, i) => sum + positive[i]!, 0)
  if (positives === 0 || positives === use.length)
    throw new RangeError('a part of the split by case has rows of one label alone')
}

/**
 * Logistic regression with a ridge, by L-BFGS in float64. There is no chance in it and every sum runs in the order of the
 * rows, so that the same rows give the same weights, bit for bit.
 * @see J. Nocedal, "Updating quasi-Newton matrices with limited storage", Mathematics of Computation 35, 1980
 */

export interface Matrix {
  /** Row by row. */
  readonly values: Float32Array
  readonly width: number
  /** Columns that count: from (inclusive) and to (exclusive). */
  readonly from: number
  readonly to: number
}

/** On standardised columns: (value − mean) / deviation. */
export interface Logistic {
  readonly bias: number
  readonly weights: Float64Array
  readonly scale: Scale
}

export interface Scale {
  readonly mean: Float64Array
  /** 1 / deviation; 0 for a column that does not vary. */
  readonly inverse: Float64Array
}

const PAIRS = 8
const MOST_STEPS = 120
/** Of the largest part of the gradient of the mean loss. */
const STILL = 1e-4

export function scaleOf({ values, width, from, to }: Matrix, use: readonly number[]): Scale {
  const size = to - from
  const mean = new Float64Array(size)
  const square = new Float64Array(size)
  for (const i of use)
    for (let j = 0, at = i * width + from; j < size; j++, at++) mean[j] = mean[j]! + values[at]!
  for (let j = 0; j < size; j++) mean[j] = mean[j]! / use.length
  for (const i of use)
    for (let j = 0, at = i * width + from; j < size; j++, at++) {
      const away = values[at]! - mean[j]!
      square[j] = square[j]! + away * away
    }
  const inverse = square.map((sum) => (sum / use.length > 1e-12 ? 1 / Math.sqrt(sum / use.length) : 0))
  return { mean, inverse }
}

/**
 * Minimises mean log loss + ridge / 2 × |weights|².
 * @param start weights to begin with, of a stronger ridge
 */
export function fitLogistic(
  matrix: Matrix,
  positive: Uint8Array,
  use: readonly number[],
  scale: Scale,
  ridge: number,
  start?: Logistic,
): Logistic {
  const size = matrix.to - matrix.from
  let at = new Float64Array(size + 1)
  if (start) {
    at.set(start.weights)
    at[size] = start.bias
  } else {
    const share = use.reduce((sum, i) => sum + positive[i]!, 0) / use.length
    at[size] = Math.log(share / (1 - share))
  }
  let { loss, slope } = lossAt(matrix, positive, use, scale, ridge, at)
  const steps: Pair[] = []
  for (let n = 0; n < MOST_STEPS && largest(slope) > STILL; n++) {
    const direction = downhill(slope, steps)
    const fall = dot(direction, slope)
    let length = steps.length === 0 ? Math.min(1, 1 / norm(slope)) : 1
    let next = moved(at, direction, length)
    let found = lossAt(matrix, positive, use, scale, ridge, next)
    // Armijo's rule; a convex loss always allows a shorter step.
    while (found.loss > loss + 1e-4 * length * fall && length > 1e-10) {
      length /= 2
      next = moved(at, direction, length)
      found = lossAt(matrix, positive, use, scale, ridge, next)
    }
    if (length <= 1e-10) break
    const step = next.map((value, j) => value - at[j]!)
    const change = found.slope.map((value, j) => value - slope[j]!)
    const curvature = dot(step, change)
    if (curvature > 1e-12) {
      steps.push({ step, change, rho: 1 / curvature })
      if (steps.length > PAIRS) steps.shift()
    }
    at = next
    ;({ loss, slope } = found)
  }
  return { bias: at[size]!, weights: at.subarray(0, size), scale }
}

/** Logits of the rows of `use`, in its order. */
export function logitsOf(matrix: Matrix, model: Logistic, use: readonly number[]): Float64Array {
  const { weights, bias } = folded(model)
  return Float64Array.from(use, (i) => bias + product(matrix, i, weights))
}

/** The same model on columns as they are. */
export function folded({ bias, weights, scale }: Logistic): { weights: Float64Array; bias: number } {
  const plain = weights.map((weight, j) => weight * scale.inverse[j]!)
  return { weights: plain, bias: bias - dot(plain, scale.mean) }
}

interface Pair {
  readonly step: Float64Array
  readonly change: Float64Array
  readonly rho: number
}

function lossAt(
  matrix: Matrix,
  positive: Uint8Array,
  use: readonly number[],
  scale: Scale,
  ridge: number,
  at: Float64Array,
): { loss: number; slope: Float64Array } {
  const size = at.length - 1
  const { weights, bias } = folded({ bias: at[size]!, weights: at.subarray(0, size), scale })
  const sums = new Float64Array(size)
  const { values, width, from } = matrix
  let loss = 0
  let away = 0
  for (const i of use) {
    const logit = bias + product(matrix, i, weights)
    const isPositive = positive[i]!
    // log(1 + e^−|z|) never overflows.
    loss += Math.max(logit, 0) - logit * isPositive + Math.log1p(Math.exp(-Math.abs(logit)))
    const rest = 1 / (1 + Math.exp(-logit)) - isPositive
    away += rest
    for (let j = 0, p = i * width + from; j < size; j++, p++) sums[j] = sums[j]! + rest * values[p]!
  }
  const slope = new Float64Array(size + 1)
  let squares = 0
  for (let j = 0; j < size; j++) {
    slope[j] = ((sums[j]! - away * scale.mean[j]!) * scale.inverse[j]!) / use.length + ridge * at[j]!
    squares += at[j]! * at[j]!
  }
  slope[size] = away / use.length
  return { loss: loss / use.length + (ridge / 2) * squares, slope }
}

function product({ values, width, from }: Matrix, row: number, weights: Float64Array): number {
  let sum = 0
  for (let j = 0, p = row * width + from; j < weights.length; j++, p++) sum += weights[j]! * values[p]!
  return sum
}

function downhill(slope: Float64Array, steps: readonly Pair[]): Float64Array {
  const direction = slope.map((value) => -value)
  const alphas: number[] = []
  for (let k = steps.length - 1; k >= 0; k--) {
    const { step, change, rho } = steps[k]!
    const alpha = rho * dot(step, direction)
    alphas[k] = alpha
    for (let j = 0; j < direction.length; j++) direction[j] = direction[j]! - alpha * change[j]!
  }
  const newest = steps.at(-1)
  if (newest) {
    const gamma = 1 / (newest.rho * dot(newest.change, newest.change))
    for (let j = 0; j < direction.length; j++) direction[j] = direction[j]! * gamma
  }
  for (const [k, { step, change, rho }] of steps.entries()) {
    const beta = rho * dot(change, direction)
    for (let j = 0; j < direction.length; j++) direction[j] = direction[j]! + (alphas[k]! - beta) * step[j]!
  }
  return direction
}

function moved(at: Float64Array, direction: Float64Array, length: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(at, (value, j) => value + length * direction[j]!)
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!
  return sum
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a))
}

function largest(a: Float64Array): number {
  return a.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

/**
 * Logistic regression on a kernel: with hundreds of rows and hundreds of thousands of features, the matrix of similarities
 * between rows is the small side. Weights of features follow from the rows' coefficients.
 *
 * Everything is plain arithmetic in a fixed order: the same rows give the same weights on the same machine.
 */

export interface Fit {
  /** One coefficient a training row. */
  readonly alpha: Float64Array
  readonly bias: number
}

/**
 * @param kernel    row-major, rows×rows
 * @param positive  1 or 0 a row
 * @param weight    a row's weight in the loss
 * @param ridge     strength of regularisation
 */
export function fitKernelLogistic(
  kernel: Float64Array,
  positive: readonly number[],
  weight: readonly number[],
  ridge: number,
): Fit {
  const n = positive.length
  let alpha: Float64Array = new Float64Array(n)
  let bias = 0
  for (let round = 0; round < 30; round += 1) {
    const score = multiply(kernel, alpha)
    const curvature = new Float64Array(n)
    const target = new Float64Array(n)
    for (let i = 0; i < n; i += 1) {
      const f = score[i]! + bias
      const p = 1 / (1 + Math.exp(-f))
      curvature[i] = Math.max(weight[i]! * p * (1 - p), 1e-6)
      target[i] = f + (weight[i]! * (positive[i]! - p)) / curvature[i]!
    }
    // (K + ridge·W⁻¹)·alpha + bias = target, with the alphas adding up to nought.
    const u = conjugateGradient(kernel, curvature, ridge, target, alpha)
    const v = conjugateGradient(kernel, curvature, ridge, new Float64Array(n).fill(1), null)
    const nextBias = sum(u) / sum(v)
    const next = u.map((value, i) => value - nextBias * v[i]!)
    const change = next.reduce((most, value, i) => Math.max(most, Math.abs(value - alpha[i]!)), 0)
    alpha = next
    bias = nextBias
    if (change < 1e-5) break
  }
  return { alpha, bias }
}

function conjugateGradient(
  kernel: Float64Array,
  curvature: Float64Array,
  ridge: number,
  target: Float64Array,
  start: Float64Array | null,
): Float64Array {
  const n = target.length
  const apply = (x: Float64Array) =>
    multiply(kernel, x).map((value, i) => value + (ridge * x[i]!) / curvature[i]!)
  const precondition = curvature.map((c, i) => 1 / (kernel[i * n + i]! + ridge / c))
  const x = start ? start.slice() : new Float64Array(n)
  const residual = apply(x).map((value, i) => target[i]! - value)
  let z = residual.map((r, i) => r * precondition[i]!)
  let direction = z.slice()
  let rz = dot(residual, z)
  const enough = 1e-10 * Math.max(1e-30, dot(target, target))
  for (let step = 0; step < 400 && dot(residual, residual) > enough; step += 1) {
    const applied = apply(direction)
    const length = rz / dot(direction, applied)
    for (let i = 0; i < n; i += 1) {
      x[i] = x[i]! + length * direction[i]!
      residual[i] = residual[i]! - length * applied[i]!
    }
    z = residual.map((r, i) => r * precondition[i]!)
    const next = dot(residual, z)
    direction = direction.map((d, i) => z[i]! + (next / rz) * d)
    rz = next
  }
  return x
}

function multiply(matrix: Float64Array, x: Float64Array): Float64Array {
  const n = x.length
  const out = new Float64Array(n)
  for (let i = 0, at = 0; i < n; i += 1) {
    let total = 0
    for (let j = 0; j < n; j += 1, at += 1) total += matrix[at]! * x[j]!
    out[i] = total
  }
  return out
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0
  for (let i = 0; i < a.length; i += 1) total += a[i]! * b[i]!
  return total
}

function sum(a: Float64Array): number {
  return a.reduce((total, value) => total + value, 0)
}

/** A network of one hidden layer on log loss, for the trial of heads alone: nothing that ships uses it. Every step is of all rows. */
import { type Matrix, scaleOf } from '../src/learn/logistic.ts'

const HIDDEN = 16
const STEPS = 150
const [RATE, KEEP, KEEP_SQUARE] = [0.003, 0.9, 0.999]

/** Adam. @see D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization", 2015 @returns the logits of `out` */
export function network(
  matrix: Matrix,
  positive: Uint8Array,
  use: readonly number[],
  out: readonly number[],
  ridge: number,
): Float64Array {
  const { values, width, from, to } = matrix
  const size = to - from
  const { mean, inverse } = scaleOf(matrix, use)
  const row = (i: number) =>
    Float64Array.from({ length: size }, (_, j) => (values[i * width + from + j]! - mean[j]!) * inverse[j]!)
  const rows = use.map(row)
  const weights = starting(size)
  const [first, second] = [weights.map((one) => one.map(() => 0)), weights.map((one) => one.map(() => 0))]
  for (let step = 1; step <= STEPS; step++) {
    const slopes = weights.map((one) => one.map((w) => ridge * w))
    for (const [i, x] of rows.entries()) {
      const { hidden, logit } = forward(weights, x)
      const away = (1 / (1 + Math.exp(-logit)) - positive[use[i]!]!) / rows.length
      slopes[1]![HIDDEN]! += away
      for (let k = 0; k < HIDDEN; k++) {
        slopes[1]![k]! += away * hidden[k]!
        if (hidden[k]! <= 0) continue
        const back = away * weights[1]![k]!
        const at = k * (size + 1)
        for (let j = 0; j < size; j++) slopes[0]![at + j]! += back * x[j]!
        slopes[0]![at + size]! += back
      }
    }
    for (const [layer, of] of weights.entries())
      for (let j = 0; j < of.length; j++) {
        const slope = slopes[layer]![j]!
        const m = (first[layer]![j] = KEEP * first[layer]![j]! + (1 - KEEP) * slope)
        const v = (second[layer]![j] = KEEP_SQUARE * second[layer]![j]! + (1 - KEEP_SQUARE) * slope * slope)
        of[j]! -= (RATE * (m / (1 - KEEP ** step))) / (Math.sqrt(v / (1 - KEEP_SQUARE ** step)) + 1e-8)
      }
  }
  return Float64Array.from(out, (i) => forward(weights, row(i)).logit)
}

/** The same numbers each time. */
function starting(size: number): [Float64Array, Float64Array] {
  let state = 7
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32 - 0.5
  }
  return [
    Float64Array.from({ length: HIDDEN * (size + 1) }, () => next() * Math.sqrt(12 / size)),
    Float64Array.from({ length: HIDDEN + 1 }, (_, k) => (k === HIDDEN ? 0 : next() * Math.sqrt(12 / HIDDEN))),
  ]
}

function forward([inner, outer]: readonly Float64Array[], x: Float64Array) {
  const hidden = new Float64Array(HIDDEN)
  let logit = outer![HIDDEN]!
  for (let k = 0; k < HIDDEN; k++) {
    const at = k * (x.length + 1)
    let sum = inner![at + x.length]!
    for (let j = 0; j < x.length; j++) sum += inner![at + j]! * x[j]!
    hidden[k] = Math.max(0, sum)
    logit += outer![k]! * hidden[k]!
  }
  return { hidden, logit }
}

/** Fits a logistic model on buckets of features; the same rows give the same model. */
import { BUCKETS } from './path-features.ts'

const PASSES = 12
const LEARNING_RATE = 0.4
const RIDGE = 1e-6

export interface Linear {
  readonly bias: number
  readonly weights: Float32Array
}

/** AdaGrad over the sorted rows, interleaved by a fixed stride: the same rows give the same model. */
export function fitLinear(
  rows: readonly { readonly concerning: boolean }[],
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

export function scoreOf({ bias, weights }: Linear, features: readonly number[]): number {
  let sum = 0
  for (const bucket of features) sum += weights[bucket]!
  return bias + sum / Math.sqrt(Math.max(1, features.length))
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

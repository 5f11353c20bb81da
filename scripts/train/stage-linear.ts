/** Fits one logistic head a stage over shared features. The same rows in the same order give the same weights. */
import type { Buckets } from '../../src/classify-text/hash-features.ts'
import { featureScale, STAGE_BUCKETS } from '../../src/classify-text/stage-features.ts'
import { MODEL_STAGES, type StageScorer } from '../../src/classify-text/stage-model.ts'
import { randomFrom } from './metrics.ts'

export interface StageRow {
  readonly buckets: Buckets
  /** Number of the stage, null for none. */
  readonly stage: number | null
  readonly weight: number
}

export interface StageWeights {
  /** Row-major: bucket, then stage. */
  readonly weights: Float32Array
  readonly bias: Float32Array
}

const HEADS = MODEL_STAGES.length
const PASSES = 4
const LEARNING_RATE = 0.5
/** Gradients below this change nothing that a threshold could see. */
const LEAST_GRADIENT = 2e-3

export function fitStages(rows: readonly StageRow[]): StageWeights {
  const weights = new Float32Array(STAGE_BUCKETS * HEADS)
  const squares = new Float32Array(STAGE_BUCKETS * HEADS).fill(0.05)
  const bias = new Float32Array(HEADS).fill(-4)
  const biasSquares = new Float32Array(HEADS).fill(1)
  const random = randomFrom(5)
  const order = rows.map((_, i) => i)
  for (let pass = 0; pass < PASSES; pass += 1) {
    shuffle(order, random)
    for (const i of order) {
      const { buckets, stage, weight } = rows[i]!
      const scale = featureScale(buckets)
      const logits = logitsOf(buckets, weights, bias)
      for (let h = 0; h < HEADS; h += 1) {
        const gradient = weight * (1 / (1 + Math.exp(-logits[h]!)) - (stage === h ? 1 : 0))
        if (Math.abs(gradient) < LEAST_GRADIENT) continue
        const step = gradient * scale
        for (const bucket of buckets) {
          const at = bucket * HEADS + h
          squares[at] = squares[at]! + step * step
          weights[at] = weights[at]! - (LEARNING_RATE * step) / Math.sqrt(squares[at]!)
        }
        biasSquares[h] = biasSquares[h]! + gradient * gradient
        bias[h] = bias[h]! - (0.2 * gradient) / Math.sqrt(biasSquares[h]!)
      }
    }
  }
  return { weights, bias }
}

/** The slow obvious version of src/classify-text/stage-model.ts. */
export function scorerOf({ weights, bias }: StageWeights): StageScorer {
  return async (sentences) => {
    const out = new Float32Array(sentences.length * HEADS)
    sentences.forEach((buckets, s) => {
      out.set(logitsOf(buckets, weights, bias), s * HEADS)
    })
    return out
  }
}

function logitsOf(buckets: Buckets, weights: Float32Array, bias: Float32Array): Float64Array {
  const sums = new Float64Array(HEADS)
  for (const bucket of buckets)
    for (let h = 0; h < HEADS; h += 1) sums[h] = sums[h]! + weights[bucket * HEADS + h]!
  const scale = featureScale(buckets)
  return sums.map((sum, h) => sum * scale + bias[h]!)
}

function shuffle(order: number[], random: () => number): void {
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1))
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
}

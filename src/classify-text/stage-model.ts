/**
 * The stage model: one linear head per stage over the hashed features of a sentence, run by ONNX Runtime on many
 * sentences at once.
 *
 * A sentence's buckets are laid out in rows of {@link ROW}. The sum of a sentence's rows, over the root of their
 * number, is its log-odds. The bucket after the last is for empty places and has weight zero.
 */
import { onnxRuntime } from '../classify/onnx-runtime.ts'
import type { Buckets } from './hash-features.ts'
import { featureScale, STAGE_BUCKETS } from './stage-features.ts'

/** Stages that the model has a head for, in the order of its outputs. */
export const MODEL_STAGES = [
  'secrecy',
  'risk-assessment',
  'exclusivity',
  'image-request',
  'meeting',
  'platform-move',
  'gifts',
  'threats',
  'compliance',
  'friendship',
  'minor-sign',
] as const
export type ModelStage = (typeof MODEL_STAGES)[number]

/** Log-odds of every sentence, row-major: sentence, then stage. */
export type StageScorer = (sentences: readonly Buckets[]) => Promise<Float32Array>

export const ROW = 64
/** Rows run at once: about 4 MB of gathered weights. */
const BATCH_ROWS = 2048

export async function openStageModel(onnx: Uint8Array, bias: readonly number[]): Promise<StageScorer> {
  const { InferenceSession, Tensor } = await onnxRuntime()
  const session = await InferenceSession.create(onnx, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
  })
  const heads = MODEL_STAGES.length
  return async (sentences) => {
    const out = new Float32Array(sentences.length * heads)
    for (let s = 0; s < sentences.length; s += 1) out.set(bias, s * heads)
    for (const { indices, scale, sentence } of batches(sentences)) {
      const rows = sentence.length
      const { parts } = await session.run({
        indices: new Tensor('int32', indices, [rows, ROW]),
        scale: new Tensor('float32', scale, [rows, 1]),
      })
      const added = parts!.data as Float32Array
      for (let row = 0; row < rows; row += 1)
        for (let h = 0; h < heads; h += 1) out[sentence[row]! * heads + h]! += added[row * heads + h]!
    }
    return out
  }
}

interface Batch {
  readonly indices: Int32Array
  readonly scale: Float32Array
  /** Index of the sentence of each row. */
  readonly sentence: readonly number[]
}

function* batches(sentences: readonly Buckets[]): Iterable<Batch> {
  for (let from = 0; from < sentences.length; ) {
    const sentence: number[] = []
    let to = from
    while (to < sentences.length && (to === from || sentence.length < BATCH_ROWS)) {
      for (let at = 0; at < sentences[to]!.length; at += ROW) sentence.push(to)
      to += 1
    }
    const indices = new Int32Array(sentence.length * ROW).fill(STAGE_BUCKETS)
    const scale = new Float32Array(sentence.length)
    let row = 0
    for (let s = from; s < to; s += 1) {
      const buckets = sentences[s]!
      indices.set(buckets as number[], row * ROW)
      const scaled = featureScale(buckets)
      for (let at = 0; at < buckets.length; at += ROW) scale[row++] = scaled
    }
    if (sentence.length > 0) yield { indices, scale, sentence }
    from = to
  }
}

/**
 * A linear model over groups of hashed features, run by ONNX Runtime.
 *
 * Each group (the words of a title, the word pairs of a description …) is weighted by rarity, normalised to length one
 * and multiplied with the weights of every head. The contribution of a group to a head is a separate output, so that a
 * report can name the source of a score.
 * A group that is unknown contributes the average of its kind.
 */
import '../classify/no-telemetry.ts'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Buckets } from './hash-features.ts'

export interface GroupedInput {
  /** One array a group, in the order of the model's groups. */
  readonly groups: readonly Buckets[]
  readonly known: readonly boolean[]
}

export interface GroupedOutput {
  /** One number a head: log-odds, not a probability. */
  readonly logits: Float32Array
  /** Row-major: group, then head. */
  readonly parts: Float32Array
}

export interface GroupedModel {
  score(input: GroupedInput): Promise<GroupedOutput>
  close(): Promise<void>
}

export async function openGroupedModel(onnx: Uint8Array): Promise<GroupedModel> {
  const session = await InferenceSession.create(onnx, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
  })
  return {
    async score(input) {
      const { logits, parts } = await session.run(tensorsOf(input))
      return { logits: logits!.data as Float32Array, parts: parts!.data as Float32Array }
    },
    close: () => session.release(),
  }
}

/** The three inputs of the graph that scripts/train/grouped-onnx.ts writes. */
function tensorsOf({ groups, known }: GroupedInput): Record<string, Tensor> {
  const width = Math.max(1, ...groups.map((group) => group.length))
  const indices = new BigInt64Array(groups.length * width)
  const present = new Float32Array(groups.length * width)
  groups.forEach((group, g) => {
    group.forEach((bucket, i) => {
      indices[g * width + i] = BigInt(bucket)
      present[g * width + i] = 1
    })
  })
  return {
    indices: new Tensor('int64', indices, [groups.length, width]),
    present: new Tensor('float32', present, [groups.length, width]),
    known: new Tensor('float32', Float32Array.from(known, Number), [groups.length, 1]),
  }
}

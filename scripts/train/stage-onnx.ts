/** Writes the graph that src/classify-text/stage-model.ts runs: the weights of a row's buckets, added up and scaled. */
import onnxProto from 'onnx-proto'
import { STAGE_BUCKETS } from '../../src/classify-text/stage-features.ts'
import { MODEL_STAGES, ROW } from '../../src/classify-text/stage-model.ts'
import { value } from './onnx-value.ts'

const { onnx } = onnxProto
const FLOAT = 1
const INT32 = 6
const INT64 = 7

/** @param weights row-major: bucket, then stage */
export function writeStageModel(weights: Float32Array): Uint8Array {
  const heads = MODEL_STAGES.length
  // One bucket more, for empty places.
  const padded = new Float32Array((STAGE_BUCKETS + 1) * heads)
  padded.set(weights)
  const node = (opType: string, input: string[], output: string, attribute: object[] = []) => ({
    opType,
    input,
    output: [output],
    attribute,
  })
  const int = (name: string, i: number) => ({ name, type: 2, i })
  const message = onnx.ModelProto.fromObject({
    irVersion: 8,
    producerName: 'seized',
    opsetImport: [{ domain: '', version: 13 }],
    graph: {
      name: 'stages',
      input: [value('indices', INT32, ['rows', ROW]), value('scale', FLOAT, ['rows', 1])],
      output: [value('parts', FLOAT, ['rows', heads])],
      initializer: [
        {
          name: 'weights',
          dims: [STAGE_BUCKETS + 1, heads],
          dataType: FLOAT,
          rawData: new Uint8Array(padded.buffer),
        },
        { name: 'axis1', dims: [1], dataType: INT64, rawData: new Uint8Array(BigInt64Array.of(1n).buffer) },
      ],
      node: [
        node('Gather', ['weights', 'indices'], 'gathered', [int('axis', 0)]),
        node('ReduceSum', ['gathered', 'axis1'], 'added', [int('keepdims', 0)]),
        node('Mul', ['added', 'scale'], 'parts'),
      ],
    },
  })
  const problem = onnx.ModelProto.verify(message)
  if (problem) throw new Error(`The ONNX graph is not well formed: ${problem}`)
  return onnx.ModelProto.encode(message).finish()
}

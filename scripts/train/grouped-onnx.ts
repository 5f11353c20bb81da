/** Writes the graph that src/classify-text/grouped-model.ts runs. */
import onnxProto from 'onnx-proto'
import { value } from './onnx-value.ts'

const { onnx } = onnxProto
const FLOAT = 1
const INT64 = 7

export interface GroupedWeights {
  readonly groups: number
  readonly heads: number
  /** One a bucket. */
  readonly rarity: Float32Array
  /** Row-major: bucket, then head. */
  readonly weights: Float32Array
  /** Row-major: group, then head; nought where a head does not read a group. */
  readonly groupWeights: Float32Array
  /** Row-major: group, then head; what an unknown group adds. */
  readonly absent: Float32Array
  readonly bias: Float32Array
}

export function writeGroupedModel(model: GroupedWeights): Uint8Array {
  const { groups, heads } = model
  const node = (
    opType: string,
    input: string[],
    output: string,
    ints: Record<string, number | number[]> = {},
  ) => ({
    opType,
    input,
    output: [output],
    attribute: Object.entries(ints).map(([name, value]) =>
      Array.isArray(value) ? { name, type: 7, ints: value } : { name, type: 2, i: value },
    ),
  })
  const floats = (name: string, dims: number[], data: Float32Array) => ({
    name,
    dims,
    dataType: FLOAT,
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  })
  const axis = (name: string, value: bigint) => ({
    name,
    dims: [1],
    dataType: INT64,
    rawData: new Uint8Array(BigInt64Array.of(value).buffer),
  })
  const message = onnx.ModelProto.fromObject({
    irVersion: 8,
    producerName: 'seized',
    opsetImport: [{ domain: '', version: 13 }],
    graph: {
      name: 'grouped-linear',
      input: [
        value('indices', INT64, [groups, 'features']),
        value('present', FLOAT, [groups, 'features']),
        value('known', FLOAT, [groups, 1]),
      ],
      output: [value('logits', FLOAT, [heads]), value('parts', FLOAT, [groups, heads])],
      initializer: [
        floats('rarity', [model.rarity.length], model.rarity),
        floats('weights', [model.rarity.length, heads], model.weights),
        floats('groupWeights', [groups, heads], model.groupWeights),
        floats('absent', [groups, heads], model.absent),
        floats('bias', [heads], model.bias),
        floats('least', [1], Float32Array.of(1e-12)),
        floats('one', [1], Float32Array.of(1)),
        axis('axis0', 0n),
        axis('axis1', 1n),
        axis('axis2', 2n),
      ],
      node: [
        node('Gather', ['rarity', 'indices'], 'rarities', { axis: 0 }),
        node('Mul', ['rarities', 'present'], 'x'),
        node('Mul', ['x', 'x'], 'xx'),
        node('ReduceSum', ['xx', 'axis1'], 'squared', { keepdims: 1 }),
        node('Max', ['squared', 'least'], 'atLeast'),
        node('Sqrt', ['atLeast'], 'length'),
        node('Gather', ['weights', 'indices'], 'gathered', { axis: 0 }),
        node('Unsqueeze', ['x', 'axis2'], 'xColumn'),
        node('Mul', ['gathered', 'xColumn'], 'products'),
        node('ReduceSum', ['products', 'axis1'], 'dots', { keepdims: 0 }),
        node('Div', ['dots', 'length'], 'cosines'),
        node('Mul', ['cosines', 'groupWeights'], 'found'),
        node('Mul', ['found', 'known'], 'foundKnown'),
        node('Sub', ['one', 'known'], 'unknown'),
        node('Mul', ['absent', 'unknown'], 'foundUnknown'),
        node('Add', ['foundKnown', 'foundUnknown'], 'parts'),
        node('ReduceSum', ['parts', 'axis0'], 'added', { keepdims: 0 }),
        node('Add', ['added', 'bias'], 'logits'),
      ],
    },
  })
  const problem = onnx.ModelProto.verify(message)
  if (problem) throw new Error(`The ONNX graph is not well formed: ${problem}`)
  return onnx.ModelProto.encode(message).finish()
}

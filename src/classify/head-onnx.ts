/**
 * A head as an ONNX file: one Gemm and a sigmoid. The same weights give the same bytes.
 *
 * A scan reads the weights and multiplies itself: a session for so little work took 2 % of a look, since its own code and
 * memory have left the caches while a backbone ran (docs/evidence/own-model.md).
 */
import { HEAD_INPUT, HEAD_OUTPUT } from './head-card.ts'
import { type Field, fields, GRAPH, MODEL, NODE, TENSOR, VALUE_INFO_NAME } from './onnx-file.ts'
import { message, varint } from './tapped-model.ts'

// onnx.proto3, where onnx-file.ts has no name for a field.
const [IR_VERSION, OPSET_IMPORT, OPSET_VERSION, GRAPH_NAME, TYPE] = [1, 8, 2, 2, 2]
const FLOAT = 1
const [IR, OPSET] = [8, 17]

export function headOnnx(weights: Float32Array, bias: number): Buffer {
  const size = weights.length
  const graph = [
    node('Gemm', [HEAD_INPUT, 'weights', 'bias'], 'logit'),
    node('Sigmoid', ['logit'], HEAD_OUTPUT),
    text(GRAPH_NAME, 'head'),
    message(GRAPH.initializer, tensor('weights', [size, 1], weights)),
    message(GRAPH.initializer, tensor('bias', [1], Float32Array.of(bias))),
    message(GRAPH.input, value(HEAD_INPUT, [1, size])),
    message(GRAPH.output, value(HEAD_OUTPUT, [1, 1])),
  ]
  return Buffer.concat([
    number(IR_VERSION, IR),
    message(MODEL.graph, Buffer.concat(graph)),
    message(OPSET_IMPORT, number(OPSET_VERSION, OPSET)),
  ])
}

export interface LinearHead {
  readonly weights: Float32Array
  readonly bias: number
}

/** @throws RangeError when the bytes are not exactly what {@link headOnnx} makes of these weights */
export function readHeadOnnx(bytes: Buffer): LinearHead {
  const graph = fieldOf([...fields(bytes)], MODEL.graph)
  const tensors = [...fields(graph)].filter(({ number }) => number === GRAPH.initializer)
  const [weights, bias] = tensors.map((one) => numbersOf(fieldOf([...fields(one.bytes)], TENSOR.rawData)))
  if (!weights || bias?.length !== 1 || !headOnnx(weights, bias[0]!).equals(bytes))
    throw new RangeError('it is not one layer of weights and a sigmoid')
  return { weights, bias: bias[0]! }
}

/**
 * In float64 and in the order of the columns, so that the same features give the same score on every processor.
 * @returns 0 to 1
 */
export function headScore({ weights, bias }: LinearHead, features: Float32Array): number {
  let logit = bias
  for (let j = 0; j < weights.length; j++) logit += weights[j]! * features[j]!
  return 1 / (1 + Math.exp(-logit))
}

function fieldOf(parts: readonly Field[], number: number): Buffer {
  return parts.find((part) => part.number === number)?.bytes ?? Buffer.alloc(0)
}

function numbersOf(raw: Buffer): Float32Array {
  return Float32Array.from({ length: Math.floor(raw.length / 4) }, (_, i) => raw.readFloatLE(4 * i))
}

function node(operator: string, inputs: readonly string[], output: string): Buffer {
  return message(
    GRAPH.node,
    Buffer.concat([
      ...inputs.map((name) => text(NODE.input, name)),
      text(NODE.output, output),
      text(NODE.operator, operator),
    ]),
  )
}

function tensor(name: string, dims: readonly number[], values: Float32Array): Buffer {
  const raw = Buffer.alloc(4 * values.length)
  for (const [i, one] of values.entries()) raw.writeFloatLE(one, 4 * i)
  return Buffer.concat([
    ...dims.map((dim) => number(TENSOR.dimensions, dim)),
    number(TENSOR.dataType, FLOAT),
    text(TENSOR.name, name),
    message(TENSOR.rawData, raw),
  ])
}

/** ValueInfoProto of a float tensor: type.tensor_type = { elem_type, shape { dim { dim_value } } }. */
function value(name: string, dims: readonly number[]): Buffer {
  const shape = Buffer.concat(dims.map((dim) => message(1, number(1, dim))))
  const type = Buffer.concat([number(1, FLOAT), message(2, shape)])
  return Buffer.concat([text(VALUE_INFO_NAME, name), message(TYPE, message(1, type))])
}

function text(field: number, words: string): Buffer {
  return message(field, Buffer.from(words))
}

function number(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)])
}

/** Writes a head as an ONNX file: one Gemm and a sigmoid. The same weights give the same bytes. */
import { HEAD_INPUT, HEAD_OUTPUT } from '../classify/head-card.ts'
import { GRAPH, MODEL, NODE, TENSOR, VALUE_INFO_NAME } from '../classify/onnx-file.ts'
import { message, varint } from '../classify/tapped-model.ts'

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

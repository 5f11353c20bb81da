/**
 * Declares an inner tensor of an ONNX model as one more output, so that its numbers are returned by the run that a scan
 * makes anyway. Nodes and weights stay as they are.
 */
import { fields, GRAPH, MODEL, NODE, VALUE_INFO_NAME } from './onnx-file.ts'

// onnx.proto3: ValueInfoProto.type = 2, TypeProto.tensor_type = 1, TypeProto.Tensor.elem_type = 1, FLOAT = 1.
const TYPE = 2
const FLOAT_TENSOR = Buffer.from([0x0a, 2, 0x08, 1])

/** @throws RangeError when the bytes are not a model with exactly one graph, or no node makes this tensor */
export function tapped(bytes: Buffer, tensor: string): Buffer {
  const parts = [...fields(bytes)]
  const graphs = parts.filter(({ number }) => number === MODEL.graph)
  const [graph] = graphs
  if (graph === undefined || graphs.length !== 1) throw new RangeError('the model has not exactly one graph')
  if (!isMade(graph.bytes, tensor)) throw new RangeError(`no node of the model makes the tensor “${tensor}”`)
  const output = message(
    GRAPH.output,
    Buffer.concat([message(VALUE_INFO_NAME, Buffer.from(tensor)), message(TYPE, FLOAT_TENSOR)]),
  )
  return Buffer.concat([
    bytes.subarray(0, graph.start),
    message(MODEL.graph, Buffer.concat([graph.bytes, output])),
    bytes.subarray(graph.end),
  ])
}

function isMade(graph: Buffer, tensor: string): boolean {
  for (const part of fields(graph)) {
    if (part.number !== GRAPH.node) continue
    for (const field of fields(part.bytes))
      if (field.number === NODE.output && field.bytes.toString('utf8') === tensor) return true
  }
  return false
}

/** A length-delimited field of a protobuf message. */
export function message(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content])
}

/** @param value a whole number from 0 to 2³² − 1 */
export function varint(value: number): Buffer {
  const bytes: number[] = []
  let left = value
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80)
  return Buffer.from([...bytes, left])
}

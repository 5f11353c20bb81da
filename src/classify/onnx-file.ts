/**
 * Reads just enough of an ONNX file to refuse models with weights in other files.
 *
 * A model may name “external data” by a path. The runtime would read that path, `../` included, with our rights and
 * outside the digest that the card pins. A protobuf reader of sixty lines finds it anywhere in the graph.
 */

export interface OnnxFile {
  /** Names of tensors whose data are in another file. */
  readonly externalTensors: readonly string[]
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

export interface Field {
  readonly number: number
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly wire: number
  readonly value: number
  readonly bytes: Buffer
  /** Position in the message, with its number and length. */
  readonly start: number
  readonly end: number
}

// Field numbers of onnx.proto3.
export const MODEL = { graph: 7, functions: 25 } as const
export const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, sparseInitializer: 15 } as const
export const NODE = { input: 1, output: 2, operator: 4, attribute: 5 } as const
const FUNCTION_NODE = 7
export const ATTRIBUTE = {
  name: 1,
  int: 3,
  tensor: 5,
  graph: 6,
  tensors: 10,
  graphs: 11,
  sparse: 22,
  sparses: 23,
} as const
const SPARSE = { values: 1, indices: 2 } as const
export const TENSOR = {
  dimensions: 1,
  dataType: 2,
  name: 8,
  rawData: 9,
  externalData: 13,
  dataLocation: 14,
} as const
export const VALUE_INFO_NAME = 1
const EXTERNAL = 1
const MAX_DEPTH = 16

/** @throws RangeError when the bytes are not protobuf, or nest deeper than any sane model */
export function inspectOnnx(bytes: Buffer): OnnxFile {
  const externalTensors: string[] = []
  const inputs: string[] = []
  const outputs: string[] = []
  for (const field of fields(bytes)) {
    if (field.number === MODEL.graph) {
      graph(field.bytes, 0)
      for (const part of fields(field.bytes)) {
        if (part.number === GRAPH.input) inputs.push(nameOf(part.bytes, VALUE_INFO_NAME))
        if (part.number === GRAPH.output) outputs.push(nameOf(part.bytes, VALUE_INFO_NAME))
      }
    } else if (field.number === MODEL.functions) {
      for (const part of fields(field.bytes)) if (part.number === FUNCTION_NODE) node(part.bytes, 0)
    }
  }
  return { externalTensors, inputs, outputs }

  function graph(at: Buffer, depth: number): void {
    if (depth > MAX_DEPTH) throw new RangeError('graphs nest too deep')
    for (const part of fields(at)) {
      if (part.number === GRAPH.node) node(part.bytes, depth)
      if (part.number === GRAPH.initializer) tensor(part.bytes)
      if (part.number === GRAPH.sparseInitializer) sparse(part.bytes)
    }
  }
  function node(at: Buffer, depth: number): void {
    for (const part of fields(at)) {
      if (part.number !== NODE.attribute) continue
      for (const value of fields(part.bytes)) {
        if (value.wire !== 2) continue
        if (value.number === ATTRIBUTE.tensor || value.number === ATTRIBUTE.tensors) tensor(value.bytes)
        if (value.number === ATTRIBUTE.graph || value.number === ATTRIBUTE.graphs)
          graph(value.bytes, depth + 1)
        if (value.number === ATTRIBUTE.sparse || value.number === ATTRIBUTE.sparses) sparse(value.bytes)
      }
    }
  }
  function sparse(at: Buffer): void {
    for (const part of fields(at)) {
      if (part.number === SPARSE.values || part.number === SPARSE.indices) tensor(part.bytes)
    }
  }
  function tensor(at: Buffer): void {
    for (const part of fields(at)) {
      const external =
        part.number === TENSOR.externalData ||
        (part.number === TENSOR.dataLocation && part.value === EXTERNAL)
      if (external) {
        externalTensors.push(nameOf(at, TENSOR.name))
        return
      }
    }
  }
}

function nameOf(message: Buffer, field: number): string {
  for (const part of fields(message)) if (part.number === field) return part.bytes.toString('utf8')
  return ''
}

/** @throws RangeError when the bytes are not protobuf */
export function* fields(bytes: Buffer): Generator<Field> {
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined) throw new RangeError('cut short')
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new RangeError('a number is too long')
  }
  while (at < bytes.length) {
    const start = at
    const key = varint()
    const number = Math.floor(key / 8)
    const wire = key % 8
    if (wire === 0) {
      const value = varint()
      yield { number, wire, value, bytes: EMPTY, start, end: at }
      continue
    }
    const length = wire === 2 ? varint() : wire === 1 ? 8 : wire === 5 ? 4 : Number.NaN
    if (!(at + length <= bytes.length)) throw new RangeError('cut short, or not protobuf')
    const end = at + length
    yield { number, wire, value: 0, bytes: bytes.subarray(at, end), start, end }
    at = end
  }
}

const EMPTY = Buffer.alloc(0)

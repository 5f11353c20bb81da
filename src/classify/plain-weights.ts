/**
 * Expands a model whose file stores weights as bytes to the float32 numbers that they represent.
 *
 * The file expresses this by operators on constants (Cast, then Mul and Add of one number). The runtime computes them
 * when it creates a session, one operator at a time, which took four fifths of the creation.
 * Here a byte is looked up in a table of 256, made with the same operations and the same rounding: the runtime gets the
 * same numbers, bit for bit.
 */
import { ATTRIBUTE, type Field, fields, GRAPH, MODEL, NODE, TENSOR, VALUE_INFO_NAME } from './onnx-file.ts'

// onnx.proto3, TensorProto.DataType
const [FLOAT, UINT8] = [1, 2]

/** @returns the same bytes where there is nothing to expand; otherwise another model with equal results */
export function plainWeights(bytes: Buffer): Buffer {
  const parts = [...fields(bytes)]
  const graphs = parts.filter(({ number }) => number === MODEL.graph)
  if (graphs.length !== 1) return bytes
  const within = graphs[0]!.bytes
  const graph = parsed([...fields(within)])
  const weights = graph === null ? [] : weightsIn(graph)
  if (graph === null || weights.length === 0) return bytes
  const dropped = new Set(weights.flatMap(({ nodes }) => nodes.map(({ field }) => field)))
  const widened = new Map(weights.map((weight) => [weight.from.field, weight]))
  const inside = graph.fields
    .filter((field) => !dropped.has(field))
    .map((field): Piece => widened.get(field) ?? whole(within, field))
  const head = started(MODEL.graph, total(inside))
  return joined(
    parts.flatMap((part): Piece[] => (part === graphs[0] ? [head, ...inside] : [whole(bytes, part)])),
  )
}

interface Node {
  readonly field: Field
  readonly operator: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: readonly Field[]
}

interface Constant {
  readonly field: Field
  readonly name: string
  readonly dataType: number
  readonly dimensions: readonly Buffer[]
  readonly raw: Buffer | null
}

interface Graph {
  readonly fields: readonly Field[]
  readonly nodes: readonly Node[]
  readonly constants: ReadonlyMap<string, Constant>
  readonly users: ReadonlyMap<string, readonly Node[]>
  /** Names of the model's inputs and outputs. */
  readonly outside: ReadonlySet<string>
}

/** A constant of bytes, and its replacement in the new model. */
interface Weight {
  readonly from: Constant
  /** Operators that computed it before. */
  readonly nodes: readonly Node[]
  readonly table: Float32Array
  /** All of the field except the numbers. */
  readonly head: Buffer
  readonly length: number
}

type Piece = Buffer | Weight

/** Null where a node contains a graph of its own, which may use any value of this one. */
function parsed(parts: readonly Field[]): Graph | null {
  const nodes = parts.filter(({ number }) => number === GRAPH.node).map(nodeOf)
  const inner: readonly number[] = [ATTRIBUTE.graph, ATTRIBUTE.graphs]
  const nests = nodes.some(({ attributes }) =>
    attributes.some(({ bytes }) => [...fields(bytes)].some(({ number }) => inner.includes(number))),
  )
  if (nests) return null
  const users = new Map<string, Node[]>()
  for (const node of nodes)
    for (const name of node.inputs) users.set(name, [...(users.get(name) ?? []), node])
  const constants = parts.filter(({ number }) => number === GRAPH.initializer).map(constantOf)
  return {
    fields: parts,
    nodes,
    constants: new Map(constants.map((constant) => [constant.name, constant])),
    users,
    outside: new Set(
      parts
        .filter(({ number }) => number === GRAPH.input || number === GRAPH.output)
        .map(({ bytes }) => textOf([...fields(bytes)], VALUE_INFO_NAME)),
    ),
  }
}

function nodeOf(field: Field): Node {
  const parts = [...fields(field.bytes)]
  const texts = (number: number) =>
    parts.filter((part) => part.number === number).map(({ bytes }) => bytes.toString('utf8'))
  return {
    field,
    operator: textOf(parts, NODE.operator),
    inputs: texts(NODE.input),
    outputs: texts(NODE.output),
    attributes: parts.filter(({ number }) => number === NODE.attribute),
  }
}

function constantOf(field: Field): Constant {
  const parts = [...fields(field.bytes)]
  return {
    field,
    name: textOf(parts, TENSOR.name),
    dataType: parts.find(({ number }) => number === TENSOR.dataType)?.value ?? 0,
    dimensions: parts
      .filter(({ number }) => number === TENSOR.dimensions)
      .map((part) => whole(field.bytes, part)),
    raw: parts.find(({ number }) => number === TENSOR.rawData)?.bytes ?? null,
  }
}

function whole(message: Buffer, { start, end }: Field): Buffer {
  return message.subarray(start, end)
}

function textOf(parts: readonly Field[], number: number): string {
  return parts.find((part) => part.number === number)?.bytes.toString('utf8') ?? ''
}

function weightsIn(graph: Graph): Weight[] {
  return graph.nodes.flatMap((node) => {
    const from = graph.constants.get(node.inputs[0] ?? '')
    if (!from || !isWidened(node) || !isOfOneNode(graph, from.name)) return []
    if (from.dataType !== UINT8 || from.raw === null) return []
    const nodes = [node]
    const table = Float32Array.from({ length: 256 }, (_, byte) => byte)
    for (;;) {
      const next = steppedBy(graph, nodes.at(-1)!)
      if (next === null) break
      for (let byte = 0; byte < 256; byte++) table[byte] = next.step(table[byte]!)
      nodes.push(next.node)
    }
    const name = nodes.at(-1)!.outputs[0]!
    return graph.outside.has(name) ? [] : [{ from, nodes, table, ...shellOf(from, name) }]
  })
}

function isWidened({ operator, attributes }: Node): boolean {
  if (operator !== 'Cast' || attributes.length !== 1) return false
  const parts = [...fields(attributes[0]!.bytes)]
  const to = parts.find(({ number }) => number === ATTRIBUTE.int)?.value
  return textOf(parts, ATTRIBUTE.name) === 'to' && to === FLOAT
}

/** Whether only one node uses the value, and no caller can replace it. */
function isOfOneNode({ users, outside }: Graph, name: string): boolean {
  return users.get(name)?.length === 1 && !outside.has(name)
}

/** The one node that continues a value by one number. */
function steppedBy(
  graph: Graph,
  { outputs }: Node,
): { readonly node: Node; readonly step: (value: number) => number } | null {
  const name = outputs[0]!
  if (!isOfOneNode(graph, name)) return null
  const node = graph.users.get(name)![0]!
  const other = graph.constants.get(node.inputs[1] ?? '')
  if (node.inputs[0] !== name || !other || graph.outside.has(other.name)) return null
  const { dataType, dimensions, raw } = other
  if (dataType !== FLOAT || dimensions.length > 0 || raw?.length !== 4) return null
  const number = raw.readFloatLE(0)
  // Double precision multiplies and adds two float32 numbers exactly, or so nearly that a further rounding gives the
  // same.
  if (node.operator === 'Mul') return { node, step: (value) => Math.fround(value * number) }
  if (node.operator === 'Add') return { node, step: (value) => Math.fround(value + number) }
  return null
}

function shellOf({ dimensions, raw }: Constant, name: string): Pick<Weight, 'head' | 'length'> {
  const numbers = raw!.length * 4
  const inside = Buffer.concat([
    ...dimensions,
    Buffer.from([TENSOR.dataType << 3, FLOAT]),
    started(TENSOR.name, Buffer.byteLength(name)),
    Buffer.from(name),
    started(TENSOR.rawData, numbers),
  ])
  const head = Buffer.concat([started(GRAPH.initializer, inside.length + numbers), inside])
  return { head, length: head.length + numbers }
}

/** Number and length of a field that so many bytes follow. */
function started(number: number, length: number): Buffer {
  const bytes = [(number << 3) | 2]
  let rest = length
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return Buffer.from([...bytes, rest])
}

function total(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0)
}

function joined(pieces: readonly Piece[]): Buffer {
  const out = Buffer.allocUnsafeSlow(total(pieces))
  let at = 0
  for (const piece of pieces) {
    const isNew = 'table' in piece
    out.set(isNew ? piece.head : piece, at)
    if (isNew) widen(piece.from.raw!, piece.table, out, at + piece.head.length)
    at += piece.length
  }
  return out
}

const CHUNK = 4096

/** By way of a small piece of memory: in the message the numbers may start at any byte. */
function widen(raw: Uint8Array, table: Float32Array, out: Uint8Array, start: number): void {
  const bits = new Int32Array(table.buffer)
  const numbers = new Int32Array(CHUNK)
  const chunk = new Uint8Array(numbers.buffer)
  for (let from = 0; from < raw.length; from += CHUNK) {
    const count = Math.min(CHUNK, raw.length - from)
    lookUp(raw, from, count, bits, numbers)
    out.set(count === CHUNK ? chunk : chunk.subarray(0, count * 4), start + from * 4)
  }
}

/** Of the bits as they are: a float32 number would be made a double and back. */
function lookUp(raw: Uint8Array, from: number, count: number, bits: Int32Array, into: Int32Array): void {
  for (let i = 0; i < count; i++) into[i] = bits[raw[from + i]!]!
}

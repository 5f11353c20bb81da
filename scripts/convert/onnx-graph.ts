/**
 * A small writer of ONNX graphs. Same calls, same bytes: nothing here depends on time, place or hash order.
 *
 * Pictures enter as NHWC, as the original models take them; inside, convolutions want NCHW. A Tensor knows which of the
 * two it is, and the methods turn it when an operator needs the other.
 */
import { createHash } from 'node:crypto'
import onnxProto from 'onnx-proto'
import { reshape, transpose, type Weight } from './weights.ts'

const { onnx } = onnxProto

// onnx.proto3, TensorProto.DataType
const FLOAT = 1
const UINT8 = 2
const INT32 = 6
const INT64 = 7
const FLOAT16 = 10
export const DATA_TYPE = { uint8: UINT8, int8: 3 } as const
// onnx.proto3, AttributeProto.AttributeType
const ATTRIBUTE = { float: 1, int: 2, string: 3, ints: 7 } as const

const OPSET = 17
const IR_VERSION = 8

export interface Tensor {
  readonly name: string
  /** `nchw` for what was a four-dimensional NHWC tensor in the original, `plain` for all else (and for NHWC itself). */
  readonly layout: 'nchw' | 'plain'
}

export type Padding =
  | 'same'
  | 'valid'
  | { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number }

type Attribute = number | string | readonly number[] | { readonly float: number }

export class OnnxGraph {
  readonly #name: string
  readonly #nodes: object[] = []
  readonly #initializers: object[] = []
  readonly #inputs: object[] = []
  readonly #outputs: object[] = []
  readonly #known = new Map<string, string>()
  #count = 0

  constructor(name: string) {
    this.#name = name
  }

  /** A float32 input whose first dimension is free. */
  input(name: string, dimensions: readonly number[]): Tensor {
    this.#inputs.push(valueInfo(name, dimensions))
    return { name, layout: 'plain' }
  }

  output(tensor: Tensor, name: string, dimensions: readonly number[]): void {
    const plain = this.plain(tensor)
    this.#nodes.push(node('Identity', [plain.name], name, {}))
    this.#outputs.push(valueInfo(name, dimensions))
  }

  /** A second name for a value that is an output besides what the model says; its shape is left open. */
  expose(value: string, name: string): void {
    this.#nodes.push(node('Identity', [value], name, {}))
    this.#outputs.push({ name, type: { tensorType: { elemType: FLOAT } } })
  }

  op(type: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const output = `t${this.#count++}`
    this.#nodes.push(node(type, inputs, output, attributes))
    return output
  }

  nchw(tensor: Tensor): Tensor {
    if (tensor.layout === 'nchw') return tensor
    return { name: this.op('Transpose', [tensor.name], { perm: [0, 3, 1, 2] }), layout: 'nchw' }
  }

  plain(tensor: Tensor): Tensor {
    if (tensor.layout === 'plain') return tensor
    return { name: this.op('Transpose', [tensor.name], { perm: [0, 2, 3, 1] }), layout: 'plain' }
  }

  /** @param kernel [height, width, in, out], as TensorFlow has it */
  conv(x: Tensor, kernel: Weight, strides: readonly number[], padding: Padding, bias?: Weight): Tensor {
    return this.#conv(x, transpose(kernel, [3, 2, 0, 1]), 1, strides, padding, bias)
  }

  /** @param kernel [height, width, channels, multiplier] */
  depthwise(x: Tensor, kernel: Weight, strides: readonly number[], padding: Padding, bias?: Weight): Tensor {
    const [height, width, channels, multiplier] = kernel.shape as [number, number, number, number]
    const turned = reshape(transpose(kernel, [2, 3, 0, 1]), [channels * multiplier, 1, height, width])
    return this.#conv(x, turned, channels, strides, padding, bias)
  }

  #conv(
    x: Tensor,
    kernel: Weight,
    group: number,
    strides: readonly number[],
    padding: Padding,
    bias: Weight | undefined,
  ): Tensor {
    const inputs = [this.nchw(x).name, this.weight(kernel)]
    if (bias) inputs.push(this.weight(bias))
    const attributes = { kernel_shape: kernel.shape.slice(2), strides, group, ...pads(padding) }
    return { name: this.op('Conv', inputs, attributes), layout: 'nchw' }
  }

  pool(
    type: 'MaxPool' | 'AveragePool',
    x: Tensor,
    size: readonly number[],
    strides: readonly number[],
    padding: Padding,
  ): Tensor {
    // TensorFlow averages over what lies inside the picture; ONNX's default is the same, said here to be read.
    const extra: Record<string, Attribute> = type === 'AveragePool' ? { count_include_pad: 0 } : {}
    const attributes = { kernel_shape: size, strides, ...extra, ...pads(padding) }
    return { name: this.op(type, [this.nchw(x).name], attributes), layout: 'nchw' }
  }

  /** Element by element with another tensor of the same layout, or with one number per channel (or one in all). */
  binary(type: 'Add' | 'Sub' | 'Mul', a: Tensor, b: Tensor | Weight): Tensor {
    if ('layout' in b) {
      if (a.layout !== b.layout) return this.binary(type, this.nchw(a), this.nchw(b))
      return { name: this.op(type, [a.name, b.name]), layout: a.layout }
    }
    return { name: this.op(type, [a.name, this.#perChannel(a, b)]), layout: a.layout }
  }

  /** Number (or per-channel number) on the left: `b − a`. */
  constantFirst(type: 'Add' | 'Sub' | 'Mul', a: Weight, b: Tensor): Tensor {
    return { name: this.op(type, [this.#perChannel(b, a), b.name]), layout: b.layout }
  }

  #perChannel(tensor: Tensor, weight: Weight): string {
    if (tensor.layout === 'nchw' && weight.shape.length === 1 && weight.shape[0]! > 1) {
      return this.weight(reshape(weight, [1, weight.shape[0]!, 1, 1]))
    }
    return this.weight(weight)
  }

  unary(type: 'Relu' | 'Sigmoid' | 'Exp', x: Tensor): Tensor {
    return { name: this.op(type, [x.name]), layout: x.layout }
  }

  clip(x: Tensor, min: number | null, max: number | null): Tensor {
    const inputs = [x.name, min === null ? '' : this.scalar(min), ...(max === null ? [] : [this.scalar(max)])]
    return { name: this.op('Clip', inputs), layout: x.layout }
  }

  softmax(x: Tensor): Tensor {
    return { name: this.op('Softmax', [this.plain(x).name], { axis: -1 }), layout: 'plain' }
  }

  dense(x: Tensor, kernel: Weight, bias: Weight): Tensor {
    const product = this.op('MatMul', [x.name, this.weight(kernel)])
    return { name: this.op('Add', [product, this.weight(bias)]), layout: 'plain' }
  }

  batchNormalization(
    x: Tensor,
    parameters: {
      readonly gamma: Weight | null
      readonly beta: Weight
      readonly mean: Weight
      readonly variance: Weight
    },
    epsilon: number,
  ): Tensor {
    const { gamma, beta, mean, variance } = parameters
    const inputs = [
      this.nchw(x).name,
      gamma ? this.weight(gamma) : this.#constant('ones', FLOAT, beta.shape, ones(beta.shape[0]!)),
      this.weight(beta),
      this.weight(mean),
      this.weight(variance),
    ]
    return { name: this.op('BatchNormalization', inputs, { epsilon: { float: epsilon } }), layout: 'nchw' }
  }

  /** The original's reshape of an NHWC or plain tensor; the first dimension stays free. */
  reshape(x: Tensor, shape: readonly number[]): Tensor {
    const name = this.op('Reshape', [this.plain(x).name, this.ints(shape)])
    return { name, layout: 'plain' }
  }

  flatten(x: Tensor): Tensor {
    return { name: this.op('Flatten', [this.plain(x).name], { axis: 1 }), layout: 'plain' }
  }

  /** Mean over height and width: [N, channels]. */
  spatialMean(x: Tensor): Tensor {
    const name = this.op('ReduceMean', [this.nchw(x).name], { axes: [2, 3], keepdims: 0 })
    return { name, layout: 'plain' }
  }

  /** @param paddings [[before, after] × N, H, W, C] flattened, as TensorFlow has them */
  pad(x: Tensor, paddings: readonly number[]): Tensor {
    const nchw = [0, 3, 1, 2]
    const pads = [...nchw.map((axis) => paddings[axis * 2]!), ...nchw.map((axis) => paddings[axis * 2 + 1]!)]
    return { name: this.op('Pad', [this.nchw(x).name, this.ints(pads)]), layout: 'nchw' }
  }

  /** A plain tensor [N, channels, height, width] as the NHWC tensor that the original makes of it: nothing moves. */
  asNhwc({ name, layout }: Tensor): Tensor {
    if (layout !== 'plain') throw new Error('an NHWC tensor is turned to NHWC')
    return { name, layout: 'nchw' }
  }

  /** The other way: the plain [N, channels, height, width] of what was NHWC. */
  asNchw(x: Tensor): Tensor {
    return { name: this.nchw(x).name, layout: 'plain' }
  }

  leakyRelu(x: Tensor, alpha: number): Tensor {
    return { name: this.op('LeakyRelu', [x.name], { alpha: { float: alpha } }), layout: x.layout }
  }

  /** @param paddings [before, after] of each axis, flattened */
  padPlain(x: Tensor, paddings: readonly number[], value: number): Tensor {
    const axes = paddings.length / 2
    const ends = [0, 1].flatMap((end) => Array.from({ length: axes }, (_, axis) => paddings[axis * 2 + end]!))
    return {
      name: this.op('Pad', [this.plain(x).name, this.ints(ends), this.scalar(value)]),
      layout: 'plain',
    }
  }

  /** As TensorFlow with half_pixel_centers: pixel centres lie at a half. */
  resizeBilinear(x: Tensor, height: number, width: number): Tensor {
    const inputs = [this.nchw(x).name, '', '', this.sizes(this.nchw(x), height, width)]
    const attributes = { mode: 'linear', coordinate_transformation_mode: 'half_pixel' }
    return { name: this.op('Resize', inputs, attributes), layout: 'nchw' }
  }

  /** Of detectors with a grid a scale: the greatest value of each of the first channels, anywhere in any grid: [N, channels]. */
  strongest(grids: readonly Tensor[], channels: number): Tensor {
    const each = grids.map((grid) => {
      const bounds = [[0], [channels], [1]].map((values) => this.ints(values))
      return this.op('ReduceMax', [this.op('Slice', [this.nchw(grid).name, ...bounds])], {
        axes: [2, 3],
        keepdims: 0,
      })
    })
    return { name: this.op('Max', each), layout: 'plain' }
  }

  /** [N, channels] of a tensor, then a height and a width. */
  sizes(x: Tensor, height: number, width: number): string {
    const shape = this.op('Shape', [x.name], { start: 0, end: 2 })
    return this.op('Concat', [shape, this.ints([height, width])], { axis: 0 })
  }

  /** Elements `from` up to, not including, `to` along one axis of a plain tensor. */
  slice(x: Tensor, axis: number, from: number, to: number): Tensor {
    const bounds = [[from], [to], [axis]].map((values) => this.ints(values))
    return { name: this.op('Slice', [this.plain(x).name, ...bounds]), layout: 'plain' }
  }

  concat(tensors: readonly Tensor[], axis: number): Tensor {
    const layout = tensors[0]!.layout
    const same = tensors.map((t) => (layout === 'nchw' ? this.nchw(t) : this.plain(t)).name)
    return { name: this.op('Concat', same, { axis: layout === 'nchw' ? [0, 2, 3, 1][axis]! : axis }), layout }
  }

  /**
   * A weight in its stored form. Bytes and half floats are widened by operators at the start of the graph, which the
   * runtime computes once at load: the file keeps the size of the original package, the speed is that of float32.
   */
  weight(weight: Weight): string {
    switch (weight.stored) {
      case 'float32':
        return this.#constant(weight.name, FLOAT, weight.shape, weight.bytes)
      case 'float16': {
        const key = `half ${weight.name} ${weight.shape}`
        return this.#once(key, () =>
          this.op('Cast', [this.#constant(weight.name, FLOAT16, weight.shape, weight.bytes)], { to: FLOAT }),
        )
      }
      case 'uint8':
        return this.#once(`affine ${weight.name} ${weight.shape}`, () => {
          const stored = this.#constant(weight.name, UINT8, weight.shape, weight.bytes)
          const wide = this.op('Cast', [stored], { to: FLOAT })
          const scaled = this.op('Mul', [wide, this.scalar(weight.scale)])
          return this.op('Add', [scaled, this.scalar(weight.min)])
        })
      case 'int32':
        throw new Error(`integer weight ${weight.name} is read by the conversion, never by the graph`)
    }
  }

  scalar(value: number): string {
    const bytes = Buffer.alloc(4)
    bytes.writeFloatLE(value)
    return this.#constant(`scalar ${bytes.toString('hex')}`, FLOAT, [], bytes)
  }

  ints(values: readonly number[]): string {
    const bytes = Buffer.alloc(values.length * 8)
    values.forEach((value, i) => {
      bytes.writeBigInt64LE(BigInt(value), i * 8)
    })
    return this.#constant(`ints ${values.join(' ')}`, INT64, [values.length], bytes)
  }

  /** Whole numbers of one byte, signed or not. */
  bytes(
    dataType: (typeof DATA_TYPE)[keyof typeof DATA_TYPE],
    dims: readonly number[],
    values: readonly number[],
  ): string {
    const bytes = Buffer.from(Uint8Array.from(values))
    return this.#constant(`bytes ${createHash('sha256').update(bytes).digest('hex')}`, dataType, dims, bytes)
  }

  int32s(values: readonly number[]): string {
    const bytes = Buffer.alloc(values.length * 4)
    values.forEach((value, i) => {
      bytes.writeInt32LE(value, i * 4)
    })
    return this.#constant(`int32s ${values.join(' ')}`, INT32, [values.length], bytes)
  }

  floats(key: string, dims: readonly number[], values: ArrayLike<number>): string {
    const bytes = Buffer.alloc(values.length * 4)
    for (let i = 0; i < values.length; i++) bytes.writeFloatLE(values[i]!, i * 4)
    return this.#constant(`floats ${key}`, FLOAT, dims, bytes)
  }

  #constant(key: string, dataType: number, dims: readonly number[], rawData: Buffer): string {
    return this.#once(`constant ${key} ${dataType} ${dims}`, () => {
      const name = `c${this.#count++}`
      this.#initializers.push({ name, dataType, dims, rawData })
      return name
    })
  }

  #once(key: string, make: () => string): string {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const made = make()
    this.#known.set(key, made)
    return made
  }

  /** @param source what the weights were taken from, kept inside the file */
  encode(source: string): Buffer {
    const model = onnx.ModelProto.fromObject({
      irVersion: IR_VERSION,
      opsetImport: [{ domain: '', version: OPSET }],
      producerName: 'seized scripts/convert-models',
      metadataProps: [{ key: 'source', value: source }],
      graph: {
        name: this.#name,
        node: this.#nodes,
        initializer: this.#initializers,
        input: this.#inputs,
        output: this.#outputs,
      },
    })
    return Buffer.from(onnx.ModelProto.encode(model).finish())
  }
}

function node(
  opType: string,
  input: readonly string[],
  output: string,
  attributes: Readonly<Record<string, Attribute>>,
): object {
  return {
    opType,
    input,
    output: [output],
    attribute: Object.entries(attributes).map(([name, value]) => {
      if (typeof value === 'number') return { name, type: ATTRIBUTE.int, i: value }
      if (typeof value === 'string') return { name, type: ATTRIBUTE.string, s: Buffer.from(value) }
      if ('float' in value) return { name, type: ATTRIBUTE.float, f: value.float }
      return { name, type: ATTRIBUTE.ints, ints: value }
    }),
  }
}

function pads(padding: Padding): Record<string, Attribute> {
  if (padding === 'same') return { auto_pad: 'SAME_UPPER' } // TensorFlow's SAME puts the odd pixel at the end
  if (padding === 'valid') return { auto_pad: 'VALID' }
  return { pads: [padding.top, padding.left, padding.bottom, padding.right] }
}

function valueInfo(name: string, dimensions: readonly number[]): object {
  const dim = [{ dimParam: 'N' }, ...dimensions.map((dimValue) => ({ dimValue }))]
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } }
}

function ones(count: number): Buffer {
  const bytes = Buffer.alloc(count * 4)
  for (let i = 0; i < count; i++) bytes.writeFloatLE(1, i * 4)
  return bytes
}

/** TensorFlow “graph models” of TensorFlow.js → ONNX, for the operators that the shipped models use. */
import { OnnxGraph, type Padding, type Tensor } from './onnx-graph.ts'
import { numbersOf, type Weight } from './weights.ts'

export interface TfTopology {
  readonly node: readonly TfNode[]
}

interface TfNode {
  readonly name: string
  readonly op: string
  readonly input?: readonly string[]
  readonly attr?: Readonly<Record<string, TfAttribute>>
}

interface TfAttribute {
  readonly s?: string
  readonly b?: boolean
  readonly f?: number
  readonly list?: { readonly i?: readonly string[]; readonly s?: readonly string[] }
  readonly shape?: { readonly dim: readonly { readonly size: string }[] }
}

export interface WantedOutput {
  /** Nodes of the original graph; several are joined along their second axis. */
  readonly from: readonly string[]
  /** Name in the ONNX file. */
  readonly name: string
  readonly dimensions: readonly number[]
  /** Instead of joined: the sigmoid of the greatest value of each of so many first channels, anywhere in any of the nodes. */
  readonly strongestOf?: number
}

/** @throws Error on an operator or an option that this conversion does not know, rather than a wrong model */
export function convertTfGraph(
  name: string,
  topology: TfTopology,
  weights: ReadonlyMap<string, Weight>,
  outputs: readonly WantedOutput[],
): OnnxGraph {
  const graph = new OnnxGraph(name)
  const byName = new Map(topology.node.map((node) => [node.name, node]))
  const tensors = new Map<string, Tensor>()
  /** The original takes [N, channels, height, width], as those made from other frameworks do. */
  const isChannelsFirst = topology.node.some(
    ({ op, attr }) => op === 'Placeholder' && attr!.shape!.shape!.dim[1]!.size === '3',
  )

  const tensorOf = (reference: string): Tensor => {
    const key = reference.replace(/:0$/, '')
    const known = tensors.get(key)
    if (known) return known
    const node = byName.get(key)
    if (!node) throw new Error(`no node ${key}`)
    const made = convert(node)
    tensors.set(key, made)
    return made
  }
  const weightOf = (reference: string): Weight => {
    const weight = weights.get(reference.replace(/:0$/, ''))
    if (!weight) throw new Error(`no weight ${reference}`)
    return weight
  }
  const isWeight = (reference: string): boolean => weights.has(reference.replace(/:0$/, ''))

  const convert = (node: TfNode): Tensor => {
    const inputs = node.input ?? []
    const attr = node.attr ?? {}
    const x = (): Tensor => tensorOf(inputs[0]!)
    const spatial = (key: string): number[] => (attr[key]?.list?.i ?? []).map(Number).slice(1, 3)
    const padding = (): Padding => {
      const text = decode(attr.padding?.s)
      if (text !== 'SAME' && text !== 'VALID') throw new Error(`${node.name}: padding ${text}`)
      return text === 'SAME' ? 'same' : 'valid'
    }
    const scalar = (reference: string): number => {
      const numbers = numbersOf(weightOf(reference))
      if (numbers.length !== 1) throw new Error(`${node.name}: ${reference} is not one number`)
      return numbers[0]!
    }
    const fused = (t: Tensor): Tensor => {
      const steps = (attr.fused_ops?.list?.s ?? []).map(decode).filter((s) => s !== 'BiasAdd')
      return steps.reduce((value, step) => {
        if (step === 'Relu') return graph.unary('Relu', value)
        if (step === 'Relu6') return graph.clip(value, 0, 6)
        throw new Error(`${node.name}: fused ${step}`)
      }, t)
    }
    const bias = (): Weight | undefined => (inputs.length > 2 ? weightOf(inputs[2]!) : undefined)
    const binary = (type: 'Add' | 'Sub' | 'Mul'): Tensor => {
      const [a, b] = inputs as [string, string]
      if (isWeight(a)) return graph.constantFirst(type, weightOf(a), tensorOf(b))
      return graph.binary(type, tensorOf(a), isWeight(b) ? weightOf(b) : tensorOf(b))
    }
    if ((attr.dilations?.list?.i ?? []).some((d) => d !== '1')) throw new Error(`${node.name}: dilated`)
    if (attr.data_format && decode(attr.data_format.s) !== 'NHWC') throw new Error(`${node.name}: not NHWC`)

    switch (node.op) {
      case 'Placeholder':
        return graph.input(
          'input',
          attr.shape!.shape!.dim.slice(1).map((d) => Number(d.size)),
        )
      case 'Identity':
        return x()
      case 'Conv2D':
      case '_FusedConv2D':
        return fused(graph.conv(x(), weightOf(inputs[1]!), spatial('strides'), padding(), bias()))
      case 'DepthwiseConv2dNative':
      case 'FusedDepthwiseConv2dNative':
        return fused(graph.depthwise(x(), weightOf(inputs[1]!), spatial('strides'), padding(), bias()))
      case '_FusedMatMul':
        return fused(graph.dense(x(), weightOf(inputs[1]!), weightOf(inputs[2]!)))
      case 'Add':
      case 'AddV2':
        return binary('Add')
      case 'Sub':
        return binary('Sub')
      case 'Mul':
        return binary('Mul')
      case 'Relu':
        return graph.unary('Relu', x())
      case 'Maximum': {
        // max(min(relu(x), 6), 0) is relu6 in three steps; as one Clip the runtime joins it to the convolution.
        const inner = byName.get(inputs[0]!)
        const base = inner?.op === 'Minimum' ? byName.get(inner.input![0]!) : undefined
        if (inner && base?.op === 'Relu' && scalar(inputs[1]!) === 0) {
          return graph.clip(tensorOf(base.input![0]!), 0, scalar(inner.input![1]!))
        }
        return graph.clip(x(), scalar(inputs[1]!), null)
      }
      case 'Minimum':
        return graph.clip(x(), null, scalar(inputs[1]!))
      case 'ResizeBilinear': {
        if (!attr.half_pixel_centers?.b || attr.align_corners?.b)
          throw new Error(`${node.name}: other corners`)
        const [height, width] = numbersOf(weightOf(inputs[1]!)) as [number, number]
        return graph.resizeBilinear(x(), height, width)
      }
      case 'Transpose': {
        // Originals made from NCHW turn each picture to NHWC for a convolution and back.
        const order = numbersOf(weightOf(inputs[1]!)).join()
        if (order === '0,2,3,1') return graph.asNhwc(x())
        if (order === '0,3,1,2') return graph.asNchw(x())
        throw new Error(`${node.name}: transposed by ${order}`)
      }
      case 'LeakyRelu':
        return graph.leakyRelu(x(), attr.alpha!.f!)
      case 'PadV2':
        return graph.padPlain(x(), numbersOf(weightOf(inputs[1]!)), numbersOf(weightOf(inputs[2]!))[0]!)
      case 'ConcatV2': {
        const axis = numbersOf(weightOf(inputs.at(-1)!))[0]!
        return graph.concat(inputs.slice(0, -1).map(tensorOf), axis)
      }
      case 'Sigmoid':
        return graph.unary('Sigmoid', x())
      case 'Softmax':
        return graph.softmax(x())
      case 'MaxPool':
        return graph.pool('MaxPool', x(), spatial('ksize'), spatial('strides'), padding())
      case 'AvgPool':
        return graph.pool('AveragePool', x(), spatial('ksize'), spatial('strides'), padding())
      case 'Mean': {
        const axes = numbersOf(weightOf(inputs[1]!))
        if (axes.join() !== '1,2' || attr.keep_dims?.b) throw new Error(`${node.name}: mean over ${axes}`)
        return graph.spatialMean(x())
      }
      case 'Squeeze': {
        const axes = (attr.squeeze_dims?.list?.i ?? []).join()
        if (axes !== '1,2') throw new Error(`${node.name}: squeeze of ${axes}`)
        return { name: graph.op('Squeeze', [graph.nchw(x()).name, graph.ints([2, 3])]), layout: 'plain' }
      }
      case 'Pad':
        return x().layout === 'plain' && isChannelsFirst
          ? graph.padPlain(x(), numbersOf(weightOf(inputs[1]!)), 0)
          : graph.pad(x(), numbersOf(weightOf(inputs[1]!)))
      case 'Reshape': {
        const [first, ...rest] = numbersOf(weightOf(inputs[1]!))
        if (first !== 1 && first !== -1) throw new Error(`${node.name}: reshape of the batch`)
        return graph.reshape(x(), [rest.includes(-1) ? 0 : -1, ...rest])
      }
      default:
        throw new Error(`node ${node.name} is a ${node.op}`)
    }
  }

  for (const { from, name: outputName, dimensions, strongestOf } of outputs) {
    const parts = from.map(tensorOf)
    const joined =
      parts.length === 1
        ? parts[0]!
        : strongestOf
          ? graph.strongest(parts, strongestOf)
          : graph.concat(parts, 1)
    graph.output(strongestOf ? graph.unary('Sigmoid', joined) : joined, outputName, dimensions)
  }
  return graph
}

/** Strings of the JSON form are base64. */
function decode(base64: string | undefined): string {
  return Buffer.from(base64 ?? '', 'base64').toString('ascii')
}

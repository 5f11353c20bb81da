/**
 * A Keras network of convolutions → ONNX in eight bits (QDQ form: every quantised value stands between QuantizeLinear
 * and DequantizeLinear, and the runtime joins them into integer operators).
 *
 * Only for networks built of Conv2D + BatchNormalization + relu, pools, Concatenate and a dense head. Batch
 * normalisation is folded into the weights. A 3 × 3 average pool before one 1 × 1 convolution is moved behind it, which
 * gives the same numbers (both are linear, and the pool's weights add up to 1) of fewer channels: half the pools' time.
 */
import { type Folded, fold, type Grid, integers, onGrid } from './int8-weights.ts'
import type { KerasLayer, KerasTopology } from './keras.ts'
import { OnnxGraph, type Padding, type Tensor } from './onnx-graph.ts'
import { numbersOf, transpose, type Weight } from './weights.ts'

/** What a layer's values were seen between, over the calibration's pictures; by the name of the layer. */
export type Ranges = Readonly<Record<string, Range>>

export interface Range {
  readonly low: number
  readonly high: number
}

export interface Int8Options {
  /** Convolutions from the start that stay float32: what they blur is blurred everywhere. */
  readonly floatConvolutions: number
  /** As int8-weights.ts has it. */
  readonly largestWeight: number
}

/** A float tensor of the graph that holds only values `scale × (n − zero)`, n of 0–255; null: any float. */
interface Value {
  readonly name: string
  readonly grid: Grid | null
}

/**
 * @param ranges null: the same graph in float32, with every value that would be quantised as an output of its layer's name
 * @throws Error on a layer that this conversion does not know, or a value without a range
 */
export function convertInt8(
  name: string,
  topology: KerasTopology,
  weights: ReadonlyMap<string, Weight>,
  outputs: number,
  ranges: Ranges | null,
  { floatConvolutions, largestWeight }: Int8Options,
): OnnxGraph {
  const graph = new OnnxGraph(name)
  const { layers } = topology.model_config.config
  const values = new Map<string, Value>()
  const plain = new Map<string, Tensor>()
  const readers = new Map<string, KerasLayer[]>()
  for (const layer of layers)
    for (const from of sourcesOf(layer)) readers.set(from, [...(readers.get(from) ?? []), layer])
  /** Pools that stand behind their convolution, by the name of the convolution. */
  const moved = new Map<string, KerasLayer>()
  let convolutions = 0

  const value = (layer: KerasLayer): Value => {
    const found = values.get(sourcesOf(layer)[0]!)
    if (!found) throw new Error(`layer ${layer.name} reads what is not there`)
    return found
  }
  const weight = (layer: string, part: string): Weight => {
    const found = weights.get(`${layer}/${part}`)
    if (!found) throw new Error(`no weight ${layer}/${part}`)
    return found
  }

  /** Puts the value on a grid of 256 steps, or, for calibration, hands it out. */
  const quantised = (key: string, floating: string, grid: Grid | null): Value => {
    if (grid === null) {
      graph.expose(floating, key)
      return { name: floating, grid: null }
    }
    return { name: onGrid(graph, floating, grid), grid }
  }
  const gridOf = (key: string): Grid | null => {
    if (ranges === null) return null
    const range = ranges[key]
    if (!range) throw new Error(`no range of ${key}`)
    const low = Math.min(0, range.low)
    const scale = Math.fround((Math.max(0, range.high) - low) / 255)
    return { scale, zero: Math.round(-low / scale) }
  }
  /** Branches of one join share its grid, so that joining copies bytes. */
  const joined = (layer: KerasLayer): string => {
    const next = readers.get(layer.name) ?? []
    return next.length === 1 && next[0]!.class_name === 'Concatenate' ? joined(next[0]!) : layer.name
  }

  /** Convolution, batch normalisation and relu, three layers of the original. */
  const convolve = (layer: KerasLayer): void => {
    const bn = only(readers, layer, 'BatchNormalization')
    const relu = only(readers, bn, 'Activation')
    const folded = fold(transpose(weight(layer.name, 'kernel'), [3, 2, 0, 1]), {
      beta: numbersOf(weight(bn.name, 'beta')),
      mean: numbersOf(weight(bn.name, 'moving_mean')),
      variance: numbersOf(weight(bn.name, 'moving_variance')),
      epsilon: bn.config.epsilon as number,
    })
    const pool = moved.get(layer.name)
    const x = pool ? value(pool) : value(layer)
    const whole = ++convolutions <= floatConvolutions
    const parameters =
      whole || x.grid === null
        ? floats(graph, layer.name, folded)
        : integers(graph, layer.name, folded, x.grid, largestWeight)
    const attributes = {
      kernel_shape: folded.shape.slice(2),
      strides: layer.config.strides as number[],
      group: 1,
      ...paddingOf(layer),
    }
    let made = graph.op('Conv', [x.name, ...parameters], attributes)
    if (pool) {
      made = quantised(layer.name, made, gridOf(layer.name)).name
      made = graph.pool('AveragePool', { name: made, layout: 'nchw' }, [3, 3], [1, 1], 'same').name
    }
    made = graph.op('Relu', [made])
    const last = convolutions < floatConvolutions
    values.set(
      relu.name,
      last ? { name: made, grid: null } : quantised(relu.name, made, gridOf(joined(relu))),
    )
  }

  const convert = (layer: KerasLayer): void => {
    switch (layer.class_name) {
      case 'InputLayer': {
        const shape = layer.config.batch_input_shape as number[]
        values.set(layer.name, { name: graph.nchw(graph.input('input', shape.slice(1))).name, grid: null })
        return
      }
      case 'Conv2D':
        convolve(layer)
        return
      case 'BatchNormalization':
      case 'Activation':
        return
      case 'MaxPooling2D': {
        const x = value(layer)
        const pooled = graph.pool(
          'MaxPool',
          { name: x.name, layout: 'nchw' },
          layer.config.pool_size as number[],
          layer.config.strides as number[],
          layer.config.padding as Padding,
        )
        values.set(
          layer.name,
          x.grid === null ? { name: pooled.name, grid: null } : quantised(layer.name, pooled.name, x.grid),
        )
        return
      }
      case 'AveragePooling2D': {
        const next = readers.get(layer.name) ?? []
        const conv = next[0]
        if (conv?.class_name === 'Conv2D') {
          const kernel = conv.config.kernel_size as number[]
          const movable =
            next.length === 1 &&
            kernel.join() === '1,1' &&
            layer.config.padding === 'same' &&
            `${layer.config.pool_size} ${layer.config.strides}` === '3,3 1,1'
          if (!movable) throw new Error(`${layer.name} cannot be moved`)
          moved.set(conv.name, layer)
          return
        }
        const x = value(layer)
        plain.set(
          layer.name,
          graph.pool(
            'AveragePool',
            { name: x.name, layout: 'nchw' },
            layer.config.pool_size as number[],
            layer.config.strides as number[],
            layer.config.padding as Padding,
          ),
        )
        return
      }
      case 'Concatenate': {
        const parts = sourcesOf(layer).map((from) => values.get(from)!.name)
        values.set(
          layer.name,
          quantised(layer.name, graph.op('Concat', parts, { axis: 1 }), gridOf(joined(layer))),
        )
        return
      }
      case 'Flatten':
        plain.set(layer.name, graph.flatten(plain.get(sourcesOf(layer)[0]!)!))
        return
      case 'Dense': {
        const x = plain.get(sourcesOf(layer)[0]!)!
        const sum = graph.dense(x, weight(layer.name, 'kernel'), weight(layer.name, 'bias'))
        plain.set(
          layer.name,
          layer.config.activation === 'softmax' ? graph.softmax(sum) : graph.unary('Relu', sum),
        )
        return
      }
      case 'Dropout':
        plain.set(layer.name, plain.get(sourcesOf(layer)[0]!)!)
        return
      default:
        throw new Error(`layer ${layer.name} is a ${layer.class_name}`)
    }
  }
  for (const layer of layers) convert(layer)
  graph.output(plain.get(topology.model_config.config.output_layers[0]![0])!, 'output', [outputs])
  return graph
}

function sourcesOf(layer: KerasLayer): readonly string[] {
  return layer.inbound_nodes[0]?.map(([from]) => from) ?? []
}

function only(readers: ReadonlyMap<string, KerasLayer[]>, layer: KerasLayer, type: string): KerasLayer {
  const next = readers.get(layer.name) ?? []
  if (next.length !== 1 || next[0]!.class_name !== type)
    throw new Error(`${layer.name} is not followed by one ${type}`)
  return next[0]!
}

function paddingOf({ config, name }: KerasLayer): { auto_pad: string } {
  if (config.padding !== 'same' && config.padding !== 'valid')
    throw new Error(`${name}: padding ${config.padding}`)
  return { auto_pad: config.padding === 'same' ? 'SAME_UPPER' : 'VALID' }
}

function floats(graph: OnnxGraph, key: string, { kernel, shape, bias }: Folded): string[] {
  return [graph.floats(`${key} kernel`, shape, kernel), graph.floats(`${key} bias`, [bias.length], bias)]
}

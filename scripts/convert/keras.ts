/** Keras “layers models” of TensorFlow.js → ONNX, for the layers that the shipped models use. */
import { OnnxGraph, type Padding, type Tensor } from './onnx-graph.ts'
import type { Weight } from './weights.ts'

export interface KerasTopology {
  readonly model_config: {
    readonly config: {
      readonly layers: readonly KerasLayer[]
      readonly output_layers: readonly (readonly [string, number, number])[]
    }
  }
}

export interface KerasLayer {
  readonly name: string
  readonly class_name: string
  readonly config: Readonly<Record<string, unknown>>
  readonly inbound_nodes: readonly (readonly (readonly [string, number, number, object])[])[]
}

/**
 * @param outputs units of the one output
 * @throws Error on a layer or an option that this conversion does not know, rather than a wrong model
 */
export function convertKeras(
  name: string,
  topology: KerasTopology,
  weights: ReadonlyMap<string, Weight>,
  outputs: number,
): OnnxGraph {
  const graph = new OnnxGraph(name)
  const tensors = new Map<string, Tensor>()
  // Padding layers are folded into the convolution after them.
  const padded = new Map<string, Exclude<Padding, string>>()

  for (const layer of topology.model_config.config.layers) {
    const sources = layer.inbound_nodes[0]?.map(([from]) => from) ?? []
    const tensor = (i = 0): Tensor => {
      const found = tensors.get(sources[i]!)
      if (!found) throw new Error(`layer ${layer.name} reads ${sources[i]}, which comes later`)
      return found
    }
    const weight = (part: string): Weight => {
      const found = weights.get(`${layer.name}/${part}`)
      if (!found) throw new Error(`no weight ${layer.name}/${part}`)
      return found
    }
    const config = layer.config as {
      readonly batch_input_shape: readonly number[]
      readonly padding: string | readonly (readonly [number, number])[]
      readonly strides: readonly number[]
      readonly pool_size: readonly number[]
      readonly use_bias: boolean
      readonly activation: string
      readonly max_value: number | null
      readonly scale: boolean
      readonly epsilon: number
      readonly axis: number
      readonly dilation_rate: readonly number[]
    }
    const padding = (): Padding => {
      const folded = padded.get(sources[0]!)
      if (folded && config.padding !== 'valid') throw new Error(`${layer.name}: padded twice`)
      return folded ?? (config.padding as 'same' | 'valid')
    }
    const bias = (): Weight | undefined => (config.use_bias ? weight('bias') : undefined)
    const activated = (t: Tensor): Tensor => {
      if (config.activation === 'linear') return t
      if (config.activation === 'relu') return graph.unary('Relu', t)
      if (config.activation === 'softmax') return graph.softmax(t)
      throw new Error(`${layer.name}: activation ${config.activation}`)
    }

    const convert = (): Tensor => {
      switch (layer.class_name) {
        case 'InputLayer':
          return graph.input('input', config.batch_input_shape.slice(1))
        case 'ZeroPadding2D': {
          const [[top, bottom], [left, right]] = config.padding as [[number, number], [number, number]]
          padded.set(layer.name, { top, bottom, left, right })
          return tensor()
        }
        case 'Conv2D':
          refuse(
            config.dilation_rate.some((d) => d !== 1),
            `${layer.name}: dilated`,
          )
          return activated(graph.conv(tensor(), weight('kernel'), config.strides, padding(), bias()))
        case 'DepthwiseConv2D':
          refuse(
            config.dilation_rate.some((d) => d !== 1),
            `${layer.name}: dilated`,
          )
          return activated(
            graph.depthwise(tensor(), weight('depthwise_kernel'), config.strides, padding(), bias()),
          )
        case 'BatchNormalization':
          return graph.batchNormalization(
            tensor(),
            {
              gamma: config.scale ? weight('gamma') : null,
              beta: weight('beta'),
              mean: weight('moving_mean'),
              variance: weight('moving_variance'),
            },
            config.epsilon,
          )
        case 'ReLU':
          return config.max_value === null
            ? graph.unary('Relu', tensor())
            : graph.clip(tensor(), 0, config.max_value)
        case 'Activation':
          return activated(tensor())
        case 'Add':
          return graph.binary('Add', tensor(0), tensor(1))
        case 'Concatenate':
          return graph.concat(
            sources.map((_, i) => tensor(i)),
            config.axis,
          )
        case 'MaxPooling2D':
          return graph.pool('MaxPool', tensor(), config.pool_size, config.strides, padding())
        case 'AveragePooling2D':
          return graph.pool('AveragePool', tensor(), config.pool_size, config.strides, padding())
        case 'Flatten':
          return graph.flatten(tensor())
        case 'Dense':
          return activated(graph.dense(tensor(), weight('kernel'), weight('bias')))
        case 'Dropout':
          return tensor()
        default:
          throw new Error(`layer ${layer.name} is a ${layer.class_name}`)
      }
    }
    tensors.set(layer.name, convert())
  }

  const [output] = topology.model_config.config.output_layers
  graph.output(tensors.get(output![0])!, 'output', [outputs])
  return graph
}

function refuse(condition: boolean, why: string): void {
  if (condition) throw new Error(why)
}

/** The two networks of face-api, whose graphs exist only as its code: written out here layer by layer. */
import { type Folded, fold, integers, onGrid } from './int8-weights.ts'
import { OnnxGraph, type Tensor } from './onnx-graph.ts'
import { numbersOf, reshape, transpose, type Weight } from './weights.ts'

type Weights = ReadonlyMap<string, Weight>
type Getter = (name: string) => Weight

// face-api src/ssdMobilenetv1/mobileNetV1.ts
const BATCH_NORM_EPSILON = 0.0010000000474974513
const HALVING_LAYERS = [2, 4, 6, 12]
const BOXES = 5118

/** The two kinds of layer that the SSD is built of, each with its relu6. */
interface SsdLayers {
  readonly pointwise: (x: Tensor, prefix: string, stride: number) => Tensor
  readonly depthwise: (x: Tensor, prefix: string, stride: number) => Tensor
}

/** SSD MobileNetV1: boxes [N, 5118, 4] as (top, left, bottom, right) shares of the side, scores [N, 5118]. */
export function convertSsd(weights: Weights): OnnxGraph {
  const graph = new OnnxGraph('ssd_mobilenetv1')
  const get = getter(weights)
  const features = ssdFeatures(graph.input('input', [512, 512, 3]), ssdLayers(graph, get))
  const encoded = predictions(graph, get, features, 'BoxEncodingPredictor', 4)
  const classes = predictions(graph, get, features, 'ClassPredictor', 3)
  graph.output(decodeBoxes(graph, encoded, get('Output/extra_dim')), 'boxes', [BOXES, 4])
  scoresOf(graph, classes)
  return graph
}

/** Layers of the SSD that stay float32 from the start: with none of them the screen missed faces that the model is sure of. */
const FLOAT_LAYERS = 5
/** What relu6 leaves, in 255 steps: no picture needs to be seen for that. */
const RELU6 = { scale: Math.fround(6 / 255), zero: 0 }

/**
 * The same network in eight bits (QDQ form), and of its answers the scores alone: how sure of a face it is, not where.
 * @param largestWeight as int8-weights.ts has it
 */
export function convertSsdInt8(weights: Weights, largestWeight: number): OnnxGraph {
  const graph = new OnnxGraph('ssd_mobilenetv1_int8')
  const get = getter(weights)
  const { pointwise, depthwise } = ssdLayers(graph, get)
  const onSteps = ({ name }: Tensor): Tensor => ({ name: onGrid(graph, name, RELU6), layout: 'nchw' })
  let layers = 0
  const either =
    (floating: SsdLayers['pointwise'], foldedOf: (prefix: string) => Folded, isDepthwise: boolean) =>
    (x: Tensor, prefix: string, stride: number): Tensor => {
      layers++
      if (layers < FLOAT_LAYERS) return floating(x, prefix, stride)
      if (layers === FLOAT_LAYERS) return onSteps(floating(x, prefix, stride))
      const folded = foldedOf(prefix)
      const key = `${prefix} ${isDepthwise ? 'depthwise' : 'pointwise'}`
      const name = graph.op('Conv', [x.name, ...integers(graph, key, folded, RELU6, largestWeight)], {
        kernel_shape: folded.shape.slice(2),
        strides: [stride, stride],
        group: isDepthwise ? folded.shape[0]! : 1,
        auto_pad: 'SAME_UPPER',
      })
      return onSteps({ name, layout: 'nchw' })
    }
  const features = ssdFeatures(graph.input('input', [512, 512, 3]), {
    pointwise: either(pointwise, (prefix) => foldedPointwise(get, prefix), false),
    depthwise: either(depthwise, (prefix) => foldedDepthwise(get, prefix), true),
  })
  scoresOf(graph, predictions(graph, get, features, 'ClassPredictor', 3))
  return graph
}

function ssdLayers(graph: OnnxGraph, get: Getter): SsdLayers {
  return {
    pointwise: (x, prefix, stride) =>
      graph.clip(
        graph.conv(
          x,
          get(`${prefix}_pointwise/weights`),
          [stride, stride],
          'same',
          get(`${prefix}_pointwise/convolution_bn_offset`),
        ),
        0,
        6,
      ),
    depthwise: (x, prefix, stride) => {
      const y = graph.depthwise(x, get(`${prefix}_depthwise/depthwise_weights`), [stride, stride], 'same')
      const parameters = {
        gamma: get(`${prefix}_depthwise/BatchNorm/gamma`),
        beta: get(`${prefix}_depthwise/BatchNorm/beta`),
        mean: get(`${prefix}_depthwise/BatchNorm/moving_mean`),
        variance: get(`${prefix}_depthwise/BatchNorm/moving_variance`),
      }
      return graph.clip(graph.batchNormalization(y, parameters, BATCH_NORM_EPSILON), 0, 6)
    },
  }
}

function foldedPointwise(get: Getter, prefix: string): Folded {
  const kernel = transpose(get(`${prefix}_pointwise/weights`), [3, 2, 0, 1])
  const bias = numbersOf(get(`${prefix}_pointwise/convolution_bn_offset`))
  return { kernel: Float64Array.from(numbersOf(kernel)), shape: kernel.shape, bias: Float64Array.from(bias) }
}

function foldedDepthwise(get: Getter, prefix: string): Folded {
  const kernel = get(`${prefix}_depthwise/depthwise_weights`)
  const [height, width, channels, multiplier] = kernel.shape as [number, number, number, number]
  const turned = reshape(transpose(kernel, [2, 3, 0, 1]), [channels * multiplier, 1, height, width])
  const part = (name: string) => numbersOf(get(`${prefix}_depthwise/BatchNorm/${name}`))
  return fold(turned, {
    gamma: part('gamma'),
    beta: part('beta'),
    mean: part('moving_mean'),
    variance: part('moving_variance'),
    epsilon: BATCH_NORM_EPSILON,
  })
}

/** From the picture to the six grids of cells that say what they hold. */
function ssdFeatures(input: Tensor, { pointwise, depthwise }: SsdLayers): Tensor[] {
  let x = pointwise(input, 'MobilenetV1/Conv2d_0', 2)
  let eleventh = x
  for (let i = 1; i <= 13; i++) {
    x = depthwise(x, `MobilenetV1/Conv2d_${i}`, HALVING_LAYERS.includes(i) ? 2 : 1)
    x = pointwise(x, `MobilenetV1/Conv2d_${i}`, 1)
    if (i === 11) eleventh = x
  }
  const features = [eleventh, x]
  for (let i = 0; i < 8; i++) {
    x = pointwise(x, `Prediction/Conv2d_${i}`, i % 2 === 0 ? 1 : 2)
    if (i % 2 === 1) features.push(x)
  }
  return features
}

function predictions(
  graph: OnnxGraph,
  get: Getter,
  features: readonly Tensor[],
  part: string,
  width: number,
): Tensor {
  return graph.concat(
    features.map((feature, i) => {
      const prefix = `Prediction/BoxPredictor_${i}/${part}`
      const y = graph.conv(feature, get(`${prefix}/weights`), [1, 1], 'same', get(`${prefix}/biases`))
      return graph.reshape(y, [0, -1, width])
    }),
    1,
  )
}

function scoresOf(graph: OnnxGraph, classes: Tensor): void {
  const face = graph.slice(classes, 2, 1, 2)
  graph.output(graph.reshape(graph.unary('Sigmoid', face), [0, -1]), 'scores', [BOXES])
}

/** face-api src/ssdMobilenetv1/outputLayer.ts: centre and size relative to fixed boxes, sizes as logarithms. */
function decodeBoxes(graph: OnnxGraph, encoded: Tensor, fixed: Weight): Tensor {
  const anchors: Tensor = { name: graph.weight(fixed), layout: 'plain' }
  const part = (x: Tensor, from: number): Tensor => graph.slice(x, 2, from, from + 2)
  const times = (x: Tensor, factor: number): Tensor => ({
    name: graph.op('Mul', [x.name, graph.scalar(factor)]),
    layout: 'plain',
  })
  const start = part(anchors, 0)
  const size = graph.binary('Sub', part(anchors, 2), start)
  const centre = graph.binary('Add', start, times(size, 0.5))
  const half = times(graph.binary('Mul', graph.unary('Exp', times(part(encoded, 2), 1 / 5)), size), 0.5)
  const middle = graph.binary('Add', graph.binary('Mul', times(part(encoded, 0), 1 / 10), size), centre)
  return graph.concat([graph.binary('Sub', middle, half), graph.binary('Add', middle, half)], 2)
}

/** Age in years [N, 1]. The network's second answer, sex, is left out: nothing here reads it. */
export function convertAge(weights: Weights): OnnxGraph {
  const graph = new OnnxGraph('age')
  const get = getter(weights)
  const relu = (x: Tensor): Tensor => graph.unary('Relu', x)
  const conv = (x: Tensor, prefix: string, stride: number): Tensor =>
    graph.conv(x, get(`${prefix}/filters`), [stride, stride], 'same', get(`${prefix}/bias`))
  const separable = (x: Tensor, prefix: string): Tensor => {
    const y = graph.depthwise(x, get(`${prefix}/depthwise_filter`), [1, 1], 'same')
    return graph.conv(y, get(`${prefix}/pointwise_filter`), [1, 1], 'same', get(`${prefix}/bias`))
  }
  const reduction = (x: Tensor, prefix: string, activate: boolean): Tensor => {
    const first = separable(activate ? relu(x) : x, `${prefix}/separable_conv0`)
    const second = separable(relu(first), `${prefix}/separable_conv1`)
    const pooled = graph.pool('MaxPool', second, [3, 3], [2, 2], 'same')
    return graph.binary('Add', pooled, conv(x, `${prefix}/expansion_conv`, 2))
  }

  let x = relu(conv(graph.input('input', [112, 112, 3]), 'entry_flow/conv_in', 2))
  x = reduction(x, 'entry_flow/reduction_block_0', false)
  x = reduction(x, 'entry_flow/reduction_block_1', true)
  for (let i = 0; i < 2; i++) {
    let y = x
    for (let k = 0; k < 3; k++) y = separable(relu(y), `middle_flow/main_block_${i}/separable_conv${k}`)
    x = graph.binary('Add', y, x)
  }
  x = reduction(x, 'exit_flow/reduction_block', true)
  x = relu(separable(x, 'exit_flow/separable_conv'))
  // The feature map is 7 × 7: one cell is left.
  x = graph.flatten(graph.pool('AveragePool', x, [7, 7], [2, 2], 'valid'))
  graph.output(graph.dense(x, get('fc/age/weights'), get('fc/age/bias')), 'age', [1])
  return graph
}

function getter(weights: Weights): Getter {
  return (name) => {
    const weight = weights.get(name)
    if (!weight) throw new Error(`no weight ${name}`)
    return weight
  }
}

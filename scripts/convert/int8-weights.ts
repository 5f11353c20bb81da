/** Weights of a convolution in eight bits, a scale a channel, as a graph of the QDQ form takes them. */
import { DATA_TYPE, type OnnxGraph } from './onnx-graph.ts'
import { numbersOf, type Weight } from './weights.ts'

/** A float tensor of the graph that holds only values `scale × (n − zero)`, n of 0–255. */
export interface Grid {
  readonly scale: number
  readonly zero: number
}

export interface Folded {
  /** [out, in, height, width] */
  readonly kernel: Float64Array
  readonly shape: readonly number[]
  readonly bias: Float64Array
}

/**
 * Batch normalisation as a part of the convolution before it: y = g (W x) + (β − g m), g = γ / √(v + ε).
 * @param kernel [out, in, height, width]
 */
export function fold(
  kernel: Weight,
  bn: {
    /** 1 when left out. */
    readonly gamma?: number[]
    readonly beta: number[]
    readonly mean: number[]
    readonly variance: number[]
    readonly epsilon: number
  },
): Folded {
  const numbers = numbersOf(kernel)
  const each = numbers.length / kernel.shape[0]!
  const gain = bn.variance.map((v, c) => (bn.gamma?.[c] ?? 1) / Math.sqrt(v + bn.epsilon))
  return {
    kernel: Float64Array.from(numbers, (w, i) => w * gain[Math.floor(i / each)]!),
    shape: kernel.shape,
    bias: Float64Array.from(bn.beta, (beta, c) => beta - bn.mean[c]! * gain[c]!),
  }
}

/** Puts a value on a grid of 256 steps. */
export function onGrid(graph: OnnxGraph, floating: string, { scale, zero }: Grid): string {
  const parts = [graph.scalar(scale), graph.bytes(DATA_TYPE.uint8, [], [zero])]
  return graph.op('DequantizeLinear', [graph.op('QuantizeLinear', [floating, ...parts]), ...parts])
}

/**
 * Kernel and bias; the bias in steps of the products.
 * @param largest 127, or 64 for weights of seven bits: processors without VNNI add products of two neighbours in sixteen
 *   signed bits, which 255 × 127 × 2 overflows and 255 × 64 × 2 does not
 */
export function integers(
  graph: OnnxGraph,
  key: string,
  { kernel, shape, bias }: Folded,
  x: Grid,
  largest: number,
): string[] {
  const channels = shape[0]!
  const each = kernel.length / channels
  const scales = Array.from({ length: channels }, (_, c) => {
    const most = kernel.subarray(c * each, (c + 1) * each).reduce((m, w) => Math.max(m, Math.abs(w)), 0)
    return Math.fround(Math.max(most, 1e-12) / largest)
  })
  const steps = Array.from(kernel, (w, i) => Math.round(w / scales[Math.floor(i / each)]!))
  const perChannel = graph.floats(`${key} scales`, [channels], scales)
  const zeros = graph.bytes(
    DATA_TYPE.int8,
    [channels],
    scales.map(() => 0),
  )
  const wide = graph.op('DequantizeLinear', [graph.bytes(DATA_TYPE.int8, shape, steps), perChannel, zeros], {
    axis: 0,
  })
  const products = scales.map((scale) => Math.fround(scale * x.scale))
  const biasSteps = Array.from(bias, (b, c) =>
    Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.round(b / products[c]!))),
  )
  const biasParts = [
    graph.int32s(biasSteps),
    graph.floats(`${key} products`, [channels], products),
    graph.int32s(products.map(() => 0)),
  ]
  return [wide, graph.op('DequantizeLinear', biasParts, { axis: 0 })]
}

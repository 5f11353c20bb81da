/**
 * What values the layers of a network take on pictures: the ranges that its eight-bit form is made with.
 *
 * A value is counted in the bin of its sign, exponent and first seven bits of fraction, and a range ends at the upper
 * edge of a bin, so that the last bits of a processor's sums decide nothing.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Range, Ranges } from './int8-keras.ts'

const BINS = 1 << 16

/**
 * @param bytes a model whose outputs besides `output` are the values to count
 * @param inputs of the model, one picture each
 * @param share of a layer's values that lie within its range, the least and the greatest each counted by themselves
 */
export async function rangesOf(
  bytes: Buffer,
  inputs: Iterable<Float32Array> | AsyncIterable<Float32Array>,
  dimensions: readonly number[],
  share: number,
): Promise<Ranges> {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 })
  const layers = session.outputNames.filter((name) => name !== 'output')
  const counts = new Map(layers.map((name) => [name, new Float64Array(BINS)]))
  for await (const input of inputs) {
    const outputs = await session.run({ input: new Tensor('float32', input, [1, ...dimensions]) })
    for (const [name, bins] of counts) {
      const { buffer, byteOffset, length } = outputs[name]!.data as Float32Array
      const halves = new Uint16Array(buffer, byteOffset, length * 2)
      for (let i = 1; i < halves.length; i += 2) bins[halves[i]!]!++
    }
  }
  await session.release()
  return Object.fromEntries([...counts].map(([name, bins]) => [name, rangeOf(bins, share)]))
}

function rangeOf(bins: Float64Array, share: number): Range {
  const all = bins.reduce((sum, n) => sum + n, 0)
  const beyond = all * (1 - share)
  return { low: -edge(bins.subarray(BINS / 2), beyond), high: edge(bins.subarray(0, BINS / 2), beyond) }
}

/** The magnitude that at most `beyond` values of one sign lie above. */
function edge(bins: Float64Array, beyond: number): number {
  let above = 0
  for (let bin = bins.length - 1; bin > 0; bin--) {
    above += bins[bin]!
    if (above > beyond) return new Float32Array(Uint32Array.of((bin + 1) << 16).buffer)[0]!
  }
  return 0
}

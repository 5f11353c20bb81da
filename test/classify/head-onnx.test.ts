import { describe, expect, it } from 'vitest'
import { HEAD_INPUT, HEAD_OUTPUT } from '../../src/classify/head-card.ts'
import { headOnnx, headScore, readHeadOnnx } from '../../src/classify/head-onnx.ts'
import { onnxRuntime } from '../../src/classify/onnx-runtime.ts'
import { SESSION_OPTIONS } from '../../src/classify/session.ts'

const SIZE = 3072
const numbers = (seed: number, range: number) =>
  Float32Array.from({ length: SIZE }, (_, i) => range * Math.sin(seed + i * i))

describe('a head that is read from its file', () => {
  it('scores as ONNX Runtime does, to less than half of a part of 10,000', async () => {
    const { InferenceSession, Tensor } = await onnxRuntime()
    const scores: number[] = []
    for (const seed of [1, 2, 3, 4, 5]) {
      const onnx = headOnnx(numbers(seed, 0.2), seed / 10)
      const session = await InferenceSession.create(onnx, SESSION_OPTIONS)
      const features = numbers(seed + 100, 0.5).map(Math.abs)
      const outputs = await session.run({ [HEAD_INPUT]: new Tensor('float32', features, [1, SIZE]) })
      const [expected] = outputs[HEAD_OUTPUT]!.data as Float32Array
      const found = headScore(readHeadOnnx(onnx), features)
      expect(Math.abs(found - expected!)).toBeLessThan(0.00005)
      scores.push(found)
    }
    // Scores that differ, and are not all at an end of the range: otherwise the comparison says little.
    expect(new Set(scores).size).toBe(5)
    expect(scores.some((score) => score > 0.05 && score < 0.95)).toBe(true)
  })

  it('is refused where anything but its weights differs', () => {
    const onnx = headOnnx(Float32Array.of(1, -2), 0.5)
    expect(readHeadOnnx(onnx)).toEqual({ weights: Float32Array.of(1, -2), bias: 0.5 })
    const other = Buffer.from(onnx)
    other.write('Gelm', other.indexOf('Gemm'))
    for (const bytes of [other, Buffer.concat([onnx, onnx]), onnx.subarray(0, 40), Buffer.alloc(0)])
      expect(() => readHeadOnnx(bytes)).toThrow(RangeError)
  })
})

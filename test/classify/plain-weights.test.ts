import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { syntheticPictures } from '../../scripts/convert/synthetic-pictures.ts'
import { readModel } from '../../src/classify/models.ts'
import { inspectOnnx } from '../../src/classify/onnx-file.ts'
import { inputOf } from '../../src/classify/pixels.ts'
import { plainWeights } from '../../src/classify/plain-weights.ts'
import { MODELS } from './models-dir.ts'
import { encodeModel, floats, int } from './tiny-model.ts'

const OF_BYTES = [
  'face-api-age',
  'face-api-ssd',
  'face-api-ssd-int8',
  'nsfwjs-inception-v3',
  'nsfwjs-inception-v3-int8',
  'nsfwjs-mobilenet-v2',
  'nsfwjs-mobilenet-v2-mid',
]

/** Bits of all outputs, in the order of their names. */
async function answers(model: Buffer, name: string, dims: readonly number[], data: Float32Array) {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 })
  const outputs = await session.run({ [name]: new Tensor('float32', data, dims) })
  await session.release()
  return Object.keys(outputs)
    .sort()
    .map((output) => new Uint32Array((outputs[output]!.data as Float32Array).slice().buffer))
}

describe('a model that ships with weights as bytes', () => {
  const { pixels } = syntheticPictures()[4]!

  it.each(OF_BYTES)('%s says the same, bit for bit, with the numbers they stand for', async (id) => {
    const { card, bytes } = readModel(MODELS, id)
    const plain = plainWeights(bytes)
    expect(plain.length).toBeGreaterThan(bytes.length)
    expect(plainWeights(plain)).toBe(plain)
    const { name, width, height, layout } = card.input
    const dims = layout === 'NHWC' ? [1, height, width, 3] : [1, 3, height, width]
    const data = inputOf(pixels, card.input)
    expect(await answers(plain, name, dims, data)).toEqual(await answers(bytes, name, dims, data))
  })

  it('is left as it is where it has none', () => {
    for (const id of ['human-blazeface', 'human-faceres', 'grooming']) {
      const bytes = readFileSync(join(MODELS, id, 'model.onnx'))
      expect(plainWeights(bytes)).toBe(bytes)
    }
  })
})

interface Drawn {
  readonly nodes?: readonly object[]
  readonly constants?: readonly object[]
  readonly outputs?: readonly string[]
  readonly cast?: readonly object[]
  readonly scale?: readonly number[]
}

const BYTES = Array.from({ length: 256 }, (_, i) => i)
const [FLOAT, UINT8, DOUBLE] = [1, 2, 11]

/** y = x + ((bytes × .0173 + -2.31) × 3.7 + …): 256 bytes, each once. */
function byteModel({
  nodes = [],
  constants = [],
  outputs = ['y'],
  cast = [int('to', FLOAT)],
  scale = [],
}: Drawn = {}): Buffer {
  return encodeModel(
    [
      { opType: 'Cast', input: ['bytes'], output: ['wide'], attribute: cast },
      { opType: 'Mul', input: ['wide', 'scale'], output: ['scaled'] },
      { opType: 'Add', input: ['scaled', 'offset'], output: ['weights'] },
      { opType: 'Add', input: ['x', 'weights'], output: ['y'] },
      ...nodes,
    ],
    [
      { name: 'bytes', dims: [256], dataType: UINT8, rawData: Buffer.from(BYTES) },
      floats('scale', scale, [0.0173]),
      floats('offset', [], [-2.31]),
      ...constants,
    ],
    [256],
    outputs,
  )
}

const x = Float32Array.from(BYTES, (i) => Math.sin(i) / 3)

describe('a drawn model', () => {
  it('says the same with the numbers, also where more is done to them', async () => {
    const constants = ['a', 'b', 'c'].map((name, i) => floats(name, [], [[3.7, 1e-9, 8e8][i]!]))
    const nodes = [
      { opType: 'Mul', input: ['weights', 'a'], output: ['more'] },
      { opType: 'Add', input: ['more', 'b'], output: ['still'] },
      { opType: 'Mul', input: ['still', 'c'], output: ['most'] },
      { opType: 'Sub', input: ['x', 'most'], output: ['z'] },
    ]
    for (const drawn of [{}, { nodes, constants, outputs: ['y', 'z'] }]) {
      const model = byteModel(drawn)
      const plain = plainWeights(model)
      expect(plain.includes('Cast')).toBe(false)
      expect(inspectOnnx(plain)).toEqual(inspectOnnx(model))
      expect(await answers(plain, 'x', [256], x)).toEqual(await answers(model, 'x', [256], x))
    }
  })

  it('is left as it is where somebody else reads or gives the bytes, or they do not become float32', () => {
    const also = (value: string) => ({ nodes: [{ opType: 'Identity', input: [value], output: ['z'] }] })
    for (const drawn of [
      also('bytes'),
      { outputs: ['y', 'bytes'] },
      { outputs: ['y', 'weights'] },
      { cast: [int('to', DOUBLE)] },
      { cast: [] },
      {
        nodes: [
          { opType: 'If', input: ['bytes'], output: ['z'], attribute: [{ name: 'else', type: 5, g: {} }] },
        ],
      },
    ]) {
      const model = byteModel(drawn)
      expect(plainWeights(model)).toBe(model)
    }
  })

  it('keeps what is done with a number that has a shape, or to a value that is read twice', async () => {
    const twice = { nodes: [{ opType: 'Sub', input: ['x', 'scaled'], output: ['z'] }], outputs: ['y', 'z'] }
    for (const drawn of [{ scale: [1] }, twice]) {
      const model = byteModel(drawn)
      const plain = plainWeights(model)
      expect(plain.includes('offset') && plain.includes('Mul') === 'scale' in drawn).toBe(true)
      expect(await answers(plain, 'x', [256], x)).toEqual(await answers(model, 'x', [256], x))
    }
  })
})

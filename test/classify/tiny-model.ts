import { createHash } from 'node:crypto'
import onnxProto from 'onnx-proto'
import type { ModelCard } from '../../src/classify/model-card.ts'
import type { Model } from '../../src/classify/models.ts'

const { onnx } = onnxProto

/** A model with a card that fits it; `card` overrides what a test is about. */
export function modelOf(bytes: Buffer, card: Partial<ModelCard>): Model {
  return {
    bytes,
    card: {
      cardVersion: 1,
      id: 'agency-model',
      title: 'A model made for a test',
      role: 'classifier',
      insteadOf: [],
      sha256: createHash('sha256').update(bytes).digest('hex'),
      sizeBytes: bytes.length,
      origin: 'made by a test',
      licence: 'none',
      input: {
        name: 'x',
        layout: 'NCHW',
        width: 8,
        height: 8,
        channels: 'RGB',
        mean: [0, 0, 0],
        divisor: [255, 255, 255],
        resize: 'squash',
        sampling: 'area',
      },
      outputs: [
        {
          name: 'y',
          activation: 'softmax',
          labels: [
            { label: 'reddish', meaning: 'agency-alert', thresholdPer10k: 6000 },
            { label: 'other', meaning: 'none', thresholdPer10k: null },
          ],
        },
      ],
      trainingData: 'none',
      publishedAccuracy: 'none',
      operatingPoints: [],
      knownFailures: [],
      neverMeasured: ['everything'],
      ...card,
    },
  }
}

/**
 * Mean of each channel, times a 3 × 2 matrix: logits of “reddish” and “other”. With `weights` all zero it answers every
 * picture alike.
 */
export function meanColourModel(weights: readonly number[] = [8, -8, -4, 4, -4, 4]): Buffer {
  return encodeModel(
    [
      {
        opType: 'ReduceMean',
        input: ['x'],
        output: ['m'],
        attribute: [ints('axes', [2, 3]), int('keepdims', 0)],
      },
      { opType: 'MatMul', input: ['m', 'w'], output: ['y'] },
    ],
    [floats('w', [3, 2], weights)],
    [1, 3, 8, 8],
    ['y'],
  )
}

/** A model that gives the same outputs whatever it is shown. */
export function constantModel(
  inputDims: readonly number[],
  outputs: Readonly<Record<string, { readonly dims: readonly number[]; readonly values: readonly number[] }>>,
): Buffer {
  const names = Object.keys(outputs)
  return encodeModel(
    names.map((name) => ({ opType: 'Identity', input: [`c_${name}`], output: [name] })),
    names.map((name) => floats(`c_${name}`, outputs[name]!.dims, outputs[name]!.values)),
    inputDims,
    names,
    'input',
  )
}

export function encodeModel(
  node: readonly object[],
  initializer: readonly object[],
  inputDims: readonly number[],
  outputs: readonly string[],
  input = 'x',
): Buffer {
  const tensor = (dims: readonly number[] | null) => ({
    tensorType: { elemType: 1, ...(dims ? { shape: { dim: dims.map((dimValue) => ({ dimValue })) } } : {}) },
  })
  const model = onnx.ModelProto.fromObject({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'g',
      node,
      initializer,
      input: [{ name: input, type: tensor(inputDims) }],
      output: outputs.map((name) => ({ name, type: tensor(null) })),
    },
  })
  return Buffer.from(onnx.ModelProto.encode(model).finish())
}

export function floats(name: string, dims: readonly number[], values: readonly number[]): object {
  return { name, dims, dataType: 1, rawData: Buffer.from(Float32Array.from(values).buffer) }
}

export function int(name: string, value: number): object {
  return { name, type: 2, i: value }
}

function ints(name: string, values: readonly number[]): object {
  return { name, type: 7, ints: values }
}

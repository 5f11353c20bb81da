/** Where each shipped model comes from: a file of a pinned npm package, and how it becomes an ONNX graph. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { convertKeras, type KerasTopology } from './keras.ts'
import type { OnnxGraph } from './onnx-graph.ts'
import { type Manifest, readWeights } from './weights.ts'

export interface ModelSource {
  readonly id: string
  readonly package: string
  /** The version whose weights the cards describe; another version is refused. */
  readonly version: string
  readonly convert: () => OnnxGraph
}

interface ModelJson {
  readonly modelTopology: unknown
  readonly weightsManifest: Manifest
}

const require = createRequire(import.meta.url)

export const SOURCES: readonly ModelSource[] = [
  {
    id: 'nsfwjs-mobilenet-v2',
    package: 'nsfwjs',
    version: '4.3.0',
    convert: () => nsfwjsKeras('mobilenet_v2'),
  },
]

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

/** The package's folder, also where its “exports” hide package.json. */
export function packageDirectory(name: string): string {
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

/**
 * Extracts the textures of a binary glTF model: pictures in its one buffer or in the JSON.
 * @see Khronos, "glTF 2.0", 3.8.4 and 4
 */
import { identify } from '../signatures/index.ts'
import { type Budget, ContainerDamaged, type Extractor, type Member, wholeOf } from './common/container.ts'
import { embeddedBytes, endingOf } from './embedded/embedded.ts'

const HEADER_BYTES = 12
const CHUNK_BYTES = 8
const [JSON_CHUNK, BINARY_CHUNK] = [0x4e4f534a, 0x004e4942]

export const gltf: Extractor = {
  id: 'gltf',
  mediaTypes: ['model/gltf-binary'],
  inMemory: true,
  async *members(source, budget) {
    const chunks = chunksOf(wholeOf(source))
    const model = parsed(chunks.get(JSON_CHUNK))
    let number = 0
    for (const picture of picturesOf(model, chunks.get(BINARY_CHUNK))) yield member(picture, ++number, budget)
  },
}

function member(picture: Buffer, number: number, budget: Budget): Member {
  budget.entry()
  const { mediaType } = identify(picture, picture.length)
  return embeddedBytes(`picture-${number}.${endingOf(mediaType)}`, picture, budget)
}

/** The first chunk of each type. */
function chunksOf(whole: Buffer): ReadonlyMap<number, Buffer> {
  const chunks = new Map<number, Buffer>()
  for (let at = HEADER_BYTES; at + CHUNK_BYTES <= whole.length && chunks.size < 2; ) {
    const [length, kind] = [whole.readUInt32LE(at), whole.readUInt32LE(at + 4)]
    if (!chunks.has(kind)) chunks.set(kind, whole.subarray(at + CHUNK_BYTES, at + CHUNK_BYTES + length))
    at += CHUNK_BYTES + length
  }
  return chunks
}

function parsed(json: Buffer | undefined): unknown {
  try {
    return JSON.parse(json?.toString('utf8') ?? '')
  } catch {
    throw new ContainerDamaged({ code: 'ends-inside-header', params: {} })
  }
}

function* picturesOf(model: unknown, buffer: Buffer | undefined): Generator<Buffer> {
  const { images, bufferViews } = (model ?? {}) as { images?: unknown; bufferViews?: unknown }
  for (const image of listOf(images)) {
    const inJson = /^data:[^,]{0,200};base64,/.exec(String(image.uri ?? ''))
    const view = listOf(bufferViews)[Number(image.bufferView)]
    if (inJson) yield Buffer.from(String(image.uri).slice(inJson[0].length), 'base64')
    else if (view && buffer) {
      const from = Number(view.byteOffset ?? 0)
      yield buffer.subarray(from, from + Number(view.byteLength))
    }
  }
}

function listOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : []
}

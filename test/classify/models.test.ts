import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import onnxProto from 'onnx-proto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ModelRefused } from '../../src/classify/model-card.ts'
import { listModels, openModel, readModel, verifyModels } from '../../src/classify/models.ts'
import { MODELS } from './models-dir.ts'

const { onnx } = onnxProto
const ID = 'nsfwjs-mobilenet-v2'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'models-'))
  cpSync(join(MODELS, ID), join(folder, ID), { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

const card = (): Record<string, unknown> => JSON.parse(readFileSync(join(folder, ID, 'card.json'), 'utf8'))
const writeCard = (value: unknown): void =>
  writeFileSync(join(folder, ID, 'card.json'), JSON.stringify(value))
const writeModel = (bytes: Uint8Array): void => {
  writeFileSync(join(folder, ID, 'model.onnx'), bytes)
  writeCard({ ...card(), sha256: createHash('sha256').update(bytes).digest('hex') })
}

describe('the models folder', () => {
  it('lists and verifies every shipped model', () => {
    const cards = listModels(MODELS)
    expect(cards.map((c) => c.id)).toContain(ID)
    for (const check of verifyModels(MODELS)) expect(check.problem).toBeNull()
    for (const c of cards) expect(readFileSync(join(MODELS, c.id, 'model.onnx')).length).toBe(c.sizeBytes)
  })

  it('refuses a model in which one bit was changed, naming both digests', () => {
    const path = join(folder, ID, 'model.onnx')
    const bytes = readFileSync(path)
    bytes[bytes.length >> 1]! ^= 1
    writeFileSync(path, bytes)
    const found = createHash('sha256').update(bytes).digest('hex')
    expect(() => readModel(folder, ID)).toThrow(ModelRefused)
    expect(() => readModel(folder, ID)).toThrow(String(card().sha256))
    expect(() => readModel(folder, ID)).toThrow(found)
    expect(verifyModels(folder)[0]).toMatchObject({ id: ID, sha256: found })
    expect(verifyModels(folder)[0]!.problem).toContain('was refused')
  })

  it('refuses a model whose file is missing', () => {
    rmSync(join(folder, ID, 'model.onnx'))
    expect(() => readModel(folder, ID)).toThrow(/could not be read \(ENOENT\)/)
  })

  it('refuses data outside the file, wherever the model hides it', () => {
    const external = {
      name: 'w',
      dims: [1],
      dataType: 1,
      dataLocation: 1,
      externalData: [{ key: 'location', value: '../../etc/passwd' }],
    }
    const graphs = [
      { initializer: [external] },
      { node: [{ opType: 'Constant', attribute: [{ name: 'value', type: 4, t: external }] }] },
      {
        node: [
          { opType: 'If', attribute: [{ name: 'then_branch', type: 5, g: { initializer: [external] } }] },
        ],
      },
      { sparseInitializer: [{ values: external }] },
    ]
    for (const graph of graphs) {
      const model = onnx.ModelProto.fromObject({ irVersion: 8, graph: { ...graph, name: 'g' } })
      writeModel(onnx.ModelProto.encode(model).finish())
      expect(() => readModel(folder, ID)).toThrow(/keeps data outside its file/)
    }
  })

  it('refuses bytes that are not a model', () => {
    writeModel(Buffer.from('not a model at all'))
    expect(() => readModel(folder, ID)).toThrow(ModelRefused)
  })

  it('leaves the cards of text models to their reader, and still checks their digest', () => {
    const path = join(folder, 'text')
    mkdirSync(path)
    writeFileSync(join(path, 'model.onnx'), 'x')
    const write = (sha256: string) =>
      writeFileSync(join(path, 'card.json'), JSON.stringify({ role: 'text-classifier', sha256 }))
    write(createHash('sha256').update('x').digest('hex'))
    expect(listModels(folder).map((c) => c.id)).toEqual([ID])
    expect(verifyModels(folder).map((c) => c.problem)).toEqual([null, null])
    write('0'.repeat(64))
    expect(verifyModels(folder)[1]!.problem).toContain('was refused')
  })

  it('refuses a card of another model', () => {
    mkdirSync(join(folder, 'other'))
    cpSync(join(folder, ID), join(folder, 'other'), { recursive: true })
    expect(() => readModel(folder, 'other')).toThrow(/is of the model/)
  })
})

describe('a model card', () => {
  it.each<[string, (c: Record<string, unknown>) => unknown, RegExp]>([
    ['that is no JSON object', () => [], /card is not an object/],
    ['with an unknown field', (c) => ({ ...c, treshold: 1 }), /unknown field “treshold”/],
    ['without a licence', ({ licence: _, ...c }) => c, /no field “licence”/],
    ['with an empty licence', (c) => ({ ...c, licence: '' }), /licence is not a text/],
    ['of another version', (c) => ({ ...c, cardVersion: 2 }), /cardVersion is 2/],
    ['with a path as id', (c) => ({ ...c, id: '../x' }), /id must be/],
    ['with a short digest', (c) => ({ ...c, sha256: 'ab' }), /64 lower-case hex/],
    [
      'with a divisor of zero',
      (c) => ({ ...c, input: { ...(c.input as object), divisor: [1, 0, 1] } }),
      /holds a zero/,
    ],
    [
      'with a resize that does not exist',
      (c) => ({ ...c, input: { ...(c.input as object), resize: 'lanczos' } }),
      /input.resize is none of/,
    ],
    [
      'with a meaning but no threshold',
      (c) => ({
        ...c,
        outputs: [
          {
            name: 'output',
            activation: 'none',
            labels: [{ label: 'a', meaning: 'explicit', thresholdPer10k: null }],
          },
        ],
      }),
      /needs a threshold/,
    ],
  ])('%s is refused', (_, change, message) => {
    writeCard(change(card()))
    expect(() => listModels(folder)).toThrow(ModelRefused)
    expect(() => listModels(folder)).toThrow(message)
  })
})

it('a model that is left open gives its bytes when they are needed, and not those of a file that was changed meanwhile', () => {
  const [first, second] = [openModel(folder, ID), openModel(folder, ID)]
  expect(first.take().equals(readModel(folder, ID).bytes)).toBe(true)
  writeModel(Buffer.from('another'))
  expect(() => second.take()).toThrow(ModelRefused)
})

import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { drawnFaces } from '../../fixtures/drawn-face.ts'
import { addModel } from '../../src/classify/add-model.ts'
import { contractProblems } from '../../src/classify/card-contract.ts'
import { listModels, loadClassifiers } from '../../src/classify/index.ts'
import { type Model, readModel } from '../../src/classify/models.ts'
import { runnerOf } from '../../src/classify/session.ts'
import type { Pixels } from '../../src/contracts/content.ts'
import { leadsOf } from '../../src/score/leads.ts'
import { MODELS } from './models-dir.ts'
import { meanColourModel, modelOf } from './tiny-model.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'added-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const plain = (r: number, g: number, b: number): Pixels => ({
  width: 20,
  height: 10,
  rgb: Uint8Array.from({ length: 600 }, (_, i) => [r, g, b][i % 3]!),
})

async function add(model: Model, into = join(folder, 'models')) {
  writeFileSync(join(folder, 'card.json'), JSON.stringify(model.card))
  writeFileSync(join(folder, 'model.onnx'), model.bytes)
  return addModel(join(folder, 'card.json'), join(folder, 'model.onnx'), into)
}

describe('the contract of a card', () => {
  it.each(listModels(MODELS).map((card) => card.id))('is kept by %s', async (id) => {
    expect(await contractProblems(runnerOf(readModel(MODELS, id)))).toEqual([])
  })

  it('finds a model that needs an activation its card does not name', async () => {
    const model = modelOf(meanColourModel(), {})
    const outputs = [{ ...model.card.outputs[0]!, activation: 'none' as const }]
    const problems = await contractProblems(runnerOf({ ...model, card: { ...model.card, outputs } }))
    expect(problems.join()).toContain('may need “softmax” or “sigmoid”')
  })

  it('finds a model that answers every picture alike', async () => {
    const problems = await contractProblems(runnerOf(modelOf(meanColourModel([0, 0, 0, 0, 0, 0]), {})))
    expect(problems).toEqual(['it gives the same answer to every picture'])
  })

  it('finds a model that answers with something that is no number', async () => {
    const problems = await contractProblems(
      runnerOf(modelOf(meanColourModel([1e38, 1e38, 1e38, 1e38, Number.NaN, 1]), {})),
    )
    expect(problems.join()).toContain('is no number')
  })
})

describe('an added model', () => {
  it('is listed, runs, and leads by the meaning of its label', async () => {
    await add(modelOf(meanColourModel(), {}))
    const classifiers = await loadClassifiers(join(folder, 'models'))
    expect(classifiers.uses.at(-1)).toMatchObject({
      id: 'agency-model',
      thresholds: { 'agency-alert': 6000 },
    })
    const red = await classifiers.classify(plain(250, 10, 10))
    const blue = await classifiers.classify(plain(10, 10, 250))
    expect(leadsOf(red.scores).map((l) => l.label)).toEqual(['agency-alert'])
    expect(leadsOf(blue.scores)).toEqual([])
    expect(red.scores.map((s) => s.label)).toEqual(['agency-alert', 'other'])
  })

  it('sees channels in the order that its card declares', async () => {
    const model = modelOf(meanColourModel(), {})
    await add({ ...model, card: { ...model.card, input: { ...model.card.input, channels: 'BGR' } } })
    const classifiers = await loadClassifiers(join(folder, 'models'))
    expect(leadsOf((await classifiers.classify(plain(10, 10, 250))).scores)).toHaveLength(1)
  })

  it('stands in for a part of the cascade when its card says so', async () => {
    const models = join(folder, 'models')
    cpSync(join(MODELS, 'nsfwjs-mobilenet-v2'), join(models, 'nsfwjs-mobilenet-v2'), { recursive: true })
    await add(modelOf(meanColourModel(), { insteadOf: ['explicitness'] }), models)
    const { uses } = await loadClassifiers(models)
    expect(uses.map((u) => u.id)).toEqual(['agency-model'])
  })

  it('is shown each face when it is a model of faces, and gives nothing where there is none', async () => {
    const models = join(folder, 'models')
    cpSync(join(MODELS, 'human-blazeface'), join(models, 'human-blazeface'), { recursive: true })
    await add(modelOf(meanColourModel(), { role: 'face-classifier' }), models)
    const classifiers = await loadClassifiers(models)
    const face = await classifiers.classify(await drawnFaces(640, 480, [{ x: 320, y: 220, radius: 110 }]))
    expect(face.scores.map((s) => s.label)).toEqual(['agency-alert', 'other'])
    expect((await classifiers.classify(plain(200, 0, 0))).scores).toEqual([])
  })

  it.each<[string, () => Model, RegExp]>([
    [
      'with another digest',
      () => modelOf(meanColourModel(), { sha256: '0'.repeat(64) }),
      /pins SHA-256 0{64}/,
    ],
    ['that is no model', () => modelOf(Buffer.from('x'), {}), /is not an ONNX file/],
    [
      'whose input has another name',
      () => {
        const model = modelOf(meanColourModel(), {})
        return { ...model, card: { ...model.card, input: { ...model.card.input, name: 'z' } } }
      },
      /no input or output “z”/,
    ],
    [
      'whose input has another shape',
      () => {
        const model = modelOf(meanColourModel(), {})
        return { ...model, card: { ...model.card, input: { ...model.card.input, width: 9 } } }
      },
      /does not run/,
    ],
    [
      'with more labels than outputs',
      () => {
        const model = modelOf(meanColourModel(), {})
        const labels = [
          ...model.card.outputs[0]!.labels,
          { label: 'more', meaning: 'none' as const, thresholdPer10k: null },
        ]
        return { ...model, card: { ...model.card, outputs: [{ ...model.card.outputs[0]!, labels }] } }
      },
      /has 2 numbers, its card 3 labels/,
    ],
    [
      'that wants to be a detector of ours',
      () => modelOf(meanColourModel(), { role: 'face-detector-ssd' }),
      /only classifier and face-classifier can be added/,
    ],
    [
      'with the name of a meaning as a plain label',
      () => {
        const labels = [
          { label: 'explicit', meaning: 'none' as const, thresholdPer10k: null },
          { label: 'other', meaning: 'none' as const, thresholdPer10k: null },
        ]
        return modelOf(meanColourModel(), { outputs: [{ name: 'y', activation: 'softmax', labels }] })
      },
      /name of a meaning/,
    ],
  ])('%s is refused and leaves nothing behind', async (_, make, message) => {
    await expect(add(make())).rejects.toThrow(message)
    const models = join(folder, 'models')
    expect(existsSync(models) ? readdirSync(models) : []).toEqual([])
  })

  it('never takes the place of a model that is there', async () => {
    await add(modelOf(meanColourModel(), {}))
    await expect(add(modelOf(meanColourModel([1, 2, 3, 4, 5, 6]), {}))).rejects.toThrow(/There is a model/)
  })
})

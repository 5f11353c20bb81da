import { describe, expect, it } from 'vitest'
import { syntheticPictures } from '../../scripts/convert/synthetic-pictures.ts'
import type { Looked } from '../../src/classify/classifier.ts'
import { exactBy } from '../../src/classify/eight-bits.ts'
import { EXPLICITNESS } from '../../src/classify/explicitness.ts'
import { isScreened, loadClassifiers, loadPlanned, modelUses } from '../../src/classify/index.ts'
import { readModel } from '../../src/classify/models.ts'
import { type Runner, runnerOf } from '../../src/classify/session.ts'
import { THRESHOLDS } from '../../src/classify/thresholds.ts'
import { MODELS } from './models-dir.ts'
import { constantModel, modelOf } from './tiny-model.ts'

const [SMALL, MID] = ['nsfwjs-mobilenet-v2', 'nsfwjs-mobilenet-v2-mid']
const EXPENSIVE = 'nsfwjs-inception-v3'
const SCREEN = 'nsfwjs-inception-v3-int8'

const nothing: Looked = { scores: [], attributes: [], faces: [] }

/** Answers every picture with so much of “porn” and the rest “sexy”, so that the gate of the expensive model is passed. */
function saying(id: string, porn: number): [string, Runner] {
  const values = [0, 0, 0, porn, 1 - porn]
  const { card } = readModel(MODELS, id)
  const bytes = constantModel([1, card.input.height, card.input.width, 3], {
    output: { dims: [1, 5], values },
  })
  const { sha256, sizeBytes } = modelOf(bytes, {}).card
  return [id, runnerOf({ card: { ...card, sha256, sizeBytes }, bytes })]
}

/** Who looked last, with cheap models, screen and expensive model that say so much; the expensive one always says 0.9. */
async function lastLook(cheap: number, screen: number): Promise<string> {
  const runners = new Map([
    saying(SMALL!, cheap),
    saying(MID!, cheap),
    saying(EXPENSIVE, 0.9),
    saying(SCREEN, screen),
  ])
  const part = EXPLICITNESS.load(runners, { everyModel: false, added: [] })!
  const { scores } = await part.look(syntheticPictures()[4]!.pixels, nothing)
  const own = scores!.filter(({ classifier }) => classifier === EXPENSIVE || classifier === SCREEN)
  expect(own).toHaveLength(1)
  const mean = (2 * cheap + (own[0]!.classifier === EXPENSIVE ? 0.9 : screen)) / 3
  expect(scores![0]).toMatchObject({ label: 'explicit', scorePer10k: Math.round(mean * 10_000) })
  return own[0]!.classifier
}

it('a model that saw a picture says again what it said of that one, and looks at each other one', async () => {
  const runner = runnerOf(readModel(MODELS, SMALL!))
  const [one, other] = syntheticPictures().slice(3, 5)
  const first = await runner.run(one!.pixels)
  expect(await runner.run(one!.pixels)).toBe(first)
  const box = { x: 0, y: 0, width: 20, height: 20 }
  expect(await runner.run(one!.pixels, box)).not.toEqual(first)
  expect(await runner.run(other!.pixels)).not.toEqual(first)
  expect(await runner.run({ ...one!.pixels })).toEqual(first)
})

describe('a processor', () => {
  const flags = (...each: string[]) =>
    each.map((words) => `processor : 0\nflags\t\t: fpu ${words} sse4_1\n`).join('\n')

  it('multiplies bytes exactly with VNNI, each core of it, or with NEON', () => {
    expect(exactBy('x64', flags('avx512_vnni', 'avx_vnni'))).toBe(true)
    expect(exactBy('x64', flags('avx2', 'avx2'))).toBe(false)
    expect(exactBy('x64', flags('avx_vnni', 'avx2'))).toBe(false)
    expect(exactBy('x64', '')).toBe(false)
    expect(exactBy('arm64', 'Features : asimd\n')).toBe(true)
  })
})

describe('the screen', () => {
  const { explicitness, screen, ssdGate } = THRESHOLDS
  const lead = (explicitness.possible - screen.lead) / 10_000
  const gate = ssdGate / 10_000
  const face = screen.face / 10_000

  it('stands in for the slow model only where the mean stays clear of every tier', async () => {
    expect(await lastLook(lead, lead - 0.01)).toBe(SCREEN)
    expect(await lastLook(lead, lead + 0.01)).toBe(EXPENSIVE)
    expect(await lastLook(0.9, 0.9)).toBe(EXPENSIVE)
  })

  it('is not asked where the cheap models alone bring the mean to where the slow one must look', async () => {
    const asked = async (cheap: number) => {
      let times = 0
      const [id, runner] = saying(SCREEN, 0)
      const run: Runner['run'] = (...given) => {
        times++
        return runner.run(...given)
      }
      const cheaps = [SMALL!, MID!].map((each) => saying(each, cheap))
      const runners = new Map([...cheaps, saying(EXPENSIVE, 0.9), [id, { ...runner, run }] as const])
      const part = EXPLICITNESS.load(runners, { everyModel: false, added: [] })!
      const { scores } = await part.look(syntheticPictures()[4]!.pixels, nothing)
      return [times, scores!.filter(({ classifier }) => classifier === EXPENSIVE).length]
    }
    expect(await asked((lead * 3) / 2 + 0.001)).toEqual([0, 1])
    expect(await asked((lead * 3) / 2 - 0.001)).toEqual([1, 0])
  })

  it('leaves to the slow model whether the second face detector looks, unless a cheap model calls for it', async () => {
    expect(await lastLook(gate - 0.01, gate - face - 0.005)).toBe(SCREEN)
    expect(await lastLook(gate - 0.01, gate - face + 0.005)).toBe(EXPENSIVE)
    expect(await lastLook(gate - 0.01, gate + face - 0.005)).toBe(EXPENSIVE)
    expect(await lastLook(gate + 0.002, gate - face + 0.02)).toBe(SCREEN)
  })

  it('is in the plan, and not with --exact; a plan gives what it says again', async () => {
    const [screened, exact] = [modelUses(MODELS), modelUses(MODELS, { exact: true })]
    expect([isScreened(screened), isScreened(exact)]).toEqual([true, false])
    expect(screened.find(({ id }) => id === SCREEN)?.thresholds).toEqual(screen)
    expect(isScreened(modelUses(MODELS, { everyModel: true }))).toBe(false)
    for (const uses of [screened, exact]) expect((await loadPlanned(uses, MODELS)).uses).toEqual(uses)
  })

  it('changes no score at or above a threshold', async () => {
    const [screened, exact] = [await loadClassifiers(MODELS), await loadClassifiers(MODELS, { exact: true })]
    for (const { pixels } of syntheticPictures()) {
      const [quick, whole] = [await screened.classify(pixels), await exact.classify(pixels)]
      const leads = ({ scores }: Looked) =>
        scores
          .filter(
            ({ scorePer10k, thresholdPer10k }) => thresholdPer10k !== null && scorePer10k >= thresholdPer10k,
          )
          .map(({ classifier, label, scorePer10k }) => ({ classifier, label, scorePer10k }))
      expect(leads(quick)).toEqual(leads(whole))
      expect(quick.faces).toEqual(whole.faces)
    }
  })
})

import { describe, expect, it } from 'vitest'
import { syntheticPictures } from '../../scripts/convert/synthetic-pictures.ts'
import { CLASSIFIERS, loadClassifiers, loadPlanned, modelUses } from '../../src/classify/index.ts'
import { MODELS } from './models-dir.ts'

describe('the cascade', () => {
  it('stands in the order that its parts ask for', () => {
    const ids = CLASSIFIERS.map((part) => part.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [i, part] of CLASSIFIERS.entries()) {
      for (const earlier of part.after) expect(ids.indexOf(earlier)).toBeLessThan(i)
      for (const earlier of part.after) expect(ids).toContain(earlier)
    }
  })

  it('refuses a model that is not there, naming those that are', async () => {
    await expect(loadClassifiers(MODELS, { only: ['nonesuch'] })).rejects.toThrow(/no model nonesuch.*nsfwjs/)
  })

  it('names every model of a score in its uses, with digest and thresholds', async () => {
    const classifiers = await loadClassifiers(MODELS)
    for (const { pixels } of syntheticPictures()) {
      for (const score of (await classifiers.classify(pixels)).scores) {
        const use = classifiers.uses.find((u) => u.id === score.classifier)
        expect(use?.sha256).toBe(score.modelSha256)
        if (score.thresholdPer10k !== null) expect(use?.thresholds[score.label]).toBe(score.thresholdPer10k)
        expect(Number.isInteger(score.scorePer10k)).toBe(true)
      }
    }
  })

  it('loads what a plan names, and refuses when the folder gives anything else', async () => {
    for (const options of [{}, { everyModel: true }, { only: ['nsfwjs-mobilenet-v2'] }]) {
      const uses = modelUses(MODELS, options)
      expect((await loadPlanned(uses, MODELS)).uses).toEqual(uses)
    }
    const changed = modelUses(MODELS).map((use) => ({
      ...use,
      thresholds: { ...use.thresholds, explicit: 1 },
    }))
    await expect(loadPlanned(changed, MODELS)).rejects.toThrow(/are not those of/)
  })

  it('gives one model alone its own threshold', async () => {
    const classifiers = await loadClassifiers(MODELS, { only: ['nsfwjs-mobilenet-v2'] })
    const { scores } = await classifiers.classify(syntheticPictures()[0]!.pixels)
    expect(scores.map((s) => [s.label, s.scorePer10k, s.thresholdPer10k])).toEqual([
      ['explicit', 228, 7450],
      ['drawing', 8825, null],
      ['hentai', 191, null],
      ['neutral', 937, null],
      ['porn', 37, null],
      ['sexy', 9, null],
    ])
  })
})

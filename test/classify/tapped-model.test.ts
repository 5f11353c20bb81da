import { describe, expect, it } from 'vitest'
import { BACKBONE_IDS, BACKBONES } from '../../src/classify/backbone-ids.ts'
import { featureOf, requireBackbones, tappedRunner } from '../../src/classify/backbones.ts'
import { openModel, readModel } from '../../src/classify/models.ts'
import { runnerTaking } from '../../src/classify/session.ts'
import { tapped } from '../../src/classify/tapped-model.ts'
import { trialPictures } from '../../src/classify/trial-pictures.ts'
import { MODELS } from './models-dir.ts'

describe.each(BACKBONE_IDS)('%s with its features as an output', (id) => {
  it('gives the scores that it gives without, to the bit, and as many features as stated', async () => {
    const feature = featureOf(MODELS, id)
    const [plain, with_] = [runnerTaking(openModel(MODELS, id)), tappedRunner(MODELS, feature)]
    for (const pixels of trialPictures()) {
      expect(await with_.run(pixels)).toEqual(await plain.run(pixels))
      const features = await with_.features(pixels)
      expect(features).toHaveLength(BACKBONES[id].size)
      expect(features.every(Number.isFinite)).toBe(true)
    }
    await expect(plain.features(trialPictures()[0]!)).rejects.toThrow(`The model ${id} gives no features.`)
  })

  it('is refused when another model is installed than the head was trained on', () => {
    const feature = featureOf(MODELS, id)
    const other = { ...feature, sha256: '0'.repeat(64) }
    const why = `A head was trained on the model ${id} ${other.sha256}; installed is ${feature.sha256}.`
    expect(() => tappedRunner(MODELS, other)).toThrow(why)
    expect(() => requireBackbones(MODELS, [other])).toThrow(why)
    expect(() => requireBackbones(MODELS, [{ ...feature, model: 'gone' }])).toThrow('installed is none')
  })
})

it('refuses a tensor that no node makes', () => {
  expect(() => tapped(readModel(MODELS, 'nsfwjs-mobilenet-v2').bytes, 'nowhere')).toThrow(
    'no node of the model makes the tensor “nowhere”',
  )
})

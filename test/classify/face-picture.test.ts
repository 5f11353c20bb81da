import sharp from 'sharp'
import { expect, it } from 'vitest'
import { faceJpeg } from '../../bench/face-picture.ts'
import type { Looked } from '../../src/classify/classifier.ts'
import { SCREEN } from '../../src/classify/explicitness.ts'
import { CLASSIFIERS, listModels } from '../../src/classify/index.ts'
import { readModel } from '../../src/classify/models.ts'
import { type Runner, runnerOf } from '../../src/classify/session.ts'
import { MODELS } from './models-dir.ts'

it('the picture that the bench times every model on calls every model but the screen, which could change nothing there', async () => {
  const { data, info } = await sharp(await faceJpeg())
    .raw()
    .toBuffer({ resolveWithObject: true })
  const pixels = { width: info.width, height: info.height, rgb: data }
  const ids = listModels(MODELS).map(({ id }) => id)
  const called = new Set<string>()
  const runners = new Map(
    ids.map((id): [string, Runner] => {
      const runner = runnerOf(readModel(MODELS, id))
      const run: Runner['run'] = (...asked) => {
        called.add(id)
        return runner.run(...asked)
      }
      return [id, { ...runner, run }]
    }),
  )
  let looked: Looked = { scores: [], attributes: [], faces: [] }
  for (const classifier of CLASSIFIERS) {
    const part = classifier.load(runners, { everyModel: false, added: [] })
    const { scores = [], faces = looked.faces } = (await part?.look(pixels, looked)) ?? {}
    looked = { ...looked, scores: [...looked.scores, ...scores], faces }
  }
  expect([...called].sort()).toEqual(ids.filter((id) => id !== SCREEN).sort())
})

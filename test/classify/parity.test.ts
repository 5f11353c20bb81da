import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SOURCES } from '../../scripts/convert/sources.ts'
import { goldenSample, squarePictures, syntheticPictures } from '../../scripts/convert/synthetic-pictures.ts'
import { readModel } from '../../src/classify/models.ts'
import { runnerOf } from '../../src/classify/session.ts'
import { GOLDEN, MODELS, ORIGINAL_OF, PARITY } from './models-dir.ts'

interface Golden {
  readonly model: string
  readonly pictures: readonly { readonly name: string; readonly outputs: readonly (readonly number[])[] }[]
}

describe('the parity table', () => {
  it('has a line for every shipped model', () => {
    expect(Object.keys(PARITY).sort()).toEqual(SOURCES.map((s) => s.id).sort())
  })
})

// The golden files hold what the original packages answered in their own runtime (scripts/golden-models.ts).
describe.each(Object.entries(PARITY))('%s', (id, limits) => {
  it('answers as the original does in its own runtime, from the pixels on', async () => {
    const golden = JSON.parse(readFileSync(join(GOLDEN, `${ORIGINAL_OF[id] ?? id}.json`), 'utf8')) as Golden
    const runner = runnerOf(readModel(MODELS, id))
    const pictures = id.startsWith('nsfwjs') ? syntheticPictures() : squarePictures(runner.card.input.width)
    expect(golden.pictures.map((p) => p.name)).toEqual(pictures.map((p) => p.name))
    const worst = limits.map(() => 0)
    for (const [i, { pixels }] of pictures.entries()) {
      const outputs = (await runner.run(pixels)).map(goldenSample)
      const original = golden.pictures[i]!.outputs
      // A screen keeps the last of its original's answers.
      for (const [o, expected] of original.slice(-outputs.length).entries()) {
        expect(outputs[o]).toHaveLength(expected.length)
        for (const [k, value] of expected.entries()) {
          worst[o] = Math.max(worst[o]!, Math.abs(value - outputs[o]![k]!) / Math.max(1, Math.abs(value)))
        }
      }
    }
    console.log(
      `${id}: largest difference from the original ${worst.map((w) => w.toExponential(1)).join(', ')}`,
    )
    for (const [o, limit] of limits.entries()) expect(worst[o]).toBeLessThanOrEqual(limit)
  })
})

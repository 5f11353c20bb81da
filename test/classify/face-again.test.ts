import { beforeAll, describe, expect, it } from 'vitest'
import { drawnFaces } from '../../fixtures/drawn-face.ts'
import type { Face, LoadedClassifier } from '../../src/classify/classifier.ts'
import { FACE_AGAIN } from '../../src/classify/face-again.ts'
import { readModel } from '../../src/classify/models.ts'
import { runnerOf } from '../../src/classify/session.ts'
import type { Pixels } from '../../src/contracts/content.ts'
import type { Score } from '../../src/contracts/finding.ts'
import { faceInDoubt } from '../../src/score/face-again.ts'
import { MODELS } from './models-dir.ts'

const runners = new Map(
  ['human-blazeface', 'face-api-ssd'].map((id) => [id, runnerOf(readModel(MODELS, id))]),
)
const part = FACE_AGAIN.load(runners, { everyModel: false, added: [] }) as LoadedClassifier
const LEAST = 7500

const lead = (classifier: string, label: string): Score => ({
  kind: 'score',
  classifier,
  modelSha256: '0'.repeat(64),
  label,
  scorePer10k: 5000,
  thresholdPer10k: 2000,
})
const minor = lead('apparent-minor', 'apparent-minor')
const explicit = lead('explicitness', 'explicit')
const face = (x: number, y: number, apparentMinorPer10k: number): Face => ({
  box: { x: x - 90, y: y - 90, width: 180, height: 180 },
  detector: 'blazeface',
  scorePer10k: 7000,
  apparentMinorPer10k,
  ageBand: null,
})

let pixels: Pixels
beforeAll(async () => {
  pixels = await drawnFaces(900, 600, [{ x: 250, y: 300, radius: 110 }])
})
const DRAWN = [250, 300] as const
const GROUND = [700, 300] as const

async function scoreOf(scores: readonly Score[], faces: readonly Face[], effort?: 'fast' | 'still') {
  const { scores: made = [] } = await part.look(pixels, { scores, attributes: [], faces }, effort)
  return made[0]?.scorePer10k ?? null
}

describe('a face', () => {
  it('is found again where one was drawn, and not on the plain ground beside it', async () => {
    expect(await scoreOf([minor], [face(...DRAWN, 5000)])).toBeGreaterThanOrEqual(LEAST)
    expect(await scoreOf([minor], [face(...GROUND, 5000)])).toBeLessThan(LEAST)
    // One that is found again is enough.
    expect(await scoreOf([minor], [face(...GROUND, 9000), face(...DRAWN, 5000)])).toBeGreaterThanOrEqual(
      LEAST,
    )
  })

  it('counts for an apparent minor where it looks young, and for an explicitness whatever it looks like', async () => {
    const faces = [face(...DRAWN, 1000), face(...GROUND, 5000)]
    expect(await scoreOf([minor], faces)).toBeLessThan(LEAST)
    expect(await scoreOf([explicit], faces)).toBeGreaterThanOrEqual(LEAST)
  })

  it('is asked about in still pictures with a lead alone, not in a crowd, and not where a detector was sure at once', async () => {
    const faces = [face(...DRAWN, 5000)]
    expect(await scoreOf([], faces)).toBeNull()
    expect(await scoreOf([minor], [])).toBeNull()
    expect(await scoreOf([minor], faces, 'fast')).toBeNull()
    const sure = { ...face(...GROUND, 5000), scorePer10k: 8000 }
    expect(await scoreOf([minor], [face(...GROUND, 5000), sure])).toBeNull()
    expect(
      await scoreOf(
        [minor],
        Array.from({ length: 7 }, () => face(...GROUND, 5000)),
      ),
    ).toBeNull()
  })

  it('is in doubt below the threshold of the plan, and never under older rules', () => {
    const [use] = part.uses
    const score = { ...lead(use!.id, 'face-again'), modelSha256: use!.sha256, thresholdPer10k: null }
    const found = (version: number, scorePer10k: number) =>
      faceInDoubt([{ ...score, scorePer10k }], {
        models: part.uses,
        rules: { version, tiers: { explicitLikelyPerTenThousand: 5000 } },
      })
    expect(found(9, LEAST - 1)?.params).toEqual({ scorePer10k: LEAST - 1 })
    expect([found(9, LEAST), found(8, LEAST - 1)]).toEqual([null, null])
  })
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { drawnFaces } from '../../fixtures/drawn-face.ts'
import { syntheticPictures } from '../../scripts/convert/synthetic-pictures.ts'
import { ageBandOf, apparentMinorScore } from '../../src/classify/apparent-minor.ts'
import type { Face, LoadedClassifier, Looked } from '../../src/classify/classifier.ts'
import { readableFaces } from '../../src/classify/face-crop.ts'
import { FACES } from '../../src/classify/faces.ts'
import { loadClassifiers } from '../../src/classify/index.ts'
import { parseModelCard } from '../../src/classify/model-card.ts'
import { readModel } from '../../src/classify/models.ts'
import { type Runner, runnerOf } from '../../src/classify/session.ts'
import { THRESHOLDS } from '../../src/classify/thresholds.ts'
import { attribute } from '../../src/contracts/attribute.ts'
import type { Pixels } from '../../src/contracts/content.ts'
import { ENGLISH } from '../../src/report/texts/index.ts'
import { leadsOf } from '../../src/score/leads.ts'
import { MODELS } from './models-dir.ts'
import { constantModel } from './tiny-model.ts'

const faceModels = ['human-blazeface', 'face-api-ssd', 'human-faceres', 'face-api-age']
const nothing: Looked = { scores: [], attributes: [], faces: [] }

describe('faces', () => {
  it('lie where they were drawn in pictures of every shape', async () => {
    const classifiers = await loadClassifiers(MODELS, { only: faceModels })
    for (const [width, height, x, y, radius] of [
      [640, 480, 320, 220, 110],
      [1200, 800, 300, 300, 150],
      [400, 600, 200, 250, 150],
    ] as const) {
      const { faces } = await classifiers.classify(await drawnFaces(width, height, [{ x, y, radius }]))
      expect(faces).toHaveLength(1)
      const { box } = faces[0]!
      expect(Math.abs(box.x + box.width / 2 - x)).toBeLessThan(radius * 0.4)
      expect(Math.abs(box.y + box.height / 2 - y)).toBeLessThan(radius * 0.6)
      expect(box.width).toBeGreaterThan(radius)
      expect(box.width).toBeLessThan(radius * 2.2)
    }
  })

  it('are found one by one, each with a band and no more', async () => {
    const classifiers = await loadClassifiers(MODELS, { only: faceModels })
    const pixels = await drawnFaces(900, 500, [
      { x: 230, y: 250, radius: 110 },
      { x: 660, y: 250, radius: 110 },
    ])
    const { faces, scores, attributes } = await classifiers.classify(pixels)
    expect(faces).toHaveLength(2)
    for (const face of faces) {
      expect(Object.keys(face).sort()).toEqual([
        'ageBand',
        'apparentMinorPer10k',
        'box',
        'detector',
        'scorePer10k',
      ])
      expect(['likely', 'possible', 'below-both']).toContain(face.ageBand)
    }
    expect(attributes).toContainEqual(attribute('faces', { faces: 2 }))
    const minor = scores.filter((s) => s.classifier === 'apparent-minor')
    expect(minor.map((s) => s.scorePer10k)).toEqual([Math.max(...faces.map((f) => f.apparentMinorPer10k!))])
  })

  it('leave no score and no attribute where there is none: absence is no finding', async () => {
    const classifiers = await loadClassifiers(MODELS, { only: faceModels })
    for (const { pixels } of syntheticPictures()) {
      const { faces, scores, attributes } = await classifiers.classify(pixels)
      expect(faces).toEqual([])
      expect(scores).toEqual([])
      expect(attributes.map((a) => a.code)).toEqual(['picture-kind'])
    }
  })

  it('are looked for by the second detector only from the gate on', async () => {
    const part = facesWith(['face-api-ssd', sure(0.9)])
    expect((await part.look(pixels, explicit(999))).faces).toEqual([])
    // Three equal boxes are one face; the square is padded below, so shares are of the longer side.
    expect((await part.look(pixels, explicit(1000))).faces).toEqual([
      {
        box: { x: 100, y: 50, width: 50, height: 50 },
        detector: 'ssd',
        scorePer10k: 9000,
        apparentMinorPer10k: null,
        ageBand: null,
      },
    ])
  })
})

describe('the screen of the second detector', () => {
  const { face } = THRESHOLDS.ssdScreen
  const screened = (share: number) =>
    facesWith(['face-api-ssd', sure(0.9)], ['face-api-ssd-int8', sure(share)]).look(pixels, explicit(1000))

  it('leaves that one out only where it is nowhere near sure of a face, and gives no face itself', async () => {
    expect((await screened((face - 1) / 10_000)).faces).toEqual([])
    const found = (await screened(face / 10_000)).faces
    expect(found?.map(({ detector, scorePer10k }) => [detector, scorePer10k])).toEqual([['ssd', 9000]])
  })

  it('is not asked where no second detector would look', async () => {
    const asked: string[] = []
    const counted = ([id, one]: [string, Runner]): [string, Runner] => [
      id,
      {
        ...one,
        run: (...given) => {
          asked.push(id)
          return one.run(...given)
        },
      },
    ]
    const both = [counted(sure(0.9)('face-api-ssd')), counted(sure(0.5)('face-api-ssd-int8'))]
    const part = FACES.load(new Map([blazeface(), ...both]), { everyModel: false, added: [] })!
    await part.look(pixels, explicit(999))
    await part.look({ ...pixels }, explicit(9000), 'fast')
    expect(asked).toEqual([])
    await part.look({ ...pixels }, explicit(1000))
    expect(asked).toEqual(['face-api-ssd-int8', 'face-api-ssd'])
    expect(FACES.load(new Map([blazeface(), both[1]!]), { everyModel: false, added: [] })!.uses).toHaveLength(
      1,
    )
  })
})

describe('the apparent-minor score', () => {
  const shares = (p15: number) =>
    Array.from({ length: 100 }, (_, i) => (i === 10 ? p15 : i === 40 ? 1 - p15 : 0))

  it('is the measured combination of both models', () => {
    const z = 3.576 - 0.0996 * 20 + 0.8888 * Math.log(0.301 / 0.701)
    expect(apparentMinorScore(shares(0.3), 20)).toBeCloseTo(1 / (1 + Math.exp(-z)), 12)
  })

  it('counts shares up to 14 years and none above', () => {
    const only = (bin: number) => Array.from({ length: 100 }, (_, i) => (i === bin ? 1 : 0))
    expect(apparentMinorScore(only(13), 20)).toBeGreaterThan(0.9)
    expect(apparentMinorScore(only(14), 20)).toBeLessThan(0.1)
  })

  it('falls with years and rises with the share below 15', () => {
    for (const years of [5, 15, 25, 45]) {
      expect(apparentMinorScore(shares(0.4), years)).toBeGreaterThan(
        apparentMinorScore(shares(0.4), years + 5),
      )
      expect(apparentMinorScore(shares(0.5), years)).toBeGreaterThan(apparentMinorScore(shares(0.4), years))
    }
  })

  it('is told as a band whose words carry the error, never as years', () => {
    expect([1999, 2000, 3499, 3500].map(ageBandOf)).toEqual(['below-both', 'possible', 'possible', 'likely'])
    for (const band of ['likely', 'possible', 'below-both'])
      expect(ENGLISH.attribute(attribute('apparent-age', { band }))).toMatch(/of 100 under 18/)
  })

  it('reads faces from 32 pixels on, largest first, at most 32', () => {
    const face = (side: number): Face => ({
      box: { x: 0, y: 0, width: side, height: side + 5 },
      detector: 'ssd',
      scorePer10k: 9000,
      apparentMinorPer10k: null,
      ageBand: null,
    })
    expect(readableFaces([face(31), face(32), face(90)]).map((f) => f.box.width)).toEqual([90, 32])
    expect(readableFaces(Array.from({ length: 50 }, () => face(40)))).toHaveLength(32)
  })

  it('leads for a drawn face that both models take for a child’s', async () => {
    const classifiers = await loadClassifiers(MODELS, { only: faceModels })
    const { scores } = await classifiers.classify(
      await drawnFaces(640, 480, [{ x: 320, y: 220, radius: 110 }]),
    )
    expect(leadsOf(scores).map((l) => l.label)).toEqual(['apparent-minor'])
  })
})

describe('the age models', () => {
  it('give ages only: no descriptor of a face and no sex is in the files', () => {
    for (const id of ['human-faceres', 'face-api-age']) {
      const { outputs } = parseModelCard(readFileSync(join(MODELS, id, 'card.json'), 'utf8'), id)
      expect(outputs.map((o) => o.name)).toEqual(['age'])
    }
  })
})

const pixels: Pixels = { width: 200, height: 100, rgb: new Uint8Array(60_000) }

function explicit(scorePer10k: number): Looked {
  const score = { kind: 'score', classifier: 'explicitness', modelSha256: '', label: 'explicit' } as const
  return { ...nothing, scores: [{ ...score, scorePer10k, thresholdPer10k: null }] }
}

type Named = (id: string) => [string, Runner]

/** A detector that finds the same face thrice in every picture, by so much. */
function sure(share: number): Named {
  const boxes = {
    dims: [1, 5118, 4],
    values: Array.from({ length: 5118 * 4 }, (_, i) => [0.25, 0.5, 0.5, 0.75][i % 4]!),
  }
  const scores = { dims: [1, 5118], values: Array.from({ length: 5118 }, (_, i) => (i < 3 ? share : 0)) }
  return (id) => {
    const { card } = readModel(MODELS, id)
    const outputs = card.outputs.length === 1 ? { scores } : { boxes, scores }
    return [id, runnerOf({ card, bytes: constantModel([1, 512, 512, 3], outputs) })]
  }
}

function blazeface(): [string, Runner] {
  return ['human-blazeface', runnerOf(readModel(MODELS, 'human-blazeface'))]
}

function facesWith(...detectors: (readonly [string, Named])[]): LoadedClassifier {
  const runners = new Map([blazeface(), ...detectors.map(([id, named]) => named(id))])
  return FACES.load(runners, { everyModel: false, added: [] })!
}

import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { drawnHand } from '../../fixtures/drawn-hand.ts'
import { syntheticPictures } from '../../scripts/convert/synthetic-pictures.ts'
import { tappedRunner } from '../../src/classify/backbones.ts'
import type { Face } from '../../src/classify/classifier.ts'
import { CLOSE_UP } from '../../src/classify/close-up.ts'
import { readCloseUp } from '../../src/classify/close-up-head.ts'
import { listModels } from '../../src/classify/models.ts'
import type { Pixels } from '../../src/contracts/content.ts'
import type { Score } from '../../src/contracts/finding.ts'
import { closeUpOfHand } from '../../src/score/close-up.ts'
import { MODELS } from './models-dir.ts'

const installed = new Map(listModels(MODELS).map(({ id, sha256 }) => [id, sha256]))
const closeUp = readCloseUp(MODELS, installed)!
const runners = new Map(closeUp.features.map((one) => [one.model, tappedRunner(MODELS, one)]))
const part = CLOSE_UP.load(runners, { everyModel: false, added: [], closeUp })!

const lead = (classifier: string, label: string, scorePer10k: number): Score => ({
  kind: 'score',
  classifier,
  modelSha256: '0'.repeat(64),
  label,
  scorePer10k,
  thresholdPer10k: 2000,
})
const explicit = lead('explicitness', 'explicit', 5000)
const face: Face = {
  box: { x: 0, y: 0, width: 50, height: 50 },
  detector: 'blazeface',
  scorePer10k: 7000,
  apparentMinorPer10k: null,
  ageBand: null,
}

async function scoreOf(pixels: Pixels, scores: readonly Score[], faces: readonly Face[] = []) {
  const { scores: made = [] } = await part.look(pixels, { scores, attributes: [], faces })
  return made[0]?.scorePer10k ?? null
}

async function hand(): Promise<Pixels> {
  const { data, info } = await sharp(await drawnHand())
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, rgb: data }
}

describe('a close-up of a hand', () => {
  it('is told of a hand, and of no other drawn picture', async () => {
    expect(await scoreOf(await hand(), [explicit])).toBeGreaterThan(8500)
    for (const { pixels } of syntheticPictures()) expect(await scoreOf(pixels, [explicit])).toBeLessThan(8500)
  })

  it('is asked only where explicitness below the strong tier is the only lead, and no face was found, or none again', async () => {
    const pixels = await hand()
    expect(await scoreOf(pixels, [])).toBeNull()
    expect(await scoreOf(pixels, [explicit], [face])).toBeNull()
    const again = (scorePer10k: number) => ({
      ...lead('face-again', 'face-again', scorePer10k),
      thresholdPer10k: null,
    })
    expect(await scoreOf(pixels, [explicit, again(7500)], [face])).toBeNull()
    expect(await scoreOf(pixels, [explicit, again(7499)], [face])).toBeGreaterThan(8500)
    expect(await scoreOf(pixels, [explicit, lead('apparent-minor', 'apparent-minor', 3000)])).toBeNull()
    expect(await scoreOf(pixels, [explicit, lead('agency-x', 'agency-alert', 8500)])).toBeNull()
    expect(await scoreOf(pixels, [lead('explicitness', 'explicit', 7600)])).toBeNull()
  })

  it('has the threshold of the plan, and is nothing under older rules', () => {
    const [use] = part.uses
    const score = { ...lead(use!.id, 'close-up-hand', 8500), modelSha256: use!.sha256, thresholdPer10k: null }
    const found = (version: number, scorePer10k = 8500) =>
      closeUpOfHand([{ ...score, scorePer10k }], {
        models: part.uses,
        rules: { version, tiers: { explicitLikelyPerTenThousand: 5000 } },
      })
    expect(found(8)?.params).toEqual({ scorePer10k: 8500 })
    expect([found(8, 7999), found(7)]).toEqual([null, null])
  })

  it('is left out where another model is installed, and refused where its file was changed', () => {
    expect(readCloseUp(MODELS, new Map([...installed, ['nsfwjs-mobilenet-v2', '0'.repeat(64)]]))).toBeNull()
    const folder = mkdtempSync(join(tmpdir(), 'seized-close-up-'))
    cpSync(join(MODELS, 'close-up-hand'), join(folder, 'close-up-hand'), { recursive: true })
    const file = join(folder, 'close-up-hand', 'model.onnx')
    const bytes = readFileSync(file)
    bytes[200] = bytes[200]! ^ 1
    writeFileSync(file, bytes)
    expect(() => readCloseUp(folder, installed)).toThrow(/was refused/)
  })
})

import { describe, expect, it } from 'vitest'
import { listModels } from '../../src/classify/index.ts'
import { THRESHOLDS } from '../../src/classify/thresholds.ts'
import { MODELS } from './models-dir.ts'

const cards = new Map(listModels(MODELS).map((card) => [card.id, card]))

/** 2500 as a card writes it: 0.25 or 0.250. */
function written(per10k: number): RegExp {
  return new RegExp(`\\b${(per10k / 10_000).toString().replace('.', '\\.')}0*(?!\\d)`)
}

const { explicitness, explicitAlone, apparentMinor, face, person, screen, ssdScreen } = THRESHOLDS
const together = Object.values(explicitness)
const shipped: readonly (readonly [string, readonly number[]])[] = [
  ...Object.entries(explicitAlone).map(([id, alone]) => [id, [...together, alone]] as const),
  ['human-faceres', Object.values(apparentMinor)],
  ['face-api-age', Object.values(apparentMinor)],
  ['human-blazeface', [face.blazeface]],
  ['face-api-ssd', [face.ssd]],
  ['nsfwjs-inception-v3-int8', Object.values(screen)],
  ['face-api-ssd-int8', Object.values(ssdScreen)],
  ['nanodet-g', Object.values(person)],
]

describe('the cards', () => {
  it.each(shipped)(
    '%s: every threshold that is shipped stands beside what was measured at it',
    (id, thresholds) => {
      const text = cards.get(id)!.operatingPoints.join('\n')
      for (const threshold of thresholds) expect(text).toMatch(written(threshold))
    },
  )

  it('leave no model out', () => {
    expect(shipped.map(([id]) => id).sort()).toEqual([...cards.keys()].sort())
  })
})

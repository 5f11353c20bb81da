import { describe, expect, it } from 'vitest'
import type { Score } from '../../src/contracts/finding.ts'
import { leadsOf } from '../../src/score/leads.ts'

const score = (
  label: string,
  scorePer10k: number,
  thresholdPer10k: number | null,
  classifier = 'm',
): Score => ({
  kind: 'score',
  classifier,
  modelSha256: 'aa',
  label,
  scorePer10k,
  thresholdPer10k,
})

describe('leadsOf', () => {
  it('leads at the threshold and not one part below it', () => {
    expect(leadsOf([score('a', 5000, 5000)])).toHaveLength(1)
    expect(leadsOf([score('a', 4999, 5000)])).toHaveLength(0)
  })

  it('never leads on a label without a threshold', () => {
    expect(leadsOf([score('a', 10_000, null)])).toEqual([])
  })

  it('carries every label of the same classifier and none of another', () => {
    const [lead] = leadsOf([score('a', 9000, 5000), score('b', 1000, null), score('c', 7, null, 'other')])
    expect(lead).toEqual({
      classifier: 'm',
      modelSha256: 'aa',
      label: 'a',
      scorePer10k: 9000,
      thresholdPer10k: 5000,
      scores: { a: 9000, b: 1000 },
    })
  })
})

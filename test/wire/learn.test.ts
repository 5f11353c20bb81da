import { describe, expect, it } from 'vitest'
import { featuresReply, learnReply } from '../../src/wire/learn.ts'

const interval = { value: 0.5, low: 0.4, high: 0.6 }
const done = {
  done: true,
  leadPer10k: 5000,
  alertPer10k: null,
  positives: 60,
  clusters: 180,
  measured: {
    groups: 4,
    folds: 4,
    ridge: 0.1,
    ridges: [0.1, 0.1, 0.1, 0.1],
    areaUnderCurve: interval,
    recallAt: [{ rate: 0.01, recall: interval }],
    asUsed: { recall: interval, falsePositiveRate: null },
    byGroup: [{ group: 'light', value: 'dark', recall: null, falsePositiveRate: interval }],
    calibration: [{ from: 0, to: 0.1, rows: 3, estimated: null, observed: 0.1 }],
    learningCurve: [{ share: 0.25, recallAt: [] }],
    coloursAlone: [],
    withoutGroups: [],
  },
}
const changed = (more: object) => ({ ...done, measured: { ...done.measured, ...more } })

describe('answers of a process that meets pictures or numbers made of them', () => {
  it('are taken in their form', () => {
    expect(learnReply(done)).toEqual(done)
    expect(learnReply({ done: false, why: 'too few' })).toEqual({ done: false, why: 'too few' })
    const pdq = 'ab'.repeat(32)
    expect(featuresReply({ refused: null, pdq })).toEqual({ refused: null, pdq })
  })

  it.each([
    ['a threshold above one', { ...done, leadPer10k: 10_001 }],
    ['no recall at all', changed({ recallAt: [] })],
    [
      'a recall that is no number',
      changed({ recallAt: [{ rate: 0.01, recall: { ...interval, value: Number.NaN } }] }),
    ],
    ['a recall as text', changed({ recallAt: [{ rate: 0.01, recall: { ...interval, value: '1' } }] })],
    ['groups without end', changed({ byGroup: Array.from({ length: 101 }, () => done.measured.byGroup[0]) })],
    ['a sentence without end', { done: false, why: 'x'.repeat(401) }],
  ])('are refused with %s', (_, reply) => {
    expect(() => learnReply(reply)).toThrow('a training of another form')
  })

  it.each([
    ['a hash of another size', { refused: null, pdq: 'ab' }],
    ['another reason', { refused: 'because', pdq: null }],
  ])('of a picture are refused with %s', (_, reply) => {
    expect(() => featuresReply(reply)).toThrow('the features of a picture of another form')
  })
})

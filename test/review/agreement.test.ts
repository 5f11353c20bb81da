import { describe, expect, it } from 'vitest'
import { alphaOf, type Graded, kappaOf, pairAgreement, wilson } from '../../src/review/agreement.ts'

/** One string a grader, one letter a content; a point is a gap. */
const graded = (...graders: readonly string[]): Graded[] =>
  Array.from(
    { length: graders[0]!.length },
    (_, i) => new Map(graders.flatMap((grader, who) => (grader[i] === '.' ? [] : [[`G${who}`, grader[i]!]]))),
  )

describe('agreement', () => {
  it('gives the kappa of the worked table 20, 5, 10, 15: 0.4', () => {
    expect(
      kappaOf([
        [20, 5],
        [10, 15],
      ]),
    ).toBeCloseTo(0.4, 12)
  })

  it('gives the kappas of the two tables that show what a skewed margin does: 0.1304 and 0.2593', () => {
    // The same raw agreement of 60 %; worked in the article on Cohen's kappa of Wikipedia.
    expect(
      kappaOf([
        [45, 15],
        [25, 15],
      ]),
    ).toBeCloseTo(0.1304, 4)
    expect(
      kappaOf([
        [25, 35],
        [5, 35],
      ]),
    ).toBeCloseTo(0.2593, 4)
  })

  it('has no kappa where both used one category only, or nothing', () => {
    expect(kappaOf([[7]])).toBe(null)
    expect(kappaOf([])).toBe(null)
  })

  it("gives Wilson's intervals of Newcombe 1998, table I", () => {
    // R. G. Newcombe, Statistics in Medicine 17, 857–872, method 3.
    for (const [successes, trials, from, to] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const) {
      const found = wilson(successes, trials)
      expect([Number(found.from.toFixed(4)), Number(found.to.toFixed(4))]).toEqual([from, to])
    }
  })

  it("gives Krippendorff's alphas of his worked examples A, B and C: 0.095, 0.692, 0.743", () => {
    // K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011.
    expect(alphaOf(graded('0100000010', '1110010000'))).toBeCloseTo(0.095, 3)
    expect(alphaOf(graded('aabbdcccedda', 'babbbccceddd'))).toBeCloseTo(0.692, 3)
    expect(alphaOf(graded('123321412...', '1233224125.3', '.3332342251.', '12332441251.'))).toBeCloseTo(
      0.743,
      3,
    )
  })

  it('counts by category as twice what both say over what each says, and repeats its bootstrap for a seed', () => {
    const units = graded('aaaaabbbcc', 'aaaabbbbca')
    const pair = pairAgreement(units, ['G0', 'G1'], ['a', 'b', 'c', 'd'], 'seed')
    expect(pair).toMatchObject({ contents: 10, agreed: 8, raw: 0.8, categories: ['a', 'b', 'c', 'd'] })
    expect(pair.perCategory.map(({ agreement }) => agreement)).toEqual([8 / 10, 6 / 7, 2 / 3, null])
    expect(pairAgreement(units, ['G0', 'G1'], ['a', 'b', 'c', 'd'], 'seed')).toEqual(pair)
    const { from, to } = pair.kappaInterval!
    expect(from).toBeLessThan(pair.kappa!)
    expect(to).toBeGreaterThan(pair.kappa!)
    const other = pairAgreement(units, ['G0', 'G1'], ['a', 'b', 'c', 'd'], 'other').kappaInterval!
    expect(Math.abs(other.from - from)).toBeLessThan(0.1)
  })

  it('leaves out what only one of two graded', () => {
    expect(pairAgreement(graded('aa.b', 'a.ab'), ['G0', 'G1'], [], 's')).toMatchObject({
      contents: 2,
      agreed: 2,
    })
  })
})

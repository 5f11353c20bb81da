import { describe, expect, it } from 'vitest'
import { pdqFromRgb, pdqOrientations } from '../../src/hash/pdq.ts'
import {
  expectedFalseMatchesPerMillion,
  falseMatchStatement,
} from '../../src/match/near/near-false-matches.ts'
import { NearIndex } from '../../src/match/near/near-index.ts'
import { makeNearMatcher, type NearRecord, type NearSet } from '../../src/match/near/near-matcher.ts'
import { randomFrom, syntheticPixels } from '../hash/pdq-vectors.ts'
import { flipBits, randomHashes } from './near-hashes.ts'

const random = randomFrom(20)
const [hash, other] = [randomHashes(1, 21), randomHashes(1, 22)]
const flipped = (bits: number) => flipBits(hash, bits, random)
const record = (category: string | null): NearRecord => ({
  category,
  scale: category === null ? null : 'vics-us',
  categoryLabel: null,
  meaning: 'illegal',
})

describe('near matching against hash sets', () => {
  it('names list, edition, category, distance, quality and band, nearest first', () => {
    const matcher = makeNearMatcher([
      set('b', [flipped(31), record('2')], [other, record('1')]),
      set('a', [flipped(10), record('1')], [flipped(11), record('3')]),
    ])
    expect(matcher.count).toBe(4)
    expect(matcher.match(Buffer.from(hash).toString('hex'), 77)).toEqual([
      expect.objectContaining({
        hashSet: 'list a',
        category: '1',
        distanceBits: 10,
        band: 'near-exact',
        quality: 77,
      }),
      expect.objectContaining({ hashSet: 'list a', category: '3', distanceBits: 11, band: 'similar' }),
      {
        kind: 'near',
        hashSet: 'list b',
        hashSetSha256: 'b'.repeat(64),
        edition: '2026-01',
        algorithm: 'pdq',
        distanceBits: 31,
        quality: 77,
        band: 'similar',
        orientation: 'original',
        video: null,
        category: '2',
        scale: 'vics-us',
        categoryLabel: null,
        meaning: 'illegal',
      },
    ])
  })

  it('does not match at 32 bits', () => {
    expect(makeNearMatcher([set('a', [flipped(32), record(null)])]).match(hash, 100)).toEqual([])
  })

  it('does not compare pictures of quality under 50', () => {
    const matcher = makeNearMatcher([set('a', [hash, record('1')])])
    expect(matcher.match(hash, 49)).toEqual([])
    expect(matcher.match(hash, 50).map(({ category }) => category)).toEqual(['1'])
  })

  it('reports a cluster of like records once for each category, at its nearest', () => {
    const cluster = [9, 4, 20, 30].map((bits): [Uint8Array, NearRecord] => [flipped(bits), record('1')])
    const matches = makeNearMatcher([set('a', ...cluster, [flipped(25), record('2')])]).match(hash, 90)
    expect(matches.map(({ category, distanceBits }) => [category, distanceBits])).toEqual([
      ['1', 4],
      ['2', 25],
    ])
  })

  it('gives the same matches whatever the order of the lists', () => {
    const sets = ['a', 'b', 'c'].map((name) =>
      set(name, [flipped(8), record('1')], [flipped(8), record('2')]),
    )
    const matches = makeNearMatcher(sets).match(hash, 90)
    expect(matches).toHaveLength(6)
    expect(makeNearMatcher([...sets].reverse()).match(hash, 90)).toEqual(matches)
  })

  it('finds a mirrored and turned copy only when orientations are asked for, and names the orientation', () => {
    const [width, height] = [320, 200]
    const pixels = syntheticPixels(width, height, 3, 30)
    const orientations = pdqOrientations(pixels, width, height, 3)
    const listed = Buffer.from(orientations.rotate90, 'hex')
    const matcher = makeNearMatcher([set('a', [listed, record('1')])])
    const { hex, quality } = pdqFromRgb(pixels, width, height, 3)
    expect(matcher.match(hex, quality)).toEqual([])
    expect(matcher.matchOrientations(orientations, quality)).toEqual([
      expect.objectContaining({ orientation: 'rotate90', distanceBits: 0, band: 'near-exact' }),
    ])
  })

  it('refuses what is no hash', () => {
    expect(() => makeNearMatcher([set('a', [hash, record('1')])]).match('f8f8', 90)).toThrow(RangeError)
  })
})

describe('expected false matches', () => {
  it('grow with the list, eightfold with orientations, and are stated in words', () => {
    const [small, large, turned] = [
      expectedFalseMatchesPerMillion(100_000),
      expectedFalseMatchesPerMillion(1_000_000),
      expectedFalseMatchesPerMillion(1_000_000, 8),
    ]
    expect(large.photographs / small.photographs).toBeCloseTo(10, 1)
    expect(turned.photographs / large.photographs).toBeCloseTo(8, 1)
    expect(large.byChance).toBeLessThan(1e-20)
    expect(large.byChance).toBeLessThan(large.photographs)
    expect(large.photographs).toBeLessThan(large.everyKind)
    expect(large.everyKind).toBeLessThan(large.atMost)
    expect(large.atMost).toBeLessThanOrEqual(1e6)
    expect(falseMatchStatement(1_000_000)).toMatch(/1,000,000 PDQ records.*needs a person/)
  })
})

function set(name: string, ...records: [Uint8Array, NearRecord][]): NearSet {
  return {
    hashSet: `list ${name}`,
    hashSetSha256: name.repeat(64),
    edition: '2026-01',
    index: NearIndex.build(Buffer.concat(records.map(([bytes]) => bytes))),
    record: (index) => records[index]![1],
  }
}

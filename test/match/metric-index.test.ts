import { describe, expect, it } from 'vitest'
import { seeded } from '../../fixtures/pictures.ts'
import { HASH_METRICS } from '../../src/contracts/case.ts'
import { distanceBetween, MetricIndex } from '../../src/match/near/metric-index.ts'

describe('the index of hashes under a metric', () => {
  it.each(HASH_METRICS)(
    'gives what comparing with each gives: %s, sizes 1 to 144, clustered and spread',
    (metric) => {
      const random = seeded(7)
      for (const bytes of [1, 8, 33, 144]) {
        const count = 1500
        const hashes = new Uint8Array(count * bytes)
        for (let i = 0; i < count; i++)
          for (let b = 0; b < bytes; b++) {
            // Copies of earlier ones with a little noise, so that there is something at every distance.
            const from = i % 5 === 0 || i < 10 ? random() * 256 : hashes[(i % 7) * bytes + b]! + random() * 12
            hashes[i * bytes + b] = Math.min(255, from)
          }
        const index = new MetricIndex(hashes, bytes, metric)
        let found = 0
        for (let q = 0; q < 60; q++) {
          const at = Math.floor(random() * count) * bytes
          const query = hashes.slice(at, at + bytes).map((value) => Math.max(0, value - random() * 6))
          const apart = (i: number) => distanceBetween(metric, query, 0, hashes, i * bytes, bytes)
          // A limit that some hash lies exactly at, so that "at most" is tested.
          const limit = q % 3 === 0 ? apart(q) : [0, 2, 20, 90][q % 4]!
          const wanted = Array.from({ length: count }, (_, i) => ({ index: i, distance: apart(i) })).filter(
            ({ distance }) => distance <= limit,
          )
          expect(index.query(query, limit)).toEqual(wanted)
          found += wanted.length
        }
        expect(found).toBeGreaterThan(60)
      }
    },
  )

  it('answers for one hash, for equal ones, and for none', () => {
    expect(new MetricIndex(new Uint8Array(0), 4, 'l1').query(Uint8Array.of(1, 2, 3, 4), 10)).toEqual([])
    const same = new MetricIndex(Uint8Array.of(1, 2, 1, 2, 1, 2), 2, 'l2')
    expect(same.query(Uint8Array.of(1, 3), 1).map(({ index }) => index)).toEqual([0, 1, 2])
    expect(same.query(Uint8Array.of(1, 4), 1)).toEqual([])
  })
})

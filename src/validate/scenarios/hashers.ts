/**
 * Hashers of agencies, tried with one of our own of PhotoDNA's shape: the index of its hashes, and the cost of a
 * failing one.
 */
import { hasherCard, hasherWasm } from '../../../fixtures/hasher.ts'
import { seeded } from '../../../fixtures/pictures.ts'
import { asPlanned, parseHasherCard } from '../../classify/hasher-card.ts'
import { hasherOf } from '../../classify/hasher-module.ts'
import { HASH_METRICS } from '../../contracts/case.ts'
import { distanceBetween, MetricIndex } from '../../match/near/metric-index.ts'
import { Checks, type Observation } from '../model/observation.ts'
import type { Bench } from '../model/scenario.ts'

const BYTES = 144

/** Copies with noise, and strangers, under each metric, against comparing with each. */
export function hasherIndex(bench: Bench): Observation {
  const [hashes, queries] = [bench.of(4000, 40_000), bench.of(300, 1500)]
  const checks = new Checks(
    'hasher-index',
    `${queries} queries of an index of ${hashes} hashes of ${BYTES} bytes, for each metric`,
    'what comparing with each hash gives',
  )
  const random = seeded(bench.seed + 11)
  const all = new Uint8Array(hashes * BYTES).map((_, i) =>
    i < 40 * BYTES ? Math.floor(random() * 256) : Math.floor(random() * 20),
  )
  for (let i = 40; i < hashes; i++)
    for (let b = 0; b < BYTES; b++)
      all[i * BYTES + b] = Math.min(255, all[(i % 40) * BYTES + b]! + all[i * BYTES + b]!)
  for (const metric of HASH_METRICS) {
    const index = new MetricIndex(all, BYTES, metric)
    for (let q = 0; q < queries; q++) {
      const from = Math.floor(random() * hashes) * BYTES
      const query = all.slice(from, from + BYTES).map((value) => Math.max(0, value - random() * 6))
      const limit = LIMITS[metric] * (1 + (q % 3))
      const wanted: number[] = []
      for (let i = 0; i < hashes; i++)
        if (distanceBetween(metric, query, 0, all, i * BYTES, BYTES) <= limit) wanted.push(i)
      const seen = index.query(query, limit).map((found) => found.index)
      checks.equal(seen, wanted, `${metric}, query ${q}`)
    }
  }
  return checks.observation
}

const LIMITS = { l1: 500, l2: 50, hamming: 120 } as const

/** Colours of a first pixel that make the hasher of fixtures/hasher.ts trap, lie about its size, or never end. */
const FAILING = [
  [[255, 0, 0], 'hasher-failed'],
  [[0, 255, 0], 'hasher-failed'],
  [[0, 0, 255], 'over-time-limit'],
] as const

export function hasherAlone(bench: Bench): Observation {
  const rounds = bench.of(4, 20)
  const checks = new Checks(
    'hasher-alone',
    `${rounds} times a hasher that traps, lies about its size and never ends, by the picture that it gets`,
    'a failure that names why, of that picture alone; every other picture keeps its hash',
  )
  const wasm = hasherWasm({ misbehaves: true })
  const card = hasherCard(wasm, { budgetMs: 250 })
  const hash = hasherOf(asPlanned(parseHasherCard(card, 'card'), card), wasm)
  const random = seeded(bench.seed + 12)
  const picture = (first: readonly number[]) => {
    const data = new Uint8Array(48 * 36 * 3).map(() => Math.floor(random() * 256))
    data.set(first)
    return { data, width: 48, height: 36, channels: 3 } as const
  }
  for (let round = 0; round < rounds; round++) {
    const good = picture([1, 2, 3])
    const before = JSON.stringify(hash(good))
    for (const [first, reason] of FAILING) {
      const made = hash(picture(first))
      checks.see(!made.ok && made.reason === reason, () => `${first}: ${made.ok ? 'a hash' : made.reason}`)
      checks.equal(JSON.stringify(hash(good)), before, `the hash after ${first}`)
    }
  }
  return checks.observation
}

/**
 * Altered copies of listed pictures, and pictures that only a machine could confuse with them; the index against a full
 * comparison.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { drawing, seeded } from '../../../fixtures/pictures.ts'
import { NearIndex } from '../../match/near/near-index.ts'
import { HASH_BYTES } from '../../match/near/near-kernel.ts'
import { Checks, type Observation } from '../model/observation.ts'
import { type Bench, type Scenario, summaryOf } from '../model/scenario.ts'
import { hasherAlone, hasherIndex } from './hashers.ts'

export const near: Scenario = {
  id: 'near',
  title:
    'altered copies of listed pictures, unlike pictures, the index of near matches, and hashers that agencies add',
  speaksOf: ['near-found', 'near-false', 'near-index', 'near-is-no-hit', 'hasher-index', 'hasher-alone'],
  weight: { quick: 5, full: 20 },
  async run(bench) {
    const root = bench.at('exhibit')
    mkdirSync(root)
    const count = bench.of(12, 120)
    const originals: string[] = []
    for (let i = 0; i < count; i++) {
      const picture = drawing({ seed: bench.seed * 13 + i, width: 640, height: 480 })
      const file = bench.at(`original-${i}.png`)
      originals.push(file)
      writeFileSync(file, await picture.clone().png().toBuffer())
      writeFileSync(
        bench.at('exhibit', `smaller-${i}.jpg`),
        await picture.clone().resize(400, 300).jpeg({ quality: 85 }).toBuffer(),
      )
      writeFileSync(
        bench.at('exhibit', `recoded-${i}.webp`),
        await picture.clone().webp({ quality: 70 }).toBuffer(),
      )
      writeFileSync(
        bench.at('exhibit', `unlike-${i}.jpg`),
        await drawing({ seed: bench.seed * 13 + 50_000 + i, width: 640, height: 480 })
          .jpeg()
          .toBuffer(),
      )
    }
    const list = listOf(bench, originals)
    bench.readsLists(['pdq'])
    const ledger = bench.at('near.sqlite')
    const action = `seized scan of ${count} pictures made smaller, ${count} encoded again and ${count} unlike ones, with a list of PDQ hashes of the originals`
    const { hits } = summaryOf(bench.scan(root, ledger, '--hashset', `illegal:${list}`))
    const found = new Checks('near-found', action, 'a near match for each altered copy')
    const falsely = new Checks('near-false', action, 'none for an unlike picture')
    const nothing = new Checks('near-is-no-hit', action, 'a near match is never a hit')
    nothing.equal(hits, 0, 'hits in the summary')
    for (const entry of bench.entries(ledger).filter(({ kind }) => kind === 'file')) {
      const checks = entry.path.startsWith('unlike') ? falsely : found
      checks.see(
        entry.near.length > 0 === (checks === found),
        () => `${entry.path}: ${entry.near.length} near matches`,
      )
      nothing.see(entry.hits.length === 0, () => `${entry.path} is a hit`)
    }
    const byHasher = [hasherIndex(bench), hasherAlone(bench)]
    return [found.observation, falsely.observation, nothing.observation, index(bench), ...byHasher]
  },
}

function listOf(bench: Bench, originals: readonly string[]): string {
  const { out } = bench.seized('hash', ...originals, '--json')
  const rows = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).pdq as { hash?: string; hex?: string; quality: number })
  const file = bench.at('pdq.txt')
  writeFileSync(file, rows.map((pdq) => `${pdq.hash ?? pdq.hex},${pdq.quality}\n`).join(''))
  return file
}

/** Neighbours at 0 to 31 bits of random hashes, and strangers, against counting bits one by one. */
function index(bench: Bench): Observation {
  const [hashes, queries] = [bench.of(20_000, 100_000), bench.of(8000, 20_000)]
  const checks = new Checks(
    'near-index',
    `${queries} queries of an index of ${hashes} hashes`,
    'what comparing with each hash gives, at every distance up to 31 bits',
  )
  const random = seeded(bench.seed + 5)
  const all = new Uint8Array(hashes * HASH_BYTES).map(() => Math.floor(random() * 256))
  const built = NearIndex.build(all)
  for (let q = 0; q < queries; q++) {
    const from = Math.floor(random() * hashes) * HASH_BYTES
    const query = all.slice(from, from + HASH_BYTES)
    for (let flips = q % 36; flips > 0; flips--) {
      const bit = Math.floor(random() * 256)
      query[bit >> 3] = query[bit >> 3]! ^ (1 << (bit & 7))
    }
    const seen = built
      .query(query)
      .map(({ index }) => index)
      .sort((a, b) => a - b)
    checks.equal(seen, within(all, query, 31), `query ${q}`)
  }
  return checks.observation
}

function within(all: Uint8Array, query: Uint8Array, most: number): number[] {
  const found: number[] = []
  for (let i = 0; i * HASH_BYTES < all.length; i++) {
    let distance = 0
    for (let b = 0; b < HASH_BYTES && distance <= most; b++)
      distance += ONES[all[i * HASH_BYTES + b]! ^ query[b]!]!
    if (distance <= most) found.push(i)
  }
  return found
}

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length)

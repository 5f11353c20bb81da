/**
 * Near search: time a query at 1 million and 10 million hashes, against comparing with each and the reference's figures.
 *
 * Arguments: sizes, default `1000000 10000000` (1.3 GB). `million` also compares answers with brute force over a
 * million random and a million clustered hashes.
 */
import { randomFillSync } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectedFalseMatchesPerMillion } from '../src/match/near/near-false-matches.ts'
import { compareWithEach, NearIndex } from '../src/match/near/near-index.ts'

/** Milliseconds a query at 31 bits, measured for the specification on a like machine (plain TypeScript, Node 20). */
const REFERENCE: Readonly<Record<number, { readonly scan: number; readonly index: number }>> = {
  1000000: { scan: 13, index: 0.55 },
  10000000: { scan: 151, index: 8.3 },
}
/** Others' published figure: an index of 10 million, one thread (facebook/ThreatExchange issue 1810). */
const PUBLISHED_10M = { queriesPerSecond: 114, eightOrientationsPerSecond: 14 }

const QUERIES = 2000

export async function run(args: string[]): Promise<void> {
  const sizes = args.map(Number).filter((size) => size > 0)
  const rows = []
  for (const size of sizes.length > 0 ? sizes : [1_000_000, 10_000_000]) {
    for (const kind of ['random', 'clustered'] as const) rows.push(measure(size, kind))
  }
  console.log('Near search within 31 bits, one thread; half of the queries have a neighbour, half have none')
  console.table(rows)
  console.log(
    `Published for an index of 10 million: ${PUBLISHED_10M.queriesPerSecond} queries/s, ` +
      `${PUBLISHED_10M.eightOrientationsPerSecond} pictures/s in eight orientations.`,
  )
  if (args.includes('million')) compareAnswers()
  console.log('Expected false matches in a million unrelated pictures (src/match/near-false-matches.ts)')
  console.table(
    [100_000, 1_000_000, 10_000_000].flatMap((records) =>
      ([1, 8] as const).map((orientations) => ({
        records,
        orientations,
        ...Object.fromEntries(
          Object.entries(expectedFalseMatchesPerMillion(records, orientations)).map(([name, count]) => [
            name,
            Number(count.toPrecision(2)),
          ]),
        ),
      })),
    ),
  )
}

function measure(count: number, kind: 'random' | 'clustered') {
  const hashes = makeHashes(count, kind)
  const buildStart = performance.now()
  const index = NearIndex.build(hashes)
  const buildMs = performance.now() - buildStart
  const queries = makeQueries(hashes)
  const queryMs = bestMs(5, () => index.queryBatch(queries)) / QUERIES
  // Beyond 47 bits nothing is looked up: the same kernel compares with each.
  const scanMs = bestMs(3, () => index.query(queries.subarray(0, 32), 48))
  const plainMs = bestMs(1, () => compareWithEach(hashes, queries.subarray(0, 32), 31))
  const reference = REFERENCE[count]
  return {
    hashes: count,
    kind,
    'query ms': round(queryMs),
    'queries/ms': round(1 / queryMs),
    'pictures/s, 8 orientations': Math.round(1000 / (8 * queryMs)),
    'reference ms': reference?.index,
    'times faster': reference && round(reference.index / queryMs),
    'scan ms': round(scanMs),
    'reference scan ms': reference?.scan,
    'plain scan ms': round(plainMs),
    'build s': round(buildMs / 1000),
    ...fileFigures(index),
  }
}

function fileFigures(index: NearIndex) {
  const folder = mkdtempSync(join(tmpdir(), 'near-'))
  try {
    const path = join(folder, 'index')
    index.save(path)
    const start = performance.now()
    NearIndex.load(path)
    return { 'load s': round((performance.now() - start) / 1000), MB: Math.round(statSync(path).size / 1e6) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Clusters of 20, each hash up to 40 bits from its centre, as frames of a video or versions of a picture make them. */
function makeHashes(count: number, kind: 'random' | 'clustered'): Uint8Array {
  const hashes = new Uint8Array(count * 32)
  const stretch = 1 << 24
  for (let from = 0; from < hashes.length; from += stretch) {
    randomFillSync(hashes, from, Math.min(stretch, hashes.length - from))
  }
  if (kind === 'random') return hashes
  for (let k = 0; k < count; k++) {
    if (k % 20 === 0) continue
    const centre = k - (k % 20)
    const bits = hashes[k * 32]! % 41
    hashes.copyWithin(k * 32, centre * 32, centre * 32 + 32)
    flip(hashes, k, bits)
  }
  return hashes
}

function makeQueries(hashes: Uint8Array): Uint8Array {
  const queries = new Uint8Array(QUERIES * 32)
  randomFillSync(queries)
  for (let k = 0; k < QUERIES; k += 2) {
    const from = Math.floor(Math.random() * (hashes.length / 32)) * 32
    queries.set(hashes.subarray(from, from + 32), k * 32)
    flip(queries, k, k % 32)
  }
  return queries
}

function flip(hashes: Uint8Array, k: number, bits: number): void {
  for (let n = 0; n < bits; n++) {
    const bit = Math.floor(Math.random() * 256)
    hashes[k * 32 + (bit >> 3)]! ^= 1 << (bit & 7)
  }
}

/** @throws when one answer differs */
function compareAnswers(): void {
  for (const kind of ['random', 'clustered'] as const) {
    const hashes = makeHashes(1_000_000, kind)
    const index = NearIndex.build(hashes)
    const queries = makeQueries(hashes)
    let found = 0
    for (let k = 0; k < 100; k++) {
      const query = queries.subarray(k * 32, k * 32 + 32)
      const answer = index.query(query)
      found += answer.length
      if (JSON.stringify(answer) !== JSON.stringify(compareWithEach(hashes, query, 31))) {
        throw new Error(`The index and comparing with each differ on ${Buffer.from(query).toString('hex')}`)
      }
    }
    console.log(
      `A million ${kind} hashes: 100 queries, ${found} neighbours, the same as by comparing with each`,
    )
  }
}

function bestMs(times: number, work: () => void): number {
  let best = Number.POSITIVE_INFINITY
  for (let n = 0; n < times; n++) {
    const start = performance.now()
    work()
    best = Math.min(best, performance.now() - start)
  }
  return best
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}

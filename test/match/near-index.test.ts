import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { NearFileDamaged } from '../../src/match/near/near-file.ts'
import { compareWithEach, NearIndex } from '../../src/match/near/near-index.ts'
import { TABLES_FROM } from '../../src/match/near/near-layout.ts'
import { NearShard } from '../../src/match/near/near-shard.ts'
import { havePdqData, PDQ_DATA, randomFrom } from '../hash/pdq-vectors.ts'
import { clusteredHashes, flipBits, hashNumber, randomHashes } from './near-hashes.ts'

/** SEIZED_MILLION=1 runs the comparisons with brute force over a million hashes. */
const COUNT = process.env.SEIZED_MILLION ? 1_000_000 : 100_000
const NEEDLES = 40

describe('the near-index against comparing with each', () => {
  const random = randomFrom(5)

  it.each([
    ['random', randomHashes(COUNT, 1)],
    ['clustered', clusteredHashes(COUNT, 50, 2)],
    ['tightly clustered', clusteredHashes(COUNT, 5000, 3)],
  ])(`finds the same in ${COUNT} %s hashes, at every distance and nothing beyond`, (_, hashes) => {
    const index = NearIndex.build(hashes)
    expect(index.count).toBe(COUNT)
    let found = 0
    for (let n = 0; n < NEEDLES; n++) {
      // Planted at 0–39 bits from a hash of the list; every fifth needle is a stranger.
      const near = hashNumber(hashes, Math.floor(random() * COUNT))
      const needle = n % 5 === 4 ? randomHashes(1, 1000 + n) : flipBits(near, n % 40, random)
      const neighbours = index.query(needle)
      expect(neighbours).toEqual(compareWithEach(hashes, needle, 31))
      found += neighbours.length
    }
    expect(found).toBeGreaterThan(NEEDLES / 2)
  })

  it.each([0, 1, 2, 7, 100, TABLES_FROM - 1, TABLES_FROM, TABLES_FROM + 3])(
    'finds the same in %i hashes',
    (count) => {
      const hashes = clusteredHashes(count, 10, 4)
      const index = NearIndex.build(hashes)
      for (let n = 0; n < 40; n++) {
        const needle = count ? flipBits(hashNumber(hashes, n % count), n, random) : randomHashes(1, n)
        expect(index.query(needle)).toEqual(compareWithEach(hashes, needle, 31))
      }
    },
  )

  it('finds the same at every distance asked for: by table, by wider table, by scan', () => {
    const hashes = clusteredHashes(20_000, 200, 6)
    const index = NearIndex.build(hashes)
    for (const distance of [0, 1, 15, 16, 30, 31, 32, 40, 47, 48, 100, 255, 256]) {
      for (let n = 0; n < 4; n++) {
        const needle = flipBits(hashNumber(hashes, n * 999), 9, random)
        expect(index.query(needle, distance), `${distance} bits`).toEqual(
          compareWithEach(hashes, needle, distance),
        )
      }
    }
    expect(index.query(hashNumber(hashes, 0), 256)).toHaveLength(20_000)
  })

  it('finds every one of more equal hashes than its result area holds', () => {
    const hashes = randomHashes(30_000, 7)
    for (let k = 0; k < 20_000; k++) hashes.set(hashNumber(hashes, 0), k * 32)
    const neighbours = NearIndex.build(hashes).query(flipBits(hashNumber(hashes, 0), 31, random))
    expect(neighbours.slice(0, 20_000).map(({ index }) => index)).toEqual(
      Array.from({ length: 20_000 }, (_, k) => k),
    )
  })

  it('numbers hashes across shards', () => {
    const hashes = clusteredHashes(25_000, 30, 8)
    const index = NearIndex.build(hashes, 10_000)
    for (let n = 0; n < 40; n++) {
      const needle = flipBits(hashNumber(hashes, n * 600), n % 36, random)
      expect(index.query(needle)).toEqual(compareWithEach(hashes, needle, 31))
    }
    expect(index.hashAt(24_999)).toEqual(hashNumber(hashes, 24_999).slice())
    expect(() => index.hashAt(25_000)).toThrow(RangeError)
  })

  it('is the same without tables, when hashes are written one by one, in a quarter of the memory', () => {
    const hashes = clusteredHashes(12_000, 30, 10)
    const index = NearIndex.build(hashes)
    let next = 0
    const scanned = new NearShard(12_000, false).indexWritten((room, at) =>
      room.set(hashNumber(hashes, next++), at),
    )
    expect(next).toBe(12_000)
    expect(scanned.stored.length).toBe(hashes.length)
    for (let n = 0; n < 40; n++) {
      const needle = flipBits(hashNumber(hashes, n * 290), n % 36, random)
      const found: { index: number; distanceBits: number }[] = []
      scanned.query(needle, 31, (index, distanceBits) => found.push({ index, distanceBits }))
      expect(found.sort((a, b) => a.distanceBits - b.distanceBits || a.index - b.index)).toEqual(
        index.query(needle),
      )
    }
  })

  it('answers a batch in its order', () => {
    const hashes = clusteredHashes(6_000, 30, 9)
    const index = NearIndex.build(hashes)
    const batch = hashes.subarray(0, 20 * 32)
    expect(index.queryBatch(batch)).toEqual(
      Array.from({ length: 20 }, (_, k) => index.query(hashNumber(batch, k))),
    )
  })

  it('refuses bytes that are not whole hashes', () => {
    expect(() => NearIndex.build(new Uint8Array(33))).toThrow(RangeError)
    expect(() => NearIndex.build(new Uint8Array(32)).query(new Uint8Array(31))).toThrow(RangeError)
    expect(() => NearIndex.build(new Uint8Array(32)).queryBatch(new Uint8Array(31))).toThrow(RangeError)
  })
})

describe.skipIf(!havePdqData)('the near-index on the published needles and haystack', () => {
  it('finds what comparing with each finds, alone and among random hashes', () => {
    const read = (file: string) =>
      Buffer.from(readFileSync(join(PDQ_DATA, file), 'latin1').replace(/\s/g, ''), 'hex')
    const needles = read('needles.txt')
    const haystack = read('haystack.txt')
    const hidden = Buffer.concat([haystack, randomHashes(20_000, 10)])
    let found = 0
    for (const hashes of [haystack, hidden]) {
      const index = NearIndex.build(hashes)
      for (let n = 0; n * 32 < needles.length; n++) {
        const neighbours = index.query(hashNumber(needles, n))
        expect(neighbours).toEqual(compareWithEach(hashes, hashNumber(needles, n), 31))
        found += neighbours.length
      }
    }
    expect(found).toBeGreaterThan(0)
  })
})

describe('the file of a near-index', () => {
  const folder = mkdtempSync(join(tmpdir(), 'near-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each([
    ['without tables', 300, 16_000_000],
    ['with tables', 8_000, 16_000_000],
    ['in shards', 8_000, 6_000],
  ])('answers like the index it was saved from, %s', (name, count, shardHashes) => {
    const hashes = clusteredHashes(count, 20, 11)
    const path = join(folder, name)
    const index = NearIndex.build(hashes, shardHashes)
    index.save(path)
    const loaded = NearIndex.load(path)
    for (let n = 0; n < 20; n++) {
      expect(loaded.query(hashNumber(hashes, n))).toEqual(index.query(hashNumber(hashes, n)))
    }
    loaded.save(`${path}-again`)
    expect(readFileSync(`${path}-again`).equals(readFileSync(path))).toBe(true)
  })

  it('is refused when cut, grown or changed by one bit anywhere', () => {
    const path = join(folder, 'damaged')
    NearIndex.build(clusteredHashes(300, 20, 12)).save(path)
    const whole = readFileSync(path)
    const random = randomFrom(13)
    const places = [0, 8, 12, 15, 16, 23, 30, 32, whole.length - 33, whole.length - 1]
    for (let n = 0; n < 50; n++) places.push(Math.floor(random() * whole.length))
    for (const place of places) {
      const changed = Buffer.from(whole)
      changed[place]! ^= 1 << Math.floor(random() * 8)
      writeFileSync(path, changed)
      expect(() => NearIndex.load(path), `byte ${place}`).toThrow(NearFileDamaged)
    }
    for (const length of [0, 5, 31, 32, 64, whole.length - 1]) {
      writeFileSync(path, whole)
      truncateSync(path, length)
      expect(() => NearIndex.load(path), `${length} bytes`).toThrow(NearFileDamaged)
    }
    writeFileSync(path, Buffer.concat([whole, Buffer.of(0)]))
    expect(() => NearIndex.load(path)).toThrow(NearFileDamaged)
  })
})

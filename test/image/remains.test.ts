import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { drawsFor, listedBlocksNotExcluded, logChanceOfNone } from '../../src/base/sample-bound.ts'
import { listedHeaderHashes } from '../../src/cli/services/listed-header-hashes.ts'
import type { ByteRange } from '../../src/contracts/image.ts'
import { beginningsIn } from '../../src/formats/image/remains/known-header-hashes.ts'
import { drawn, sampled } from '../../src/formats/image/remains/sample.ts'
import { slackOf } from '../../src/formats/image/remains/slack.ts'
import { readBeginnings } from '../../src/match/formats/header-hashes.ts'
import { importHashSet, listOfFolder, loadHashSets, parseHashSetDeclaration } from '../../src/match/index.ts'
import { ListFile } from '../../src/match/records/list-file.ts'
import { HeaderHashIndex, packHeaderHashes } from '../../src/wire/header-hash-index.ts'
import { exfatVolume } from './exfat-maker.ts'
import { randomBytes, seeded } from './random.ts'
import { listedMedium, memoryMedium, tempFolder } from './volume.ts'

const GRID = 4096
const MOST = { fileBytes: 1 << 26 }
const random = seeded(41)
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

const long = randomBytes(random, 200_000)
/** Begins like `long`, for more than 64 KiB. */
const sibling = Buffer.concat([long.subarray(0, 100_000), randomBytes(random, 50_000)])
const short = randomBytes(random, 3000)
/** Begins like `short`, for 512 bytes. */
const shortSibling = Buffer.concat([short.subarray(0, 512), randomBytes(random, 1500)])
const tiny = randomBytes(random, 300)

const folder = tempFolder('holdings')
const holdings = join(folder, 'holdings')
mkdirSync(join(holdings, 'deeper'), { recursive: true })
for (const [name, bytes] of Object.entries({ long, sibling, short, tiny, copy: long }))
  writeFileSync(join(holdings, name), bytes)
writeFileSync(join(holdings, 'deeper', 'short-sibling'), shortSibling)
writeFileSync(join(holdings, 'deeper', 'empty'), '')
const list = join(folder, 'list.csv')
const made = listOfFolder(holdings, list, join(folder, 'blocks.txt'))

async function index(): Promise<HeaderHashIndex> {
  return new HeaderHashIndex(packHeaderHashes((await readBeginnings(new ListFile(list)))!.beginnings))
}

/** Free space: pieces at clusters, noise between. */
function freeSpace(pieces: readonly Buffer[]): { bytes: Buffer; offsets: number[] } {
  const parts: Buffer[] = []
  const offsets: number[] = []
  let at = 0
  for (const piece of pieces) {
    const noise = randomBytes(random, GRID)
    const padded = Buffer.concat([noise, piece, Buffer.alloc((GRID - (piece.length % GRID)) % GRID)])
    offsets.push(at + GRID)
    parts.push(padded)
    at += padded.length
  }
  return { bytes: Buffer.concat(parts), offsets }
}

describe('a list of a folder', () => {
  it('holds digests, size and beginnings of each content once, and neither contents nor names', async () => {
    const text = readFileSync(list, 'utf8')
    expect(made).toMatchObject({ contents: 5, duplicates: 1, unread: [] })
    expect(text.split('\n')[0]).toBe('md5,sha1,sha256,size,md5_512,md5_64k')
    expect(text).toContain(`,${long.length},${md5(long.subarray(0, 512))},${md5(long.subarray(0, 65_536))}\n`)
    expect(text).toContain(`,${tiny.length},,\n`)
    expect(text).not.toContain('sibling')
    expect(await readBeginnings(new ListFile(list))).toMatchObject({ rowsWithout: 1 })
  })

  it('is a hash set like any other', async () => {
    const { hashSets } = await loadHashSets([parseHashSetDeclaration(`illegal:${list}`)])
    expect(hashSets[0]).toMatchObject({ recordsKept: 5, rejected: 0, format: 'csv' })
  })

  it('gives its own name and meaning to its header hashes, in whatever order the lists are declared', async () => {
    const others = [0, 1, 2].map((i) => {
      const path = join(folder, `other-${i}.txt`)
      writeFileSync(path, `${md5(Buffer.from(`other ${i}`))}\n`)
      return `known:${path}`
    })
    for (let at = 0; at <= others.length; at++) {
      const declarations = others.toSpliced(at, 0, `illegal:${list}`).map(parseHashSetDeclaration)
      const { hashSets } = await loadHashSets(declarations)
      const listed = await listedHeaderHashes({ remains: 'known' }, declarations, hashSets)
      expect(listed!.lists).toEqual([
        { name: 'list.csv', sha256: sha256(readFileSync(list)), meaning: 'illegal' },
      ])
    }
  })

  it('says of an index made of it that the header hashes are not in it', async () => {
    const target = join(folder, 'list.seizedset')
    await importHashSet(parseHashSetDeclaration(`illegal:${list}`), target)
    const { hashSets } = await loadHashSets([parseHashSetDeclaration(`illegal:${target}`)])
    expect(hashSets[0]!.notes[0]).toMatch(/header hashes .* not in its index/)
  })

  it('says of a list without beginnings that it has none', async () => {
    const other = join(folder, 'plain.csv')
    writeFileSync(other, `md5,size\n${md5(short)},3000\n`)
    expect(await readBeginnings(new ListFile(other))).toBeNull()
  })
})

describe('known beginnings in free space', () => {
  it('finds whole contents, tells unlike ones with the same first 512 bytes apart, and steps over what it found', async () => {
    const { bytes, offsets } = freeSpace([long, short, sibling, shortSibling, tiny])
    const found = [
      ...beginningsIn(memoryMedium(bytes), [{ offset: 0, length: bytes.length }], GRID, await index(), MOST),
    ]
    expect(found.map(({ offset, length, agreement }) => [offset, length, agreement])).toEqual([
      [offsets[0], long.length, 'whole'],
      [offsets[1], short.length, 'whole'],
      [offsets[2], sibling.length, 'whole'],
      [offsets[3], shortSibling.length, 'whole'],
    ])
  })

  it('says of a content whose end is overwritten that its first 64 KiB agree, and nothing of a short one', async () => {
    const cut = Buffer.concat([long.subarray(0, 90_000), randomBytes(random, 110_000)])
    const shortCut = Buffer.concat([short.subarray(0, 2000), randomBytes(random, 1000)])
    const { bytes, offsets } = freeSpace([cut, shortCut])
    const found = [
      ...beginningsIn(memoryMedium(bytes), [{ offset: 0, length: bytes.length }], GRID, await index(), MOST),
    ]
    expect(found.map(({ offset, agreement }) => [offset, agreement])).toEqual([[offsets[0], 'first-64k']])
  })

  it('never reads a content beyond its range', async () => {
    const { bytes, offsets } = freeSpace([long])
    const range: ByteRange = { offset: 0, length: offsets[0]! + 150_000 }
    const found = [...beginningsIn(memoryMedium(bytes), [range], GRID, await index(), MOST)]
    expect(found).toMatchObject([{ length: 150_000, agreement: 'first-64k' }])
  })

  it('finds nothing in noise, and counts what it looked at', async () => {
    const bytes = Buffer.concat([randomBytes(random, 1 << 20), Buffer.alloc(1 << 20)])
    const counts = { starts: 0, constant: 0, shortMatches: 0 }
    const ranges = [{ offset: 0, length: bytes.length }]
    expect([...beginningsIn(memoryMedium(bytes), ranges, 512, await index(), MOST, counts)]).toEqual([])
    expect(counts).toEqual({ starts: 4096, constant: 2048, shortMatches: 0 })
  })
})

describe('a sample of blocks', () => {
  const bytes = randomBytes(random, 300 * GRID)
  const listed = new Set([
    md5(bytes.subarray(10 * GRID, 11 * GRID)),
    md5(bytes.subarray(250 * GRID, 251 * GRID)),
  ])
  const holds = ({ bytes: block }: { bytes: Buffer }) => listed.has(md5(block))
  const ranges = () => [
    { offset: 0, length: 100 * GRID + 100 },
    { offset: 200 * GRID, length: 100 * GRID },
  ]
  const draw = (seed: string, draws: number) =>
    sampled(memoryMedium(bytes), ranges, { seed, blockBytes: GRID, draws }, holds)

  it('is the same for the same seed and another for another', () => {
    expect(draw('a', 50)).toEqual(draw('a', 50))
    expect(drawn('a', 1_000_000, 20)).not.toEqual(drawn('b', 1_000_000, 20))
    expect(drawn('2026-114', 1_000_000, 5)).toEqual([...new Set(drawn('2026-114', 1_000_000, 5))])
  })

  it('drawn whole, meets every listed block of the ranges and bounds nothing', () => {
    const statement = draw('a', 10_000)
    expect(statement).toMatchObject({
      blocks: 200,
      drawn: 200,
      compared: 200,
      excludedBytes: 100,
      notExcluded: null,
    })
    expect(statement.hits.map(({ offset }) => offset)).toEqual([10 * GRID, 250 * GRID])
  })

  it('with no hit, says how many listed blocks it does not exclude', () => {
    const statement = sampled(
      memoryMedium(bytes),
      ranges,
      { seed: 'a', blockBytes: GRID, draws: 100 },
      () => false,
    )
    expect(statement).toMatchObject({ drawn: 100, hits: [] })
    // C(200−K, 100) / C(200, 100): 6 blocks are missed with 1.4 %, 7 with 0.7 %.
    expect(statement.notExcluded).toEqual({ confidence: 0.99, blocks: 6 })
    expect(
      sampled(memoryMedium(bytes), ranges, { seed: 'a', blockBytes: GRID, draws: 200 }, () => false)
        .notExcluded?.blocks,
    ).toBe(0)
  })

  it('agrees with the exact product and with the figures of the literature', () => {
    let product = 1
    for (let n = 0; n < 30; n++) product *= (50 - n) / (60 - n)
    expect(Math.exp(logChanceOfNone(60, 10, 30))).toBeCloseTo(product, 12)
    expect(logChanceOfNone(10, 5, 6)).toBe(Number.NEGATIVE_INFINITY)
    // 1 TB in blocks of 4 KiB: 100 MB need 46,000 draws for 99 %.
    const terabyte = Math.round(1e12 / 4096)
    expect(drawsFor(terabyte, Math.round(1e8 / 4096), 0.99) / 46_000).toBeCloseTo(1, 1)
    expect(listedBlocksNotExcluded(terabyte, 46_049, 0.99) / Math.round(1e8 / 4096)).toBeCloseTo(1, 2)
  })

  it('is met as often as the bound says', () => {
    let missed = 0
    for (let n = 0; n < 400; n++) if (!drawn(`seed-${n}`, 200, 40).some((block) => block < 7)) missed++
    expect(missed / 400).toBeGreaterThan(Math.exp(logChanceOfNone(200, 7, 40)) - 0.07)
    expect(missed / 400).toBeLessThan(Math.exp(logChanceOfNone(200, 7, 40)) + 0.07)
  })
})

it('slack is what lies in the last cluster behind the end of a content', () => {
  const content = randomBytes(random, 5000)
  const { entries } = listedMedium(memoryMedium(exfatVolume([{ name: 'a', content, clusters: [20, 30] }])))
  const [entry] = entries
  expect(entry && slackOf(entry, { clusterBytes: GRID })).toEqual([
    { offset: 64 * 512 + 28 * 4096 + 904, length: 4096 - 904 },
  ])
})

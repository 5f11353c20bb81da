import { describe, expect, it } from 'vitest'
import type { ModelUse } from '../../src/contracts/case.ts'
import type { PerceptualHash } from '../../src/contracts/finding.ts'
import {
  checkIndex,
  describeHashSet,
  importHashSet,
  loadHashSets,
  makeNearFinder,
  parseHashSetDeclaration,
} from '../../src/match/index.ts'
import { alternativesOf } from '../../src/match/records/hasher-records.ts'
import { listFile, temporaryPath } from './support.ts'

const BYTES = 144
const HASHER: ModelUse = {
  id: 'agency',
  sha256: 'a'.repeat(64),
  thresholds: {},
  hasher: {
    cardSha256: 'b'.repeat(64),
    listField: 'PhotoDNA',
    hashBytes: BYTES,
    metric: 'l1',
    nearExact: 3,
    similar: 40,
    budgetMs: 1000,
  },
}
const OTHER: ModelUse = {
  ...HASHER,
  id: 'other',
  hasher: { ...HASHER.hasher!, listField: 'F1', hashBytes: 8 },
}

const hashOf = (seed: number, bytes = BYTES) =>
  Uint8Array.from({ length: bytes }, (_, i) => (seed * 97 + i * (seed + 3) * 5) & 255)
const madeOf = (bytes: Uint8Array, id = 'agency'): PerceptualHash => ({
  kind: 'perceptual-hash',
  algorithm: 'hasher',
  hex: Buffer.from(bytes).toString('hex'),
  quality: 100,
  flavour: id,
  part: 'original',
})
/** The hash with so much added to its first bytes. */
const moved = (bytes: Uint8Array, by: number) =>
  bytes.map((value, i) => (i === 0 ? (value + by) % 256 : value))

const MARKER = 'http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media'
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const vics = listFile(
  JSON.stringify({
    '@odata.context': MARKER,
    value: [
      {
        MediaID: 1,
        Category: 1,
        MD5: '1'.repeat(32),
        AlternativeHashes: [
          { HashName: 'PhotoDNA', HashValue: base64(hashOf(1)) },
          { HashValue: base64(hashOf(11, 8)), HashName: 'F1' },
        ],
      },
      {
        MediaID: 2,
        Category: 2,
        AlternativeHashes: [{ HashName: 'PHOTODNA', HashValue: [...hashOf(2)].join() }],
      },
      {
        MediaID: 3,
        Category: 1,
        AlternativeHashes: [{ HashName: 'PhotoDNA', HashValue: base64(hashOf(1)) }],
      },
      {
        MediaID: 4,
        Category: 1,
        MD5: '1'.repeat(32),
        AlternativeHashes: [
          { HashName: 'PhotoDNA', HashValue: base64(hashOf(1)) },
          { HashName: 'F1', HashValue: base64(hashOf(11, 8)) },
        ],
      },
      {
        MediaID: 5,
        Category: 1,
        MD5: '5'.repeat(32),
        AlternativeHashes: [{ HashName: 'PhotoDNA', HashValue: '%' }],
      },
      { MediaID: 6, Category: 1, MD5: '6'.repeat(32) },
    ],
  }),
)

async function finderOf(file: string, declared: string, models: readonly ModelUse[] = [HASHER, OTHER]) {
  const matcher = await loadHashSets([parseHashSetDeclaration(`${declared}:${file}`)], {
    alternatives: alternativesOf(models),
  })
  return { matcher, finder: makeNearFinder(matcher.pdqRecords(), matcher.hasherRecords(models)) }
}

describe('alternative hashes of VICS', () => {
  it('are compared by name and size, from the list and from a compiled index, each record once', async () => {
    const index = temporaryPath('index')
    const made = await importHashSet(parseHashSetDeclaration(`vics-us:${vics}`), index)
    expect(made).toMatchObject({ recordsKept: 5, duplicates: 1, rejected: 0 })
    for (const file of [vics, index]) {
      const { matcher, finder } = await finderOf(file, 'vics-us')
      expect(matcher.hashSets[0]).toMatchObject({ recordsKept: 5, duplicates: 1, rejected: 0 })
      expect(matcher.hashSets[0]!.notes.join()).toMatch(/1 alternative hashes could not be read/)
      expect(finder!.find([madeOf(moved(hashOf(1), 2)), madeOf(hashOf(2))])).toMatchObject([
        { algorithm: 'hasher', category: '1', distanceBits: 2, band: 'near-exact', hasher: { id: 'agency' } },
        { algorithm: 'hasher', category: '2', distanceBits: 0, hasher: { distance: '0', limit: '40' } },
      ])
      expect(finder!.find([madeOf(moved(hashOf(1), 30))])).toMatchObject([
        { band: 'similar', distanceBits: 30 },
      ])
      expect(finder!.find([madeOf(moved(hashOf(1), 41))])).toEqual([])
      expect(finder!.find([madeOf(hashOf(11, 8), 'other')])).toMatchObject([{ hasher: { id: 'other' } }])
      // One hasher's hash is never compared with another's records.
      expect(finder!.find([madeOf(hashOf(1), 'other')])).toEqual([])
      // The MD5 beside it matches as ever.
      const [md5, rest] = ['1'.repeat(32), '0'.repeat(64)]
      const digests = { md5, sha1: '0'.repeat(40), sha256: rest, blake3: rest }
      expect(matcher.match(digests, 10n).hits).toMatchObject([{ algorithms: ['md5'], category: '1' }])
      matcher.close()
    }
    expect(await checkIndex(index, { source: vics })).toMatchObject({ equalsSource: true, problems: [] })
    expect((await describeHashSet(index)).algorithms).toEqual({ md5: 3, alternative: 3 })
  })

  it('are left alone where no hasher is at hand: the list is what it was before, and says what is not compared', async () => {
    const { matcher, finder } = await finderOf(vics, 'vics-us', [])
    expect(matcher.hashSets[0]).toMatchObject({ recordsKept: 3, duplicates: 1, rejected: 2 })
    expect(matcher.hashSets[0]!.notes).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^5 records have a PhotoDNA hash, which no installed hasher computes/),
        expect.stringMatching(/^2 records have a F1 hash/),
      ]),
    )
    expect(finder).toBeNull()
    matcher.close()
    const index = temporaryPath('index')
    await importHashSet(parseHashSetDeclaration(`vics-us:${vics}`), index)
    const compiled = await finderOf(index, 'vics-us', [])
    expect(compiled.matcher.hashSets[0]!.notes.join()).toMatch(/3 records have .* hash, which no installed/)
    compiled.matcher.close()
    const { matcher: withOne } = await finderOf(vics, 'vics-us', [HASHER])
    expect(withOne.hashSets[0]!.notes.join()).toMatch(/2 records have a F1 hash/)
    expect(withOne.hashSets[0]!.notes.join()).not.toMatch(/PhotoDNA hash/)
    withOne.close()
  })
})

describe('tables with hashes of hashers', () => {
  const rows = [1, 2, 3].map((seed) => [`file ${seed}`, Buffer.from(hashOf(seed)).toString('hex'), seed])
  const table = `name;PhotoDNA;category\n${rows.map((row) => `${row.join(';')}\n`).join('')}`

  it('are read by the name that the card gives, and rows of another size are rejected with their line', async () => {
    const file = listFile(`${table}short;${'ab'.repeat(100)};1\n`)
    const { matcher, finder } = await finderOf(file, 'vics-us')
    expect(matcher.hashSets[0]).toMatchObject({
      format: 'csv',
      recordsKept: 3,
      rejectedRows: [{ line: 5, reason: expect.stringContaining('100 bytes') }],
    })
    expect(finder!.find([madeOf(hashOf(3))])).toMatchObject([{ category: '3' }])
    matcher.close()
  })

  it('are imported without a hasher at hand', async () => {
    const index = temporaryPath('index')
    await importHashSet(parseHashSetDeclaration(`vics-us:${listFile(table)}`), index)
    const { matcher, finder } = await finderOf(index, 'vics-us')
    expect(finder!.find([madeOf(hashOf(2))])).toMatchObject([{ category: '2' }])
    matcher.close()
  })
})

it('takes a table whose heading is sha256,category for SHA-256, and not for PDQ with qualities', async () => {
  const text = `sha256,category\n${'12'.repeat(32)},1\n${'34'.repeat(32)},2\n`
  const { info, algorithms } = await describeHashSet(listFile(text))
  expect(info.format).toBe('csv')
  expect(algorithms).toEqual({ sha256: 2 })
  const pdq = await describeHashSet(listFile(`${'12'.repeat(32)},87\n${'34'.repeat(32)},60\n`))
  expect(pdq.info.format).toBe('pdq')
})

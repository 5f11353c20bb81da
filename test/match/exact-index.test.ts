import { describe, expect, it } from 'vitest'
import { loadHashSets, parseHashSetDeclaration, readScaleTable } from '../../src/match/index.ts'
import { digestsOf, listFile, sizeOf, vicsDocument } from './support.ts'

const a = digestsOf('content a')
const b = digestsOf('content b')
const size = sizeOf('content a')

describe('exact matching', () => {
  it('says that nothing was done when no list was given', async () => {
    const matcher = await load()
    expect(matcher.match(a, size).result).toMatchObject({ result: 'not-done', reason: 'no-hash-sets' })
  })

  it('names list, file digest, algorithm and meaning of a hit', async () => {
    const file = listFile(`${a.sha256}  x.jpg\n${b.sha256}  y.jpg\n`, 'Operation list.sha256')
    const matcher = await load(`illegal:${file}`)
    const { hits, conflicts, result } = matcher.match(a, size)
    expect(result).toEqual({ result: 'done' })
    expect(conflicts).toEqual([])
    expect(hits).toEqual([
      {
        kind: 'hit',
        hashSet: 'Operation list.sha256',
        hashSetSha256: matcher.hashSets[0]!.sha256,
        edition: null,
        algorithms: ['sha256'],
        weak: false,
        category: null,
        scale: null,
        categoryLabel: null,
        meaning: 'illegal',
      },
    ])
    expect(matcher.match(digestsOf('other'), size)).toMatchObject({ hits: [], conflicts: [], warnings: [] })
  })

  it('labels MD5 alone and SHA-1 alone as weak, and both of one record as not', async () => {
    const md5 = await load(`illegal:${listFile(`${a.md5}\n`)}`)
    const sha1 = await load(`illegal:${listFile(`${a.sha1}\n`)}`)
    const both = await load(`illegal:${hashdeep('md5,sha1', [[size, a.md5, a.sha1]])}`)
    expect(md5.match(a, size).hits[0]).toMatchObject({ algorithms: ['md5'], weak: true })
    expect(sha1.match(a, size).hits[0]).toMatchObject({ algorithms: ['sha1'], weak: true })
    expect(both.match(a, size).hits[0]).toMatchObject({ algorithms: ['md5', 'sha1'], weak: false })
  })

  it('compares every digest of a record: one that differs makes a conflict, whichever was looked up', async () => {
    const file = hashdeep('md5,sha1,sha256', [[size, a.md5, a.sha1, b.sha256]])
    const matcher = await load(`illegal:${file}`)
    expect(matcher.match(a, size)).toMatchObject({
      hits: [],
      conflicts: [{ agreeing: ['md5', 'sha1'], differing: ['sha256'], meaning: 'illegal' }],
    })
    expect(matcher.match(b, size)).toMatchObject({
      hits: [],
      conflicts: [{ agreeing: ['sha256'], differing: ['md5', 'sha1'] }],
    })
  })

  it('keeps the hit and warns when only the size differs', async () => {
    const file = hashdeep('sha256', [[size + 1n, a.sha256]])
    const { hits, warnings } = (await load(`illegal:${file}`)).match(a, size)
    expect(hits).toHaveLength(1)
    expect(warnings).toHaveLength(1)
    expect(warnings).toMatchObject([{ code: 'listed-size-differs', params: { stated: 10, bytes: 9 } }])
  })

  it.each([
    ['SHA-256', `${a.sha256}  n\n`, true],
    ['MD5 alone', `${a.md5}\n`, false],
    ['SHA-1 alone', `${a.sha1}\n`, false],
    ['MD5 and SHA-1 of different records', `${a.md5}\n${a.sha1}\n`, false],
  ])('known suppresses on %s: %s', async (_, content, suppresses) => {
    const file = listFile(content)
    const matcher = await load(`known:${file}`)
    expect(matcher.match(a, size).hits[0]).toMatchObject({ meaning: 'known' })
    expect(matcher.match(a, size).suppressedBy).toBe(suppresses ? matcher.hashSets[0]!.name : null)
  })

  it('known suppresses on MD5 and SHA-1 of one record, unless the size speaks against it', async () => {
    const matcher = await load(`known:${hashdeep('md5,sha1', [[size, a.md5, a.sha1]])}`)
    expect(matcher.match(a, size).suppressedBy).not.toBeNull()
    expect(matcher.match(a, size + 1n)).toMatchObject({ suppressedBy: null, hits: [{ meaning: 'known' }] })
  })

  it('lets illegal prevail over known, with a warning', async () => {
    const known = listFile(`${a.sha256}  n\n`)
    const illegal = listFile(`${a.md5}\n`)
    const result = (await load(`known:${known}`, `illegal:${illegal}`)).match(a, size)
    expect(result).toMatchObject({
      result: { result: 'done-with-warnings', reason: 'known-and-illegal' },
      suppressedBy: null,
    })
    expect(result.hits.map((hit) => hit.meaning).sort()).toEqual(['illegal', 'known'])
    expect(result.warnings).toMatchObject([{ code: 'illegal-and-known' }])
  })

  it('does not suppress what shares a digest with an illegal record', async () => {
    const known = listFile(`${a.sha256}  n\n`)
    const illegal = hashdeep('md5,sha256', [[size, a.md5, b.sha256]])
    const result = (await load(`known:${known}`, `illegal:${illegal}`)).match(a, size)
    expect(result.suppressedBy).toBeNull()
    expect(result.conflicts).toHaveLength(1)
    expect(result.warnings).toMatchObject([{ code: 'known-with-illegal-digests' }])
  })

  it('gives the same result whatever the order of lists and rows', async () => {
    const rows = [
      { MD5: a.md5, Category: 2 },
      { MD5: a.md5, Category: 1 },
      { MD5: a.md5, SHA1: a.sha1, Category: 1 },
      { MD5: a.md5, SHA1: b.sha1, Category: 1 },
    ]
    const lists = [
      `vics-us:${listFile(vicsDocument(rows))}`,
      `illegal:${listFile(`${a.md5}\n`)}`,
      `known:${listFile(`${a.sha256}  n\n`)}`,
    ]
    const one = await load(...lists)
    const other = await load(...lists.toReversed())
    expect(other.match(a, size)).toEqual(one.match(a, size))
    expect(other.hashSets).toEqual(one.hashSets)
    const turned = await load(`vics-us:${listFile(vicsDocument(rows.toReversed()))}`)
    const withoutDigest = (m: typeof one) =>
      m
        .match(a, size)
        .hits.filter((h) => h.scale !== null)
        .map(({ hashSet: _, hashSetSha256: __, ...hit }) => hit)
    expect(withoutDigest(turned)).toEqual(withoutDigest(one))
  })

  it('matches nothing to an empty file, whatever a list holds', async () => {
    const matcher = await load(`illegal:${listFile(`${a.md5}\n`)}`)
    expect(matcher.match(a, 0n).result).toMatchObject({ result: 'not-applicable', reason: 'empty' })
  })

  it('matches either eD2k digest', async () => {
    const [red, blue] = ['49e80f377b7e4e706dbd3ecc89f39306', '4127a47867b6110f0f86f2d9845fb374']
    for (const listed of [red, blue]) {
      const matcher = await loadHashSets([parseHashSetDeclaration(`illegal:${listFile(`${listed}\n`)}`)], {
        type: 'ed2k',
      })
      expect(matcher.match({ ...a, ed2kRed: red!, ed2kBlue: blue! }, size).hits[0]).toMatchObject({
        algorithms: ['ed2k'],
        weak: true,
      })
      expect(matcher.match(a, size).hits).toEqual([])
    }
  })

  it('agrees with a plain search over 20,000 records, duplicates and conflicts among them', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => {
      const [x, y] = [digestsOf(`row ${i % 15_000}`), digestsOf(`row ${(i * 7) % 15_000}`)]
      return [8n, x.md5, x.sha1, i % 50 === 0 ? y.sha256 : x.sha256] as const
    })
    const matcher = await load(`illegal:${hashdeep('md5,sha1,sha256', rows)}`)
    expect(matcher.hashSets[0]!.recordsKept).toBe(new Set(rows.map((row) => row.join())).size)
    expect(matcher.hashSets[0]!.duplicates).toBe(20_000 - matcher.hashSets[0]!.recordsKept)
    for (let i = 0; i < 20_000; i += 37) {
      const d = digestsOf(`row ${i}`)
      const sharing = rows.filter(([, m, s, t]) => m === d.md5 || s === d.sha1 || t === d.sha256)
      const agreeing = sharing.filter(([, m, s, t]) => m === d.md5 && s === d.sha1 && t === d.sha256)
      const { hits, conflicts } = matcher.match(d, 8n)
      expect(hits.length, `row ${i}`).toBe(agreeing.length > 0 ? 1 : 0)
      expect(conflicts.length > 0).toBe(sharing.length > agreeing.length)
    }
  })
})

describe('loading', () => {
  it('counts rows read, kept, duplicate and rejected, with line numbers', async () => {
    const file = listFile(`# comment\n${a.md5}\n\n${a.md5.toUpperCase()}\nnonsense\n${b.md5}\n`)
    const [info] = (await load(`interest:${file}`)).hashSets
    expect(info).toMatchObject({
      format: 'plain',
      meaning: 'interest',
      scale: null,
      rowsRead: 4,
      recordsKept: 2,
      duplicates: 1,
      rejected: 1,
      rejectedRows: [{ line: 5, reason: 'not a hex digest: "nonsense"' }],
    })
  })

  it('counts a list that repeats one digest a great many times', async () => {
    const media = Array.from({ length: 3000 }, (_, i) => ({ MD5: a.md5, MediaSize: i % 1000, Category: 1 }))
    const [info] = (await load(`vics-us:${listFile(vicsDocument(media))}`)).hashSets
    expect(info).toMatchObject({ rowsRead: 3000, recordsKept: 1000, duplicates: 2000 })
  })

  it('compares a record by its other digests where one is that of zero bytes, and counts such records', async () => {
    const empty = 'da39a3ee5e6b4b0d3255bfef95601890afd80709'
    const declared = `illegal:${listFile(`md5,sha1\n${a.md5},${empty}\n,${empty}\n`)}`
    const matcher = await load(declared)
    expect(matcher.match(a, 1n).hits).toMatchObject([{ algorithms: ['md5'], meaning: 'illegal' }])
    expect(matcher.matchNamed({ sha1: empty }, null).hits).toEqual([])
    expect(matcher.hashSets[0]).toMatchObject({
      rowsRead: 2,
      recordsKept: 1,
      rejectedRows: [{ line: 3 }],
      notes: [expect.stringMatching(/^1 record has the digest of zero bytes beside another digest/)],
    })
  })

  it('compares a record by its other digests where one cannot be read, in a table and in VICS, and counts such records', async () => {
    const media = [
      { MD5: a.md5, SHA1: 'damaged', Category: 1 },
      {
        MD5: b.md5,
        SHA1: b.sha1,
        AlternativeHashes: [{ HashName: 'SHA256', HashValue: 'short' }],
        Category: 1,
      },
      { MD5: 'no digest', Category: 1 },
      // Two values of one kind are a contradiction, not a damage: the second may stand over a part of the first.
      {
        MD5: a.md5,
        AlternativeHashes: [{ HashName: 'MD5', HashValue: `${a.md5.slice(0, 30)}zz` }],
        Category: 1,
      },
    ]
    const table = `md5,sha1\n${a.md5},damaged\n${b.md5},${b.sha1.slice(0, 38)}zz\nno digest,\n`
    for (const [declared, rejected] of [
      [`illegal:${listFile(table)}`, 1],
      [`vics-us:${listFile(vicsDocument(media))}`, 2],
    ] as const) {
      const matcher = await load(declared)
      for (const one of [a, b]) expect(matcher.match(one, 1n).hits).toHaveLength(1)
      expect(matcher.match(a, 1n).hits).toMatchObject([{ algorithms: ['md5'] }])
      expect(matcher.hashSets[0]).toMatchObject({
        recordsKept: 2,
        rejected,
        notes: expect.arrayContaining([
          expect.stringMatching(
            /^2 records have a digest that cannot be read .* the first at line \d: .*SHA-1/,
          ),
        ]),
      })
    }
  })

  it('does not count a record as compared whose only readable digest is that of zero bytes', async () => {
    const empty = 'd41d8cd98f00b204e9800998ecf8427e'
    const [info] = (await load(`illegal:${listFile(`md5,sha1\n${empty},damaged\n${a.md5},${a.sha1}\n`)}`))
      .hashSets
    expect(info).toMatchObject({ recordsKept: 1, rejected: 1, rejectedRows: [{ line: 2 }], notes: [] })
  })

  it('rejects a row whose second value of one kind is damaged, whichever column it stands in', async () => {
    const map = { columns: { hash: 'one', md5: 'two' } } as const
    const row = (second: string) => `one,two\n${a.md5},${second}\n${b.md5},\n`
    const declared = parseHashSetDeclaration(`illegal:${listFile(row(`${b.md5.slice(0, 30)}zz`))}`)
    const matcher = await loadHashSets([declared], { columns: map })
    expect(matcher.hashSets[0]).toMatchObject({ recordsKept: 1, rejected: 1, rejectedRows: [{ line: 2 }] })
    expect(matcher.match(a, 1n).hits).toEqual([])
  })

  it('excludes digests of zero bytes and says so', async () => {
    const empty = 'd41d8cd98f00b204e9800998ecf8427e'
    const [info] = (await load(`known:${listFile(`${empty}\n${a.md5}\n`)}`)).hashSets
    expect(info).toMatchObject({ recordsKept: 1, rejected: 1 })
    expect(info!.rejectedRows[0]).toMatchObject({ line: 1, reason: expect.stringMatching(/zero bytes/) })
  })

  it.each([
    ['an empty file', '', /is empty/],
    ['a list of which nothing can be kept', `${'0'.repeat(128)}\n`, /Nothing .* line 1: SHA-512/],
    ['something else', 'name,colour\nx,blue\n', /no hash list that seized reads/],
  ])('refuses %s', async (_, content, message) => {
    await expect(load(`illegal:${listFile(content)}`)).rejects.toThrow(message)
  })

  it('refuses the same list twice', async () => {
    const file = listFile(`${a.md5}\n`)
    await expect(load(`illegal:${file}`, `known:${file}`)).rejects.toThrow(/the same list/)
  })

  it('refuses a list that is not there', async () => {
    await expect(load('illegal:/nonexistent/list')).rejects.toThrow(/could not be opened \(ENOENT\)/)
  })
})

describe('meaning and scale', () => {
  const media = (...categories: unknown[]) =>
    listFile(vicsDocument(categories.map((Category, i) => ({ MD5: digestsOf(`m${i}`).md5, Category }))))
  const judged = async (declaration: string, index: number) =>
    (await load(declaration)).match(digestsOf(`m${index}`), 2n).hits[0]

  it('refuses a meaning for a list with categories, and a scale for one without', async () => {
    await expect(load(`illegal:${media(1)}`)).rejects.toThrow(/has a category .* Declare its scale/s)
    await expect(load(`vics-us:${listFile(`${a.md5}\n`)}`)).rejects.toThrow(/Declare a meaning instead/)
  })

  it('does not fall into the 0/5 trap: the two US scales swap non-pertinent and uncategorised', async () => {
    const file = media(0, 5)
    expect(await judged(`vics-us:${file}`, 0)).toMatchObject({ category: '0', meaning: 'known' })
    expect(await judged(`vics-us:${file}`, 1)).toMatchObject({ category: '5', meaning: 'interest' })
    expect(await judged(`dhs-us:${file}`, 0)).toMatchObject({ category: '0', meaning: 'interest' })
    expect(await judged(`dhs-us:${file}`, 1)).toMatchObject({ category: '5', meaning: 'known' })
  })

  it('keeps the raw category, scale and label', async () => {
    expect(await judged(`vics-us:${media(1)}`, 0)).toMatchObject({
      category: '1',
      scale: 'vics-us',
      categoryLabel: 'Child Abuse Material (CAM)',
      meaning: 'illegal',
    })
  })

  it('takes 1.0 for category 1, and shows it as the list has it', async () => {
    const text = vicsDocument([{ MD5: digestsOf('m0').md5, Category: 1 }]).replace(
      '"Category":1',
      '"Category":1.0',
    )
    expect(await judged(`vics-us:${listFile(text)}`, 0)).toMatchObject({
      category: '1.0',
      meaning: 'illegal',
    })
  })

  it('takes 0 for a category and null for none', async () => {
    const file = media(0, null, 1)
    expect(await judged(`vics-us:${file}`, 1)).toMatchObject({
      category: null,
      categoryLabel: null,
      meaning: 'interest',
    })
  })

  it('shows an unmapped category as of interest, with the raw number, and refuses a scale without a table', async () => {
    expect(await judged(`vics-us:${media(9)}`, 0)).toMatchObject({
      category: '9',
      categoryLabel: null,
      meaning: 'interest',
    })
    await expect(load(`ruritania:${media(1)}`)).rejects.toThrow(/no scale "ruritania".*--scale-table/)
  })

  it('reads the operator’s own table before the shipped ones', async () => {
    const table = readScaleTable(
      listFile(
        JSON.stringify({
          id: 'caid-uk',
          title: 'Ours',
          source: 'test',
          categories: { 1: { label: 'one', meaning: 'illegal' } },
        }),
      ),
    )
    const matcher = await loadHashSets([parseHashSetDeclaration(`caid-uk:${media(1)}`)], {
      scaleTables: [table],
    })
    expect(matcher.match(digestsOf('m0'), 2n).hits[0]).toMatchObject({
      categoryLabel: 'one',
      meaning: 'illegal',
    })
    expect(await judged(`caid-uk:${media(1)}`, 0)).toMatchObject({ categoryLabel: null, meaning: 'interest' })
  })

  it.each([
    ['vics_us:x', /does not say what the list means/],
    ['vicsus:x', /Did you mean "vics-us"/],
    ['ilegal:x', /Did you mean "illegal"/],
    ['list.txt', /does not say what the list means/],
    ['illegal:', /names no file/],
  ])('refuses %s', async (text, message) => {
    await expect(load(text)).rejects.toThrow(message)
  })
})

async function load(...declarations: string[]) {
  return loadHashSets(declarations.map(parseHashSetDeclaration))
}

function hashdeep(columns: string, rows: readonly (readonly (string | bigint)[])[]): string {
  const lines = rows.map((row) => `${row.join()},/some/name, with comma`)
  return listFile(`%%%% HASHDEEP-1.0\n%%%% size,${columns},filename\n## comment\n${lines.join('\n')}\n`)
}

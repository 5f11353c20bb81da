import { describe, expect, it } from 'vitest'
import { vics } from '../../src/match/formats/vics.ts'
import { digestsOf, readAll, vicsDocument } from './support.ts'

const a = digestsOf('a')
const b = digestsOf('b')
const photoDna = Buffer.alloc(144, 7).toString('base64')

describe('VICS', () => {
  it('reads names in any case, quoted numbers, category 0, null and text', async () => {
    const { records, rejected } = await readAll(
      vics,
      vicsDocument([
        { MediaID: 1, Category: 0, MD5: a.md5.toUpperCase(), SHA1: a.sha1, MediaSize: '361182' },
        { mediaid: 2, CATEGORY: null, md5: b.md5, mediasize: 12 },
        { category: '4', Md5: '', sha1: b.sha1, MediaSize: '' },
        { MD5: a.md5, AlternativeHashes: [{ HashName: 'SHA-256', HashValue: a.sha256 }] },
      ]),
    )
    expect(rejected).toEqual([])
    expect(records.map((r) => [r.digests, r.size, r.category])).toEqual([
      [{ md5: a.md5, sha1: a.sha1 }, 361182, '0'],
      [{ md5: b.md5 }, 12, null],
      [{ sha1: b.sha1 }, null, '4'],
      [{ md5: a.md5, sha256: a.sha256 }, null, null],
    ])
  })

  it('finds the marker wherever it stands, and needs the value only', async () => {
    const last = `\ufeff{"value":[{"MD5":"${a.md5}"}],"odata.metadata":"http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#Media"}`
    const { records, facts } = await readAll(vics, last)
    expect(records).toHaveLength(1)
    expect(facts[0]!.note).toMatch(/1\.3\.xml#Media/)
    expect((await readAll(vics, `{"Value" : [ {"MD5":"${a.md5}"} ] }`)).facts[0]!.note).toMatch(
      /no VICS marker/,
    )
    await expect(readAll(vics, '{"odata.metadata":"x#Media"}')).rejects.toThrow(/no "value" array/)
  })

  it('reads the media of every case, and counts them itself', async () => {
    const { records } = await readAll(
      vics,
      JSON.stringify({
        'odata.metadata': 'http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#Cases',
        value: [
          {
            CaseID: '1',
            TotalMediaFiles: 99,
            Media: [{ MD5: a.md5, Category: 1 }, { MD5: b.md5 }],
            ContactName: 'x',
          },
          { CaseID: '2', Media: [] },
          { media: [{ SHA1: a.sha1 }], Media: [{ SHA1: b.sha1 }] },
        ],
      }),
    )
    expect(records.map((r) => Object.values(r.digests)[0])).toEqual([a.md5, b.md5, a.sha1, b.sha1])
  })

  it('keeps digests and frames of every record, also where a batch ends between the two', async () => {
    const frames = [0, 1].map((second) => `${a.sha256},80,${second}.00`)
    const AlternativeHashes = [{ HashName: 'vPDQ', HashValue: JSON.stringify(frames) }]
    const digest = (i: number) => i.toString(16).padStart(32, '0')
    const media = Array.from({ length: 4100 }, (_, i) => ({
      MD5: digest(i),
      ...(i >= 4095 && { AlternativeHashes }),
    }))
    const { records } = await readAll(vics, vicsDocument(media))
    const md5s = records.flatMap((r) => r.digests.md5 ?? [])
    expect(md5s).toEqual(media.map(({ MD5 }) => MD5))
    expect(records).toHaveLength(4100 + 2 * 5)
  })

  it('keeps the frames of a video that can be read, and counts the others with the record', async () => {
    const HashValue = JSON.stringify([
      `${a.sha256},80,0.00`,
      `${a.sha256.slice(1)},80,1.00`,
      `${b.sha256},?,2.00`,
    ])
    const { records, rejected } = await readAll(
      vics,
      vicsDocument([{ MD5: a.md5, AlternativeHashes: [{ HashName: 'vPDQ', HashValue }] }]),
    )
    expect(records.map((r) => Object.keys(r.digests))).toEqual([['md5'], ['vpdq']])
    expect(rejected).toEqual([
      { line: 1, reason: '2 of 3 frames of its vPDQ are not "hash,quality,timestamp"' },
    ])
  })

  it('carries everything else as extras, unchanged', async () => {
    const extras = {
      MediaID: 7,
      PhotoDNA: photoDna,
      Series: 's',
      VictimIdentified: 'false',
      MediaFiles: [{ MD5: a.md5, FilePath: 'DCIM\\a.jpg' }],
    }
    const [record] = (
      await readAll(vics, vicsDocument([{ MD5: a.md5, Category: 1, ...extras }]), { extras: true })
    ).records
    expect(record!.extras).toEqual({ MD5: a.md5, Category: 1, ...extras })
  })

  it('rejects records that hold nothing to compare or contradict themselves, with their number', async () => {
    const { records, rejected } = await readAll(
      vics,
      vicsDocument([
        { MD5: a.md5 },
        { MD5: null, Category: 1 },
        { MD5: 'zz' },
        { MD5: a.md5, Category: {} },
        { MD5: a.md5, MediaSize: 'large' },
        { MD5: a.md5, AlternativeHashes: [{ HashName: 'MD5', HashValue: b.md5 }] },
        { MD5: 12 },
        [] as object,
      ]),
    )
    expect(records).toHaveLength(1)
    expect(rejected.map((row) => row.line)).toEqual([2, 3, 4, 5, 6, 7, 8])
  })

  it('rejects a record with two different categories, and takes one that is said twice', async () => {
    const record = (...categories: string[]) =>
      `{"MD5":"${a.md5}",${categories.map((category) => `"Category":${category}`).join(',')}}`
    const twice = [record('1', '0'), record('1', '"1"'), record('null', '2'), record('2', 'null')]
    const { records, rejected } = await readAll(vics, `{"value":[${twice.join(',')}]}`)
    expect(records.map((r) => [r.line, r.category])).toEqual([
      [2, '1'],
      [3, '2'],
      [4, '2'],
    ])
    expect(rejected).toEqual([{ line: 1, reason: 'two different categories in one record' }])
  })

  it('reports every truncation, never a short list', async () => {
    const whole = vicsDocument([
      { MD5: a.md5, Category: 1, Tags: 'é\\n"' },
      { MD5: b.md5, n: [1.5e3, true, null, {}] },
    ])
    expect((await readAll(vics, whole)).records).toHaveLength(2)
    for (let length = 1; length < whole.length; length++) {
      await expect(readAll(vics, whole.slice(0, length)), `cut at ${length}`).rejects.toThrow(
        /at byte \d+ \(after record [012]\).*truncated/,
      )
    }
  })

  it.each([
    '{"value":[{"MD5":"x",}]}',
    '{"value":[{"MD5":"x"},]}',
    '{"value":[{"MD5" "x"}]}',
    '{"value":[{"MD5":"x"}]} x',
    '{"value":[{"MD5":01}]}',
    '{"value":[{"MD5":tru}]}',
    '{"value":[{"MD5":"\u0001"}]}',
    '{"value":[{"MD5":"\\q"}]}',
    '{"value":[{"MD5":"\\u12g4"}]}',
    '{value:[]}',
    '[]',
    `{"value":${'['.repeat(100)}${']'.repeat(100)}}`,
  ])('refuses malformed JSON with its place: %s', async (text) => {
    await expect(readAll(vics, text)).rejects.toThrow(/at byte \d+/)
  })

  it('agrees with JSON.parse on a thousand generated records across pieces', async () => {
    const media = Array.from({ length: 6000 }, (_, i) => ({
      MediaID: i,
      Category: [0, 1, null, '3', -1, 2.5][i % 6],
      MD5: digestsOf(`m${i}`).md5,
      SHA1: i % 3 === 0 ? digestsOf(`m${i}`).sha1.toUpperCase() : undefined,
      MediaSize: i % 2 === 0 ? i : String(i),
      Tags: `q"\\/ü\u2028${'x'.repeat(i % 200)}`,
      Exifs: [{ PropertyName: 'p', PropertyValue: [i, { deep: [[], {}] }] }],
      Note: i % 5 === 0 ? 1e-7 : true,
    }))
    const text = JSON.stringify({ value: media }, null, 1)
    expect(text.length).toBeGreaterThan(2 << 20)
    const { records } = await readAll(vics, text, { extras: true })
    const parsed = (JSON.parse(text) as { value: typeof media }).value
    expect(records).toEqual(
      parsed.map(({ Category, MD5, SHA1, MediaSize }, i) => ({
        line: i + 1,
        digests: { md5: MD5, ...(SHA1 === undefined ? {} : { sha1: SHA1.toLowerCase() }) },
        size: Number(MediaSize),
        category: Category === null ? null : String(Category),
        extras: parsed[i],
      })),
    )
  })
})

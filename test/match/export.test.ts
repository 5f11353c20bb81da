import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import {
  EXPORT_FORMATS,
  type ExportFormat,
  exportHashSet,
  HASH_SET_FORMATS,
  importHashSet,
  parseHashSetDeclaration,
} from '../../src/match/index.ts'
import { SAMPLES } from './samples.ts'
import { digestsOf, listFile, readAll, temporaryPath, vicsDocument } from './support.ts'

const READ_AS: Readonly<Record<ExportFormat, string>> = {
  'vics-1.3': 'vics',
  'vics-2.0': 'vics',
  hashdeep: 'hashdeep',
  plain: 'plain',
  csv: 'csv',
}

const a = digestsOf('a')
const b = digestsOf('b')
const media = [
  {
    MediaID: 9,
    Category: 0,
    MD5: a.md5,
    SHA1: a.sha1,
    MediaSize: '12',
    PhotoDNA: Buffer.alloc(144, 255).toString('base64'),
    VictimIdentified: 'true',
    Series: 'synthetic',
    AlternativeHashes: [
      { MD5: a.md5, HashName: 'PhotoDNA', HashValue: 'AbC=' },
      { MD5: a.md5, HashName: 'PDQ', HashValue: b.sha256 },
    ],
    MediaFiles: [{ MD5: a.md5, FilePath: 'DCIM\\é.jpg' }],
    RelativeFilePath: 'files\\a.jpg',
  },
  { MediaID: 10, Category: null, SHA1: b.sha1 },
  { MediaID: 11, Category: 'A1', MD5: b.md5 },
]

describe('export', () => {
  it.each(EXPORT_FORMATS)('%s comes back as it went, from list and index', async (format) => {
    const reader = HASH_SET_FORMATS.find(({ id }) => id === READ_AS[format])!
    const sample = SAMPLES[READ_AS[format]]!
    const given = await readAll(reader, sample.content, { extras: true })
    const list = listFile(sample.content)
    const index = temporaryPath('index')
    await importHashSet(parseHashSetDeclaration(`${sample.declared}:${list}`), index)
    for (const source of [list, index]) {
      const { text, result } = await exported(source, format)
      expect(result).toMatchObject({ records: sample.records, leftOut: {} })
      expect(result.sha256).toBe(createHash('sha256').update(text).digest('hex'))
      const back = await readAll(reader, text, { extras: true })
      expect(back.rejected).toEqual([])
      expect(compared(back.records)).toEqual(compared(given.records))
    }
  })

  it('keeps in VICS what VICS records hold, and points to no file', async () => {
    const source = listFile(vicsDocument(media))
    for (const format of ['vics-1.3', 'vics-2.0'] as const) {
      const document = JSON.parse((await exported(source, format)).text) as {
        value: Record<string, unknown>[]
      }
      expect(JSON.stringify(document)).not.toMatch(/RelativeFilePath/)
      expect(Object.entries(document)[0]).toEqual(
        format === 'vics-1.3'
          ? ['odata.metadata', 'http://github.com/ICMEC/ProjectVic/DataModels/1.3.xml#Media']
          : [
              '@odata.context',
              'http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/Default/$metadata#Media',
            ],
      )
      expect(document.value[0]).toEqual({
        MediaID: 1,
        Category: 0,
        MD5: a.md5.toUpperCase(),
        SHA1: a.sha1.toUpperCase(),
        MediaSize: 12,
        PhotoDNA: media[0]!.PhotoDNA,
        VictimIdentified: 'true',
        Series: 'synthetic',
        MediaFiles: [{ MD5: a.md5, FilePath: 'DCIM\\é.jpg' }],
        AlternativeHashes: [
          { MD5: a.md5.toUpperCase(), HashName: 'PDQ', HashValue: b.sha256 },
          { MD5: a.md5, HashName: 'PhotoDNA', HashValue: 'AbC=' },
        ],
      })
      expect(document.value.map((record) => record.Category)).toEqual([0, null, 'A1'])
    }
  })

  it('counts what a format cannot hold', async () => {
    const source = listFile(vicsDocument(media))
    expect((await exported(source, 'plain', { algorithm: 'sha1' })).result).toMatchObject({
      records: 2,
      leftOut: { 'no SHA-1': 1 },
      notCarried: { category: 1, MD5: 1, PDQ: 1, size: 1, extras: 2 },
    })
    expect((await exported(source, 'hashdeep')).result).toMatchObject({
      records: 1,
      leftOut: { 'no size, which hashdeep needs': 2 },
    })
    expect((await exported(source, 'csv')).result).toMatchObject({
      records: 3,
      leftOut: {},
      notCarried: { extras: 3 },
    })
  })

  it('writes a table that spreadsheets take for no formula, and that a CSV parser agrees with', async () => {
    const source = listFile(
      vicsDocument([
        { MD5: a.md5, Category: '=1+1' },
        { MD5: b.md5, Category: 'a "quoted", one' },
      ]),
    )
    const { text } = await exported(source, 'csv')
    const rows = parse(text, { columns: true }) as Record<string, string>[]
    expect(rows.map((row) => [row.md5, row.category])).toEqual([
      [a.md5, "'=1+1"],
      [b.md5, 'a "quoted", one'],
    ])
  })

  it('says in a plain list what its digests are, so that 64 digits come back', async () => {
    const { text } = await exported(listFile(`${a.sha256}  n\n`), 'plain')
    expect(text).toBe(`# sha256\n${a.sha256}\n`)
    const plain = HASH_SET_FORMATS.find(({ id }) => id === 'plain')!
    expect((await readAll(plain, text)).records[0]!.digests).toEqual({ sha256: a.sha256 })
  })

  it('overwrites nothing and leaves nothing of a failed export', async () => {
    const target = temporaryPath('there')
    writeFileSync(target, 'mine')
    await expect(exportHashSet(listFile(`${a.md5}\n`), target, 'csv')).rejects.toThrow(/never overwrites/)
    const failed = temporaryPath('failed')
    await expect(exportHashSet(listFile('{"value":['), failed, 'csv')).rejects.toThrow(/truncated/)
    expect(readdirSync(dirname(failed)).filter((name) => name.includes('failed'))).toEqual([])
    await expect(
      exportHashSet(listFile(`${a.md5}\n`), temporaryPath('x'), 'xml' as ExportFormat),
    ).rejects.toThrow(/no export format "xml"/)
  })
})

async function exported(source: string, format: ExportFormat, options = {}) {
  const target = temporaryPath('export')
  const result = await exportHashSet(source, target, format, options)
  return { text: readFileSync(target, 'utf8'), result }
}

/** Without place and order; of extras what all formats carry. */
function compared(records: Awaited<ReturnType<typeof readAll>>['records']) {
  return records
    .map(({ digests, size, category, extras }) => {
      const { PhotoDNA, Tags, MediaFiles, name } = (extras ?? {}) as Record<string, unknown>
      return { digests, size, category, PhotoDNA, Tags, MediaFiles, name }
    })
    .sort((x, y) => (JSON.stringify(x.digests) < JSON.stringify(y.digests) ? -1 : 1))
}

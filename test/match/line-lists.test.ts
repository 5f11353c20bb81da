import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { csv } from '../../src/match/formats/csv.ts'
import { hashdeep } from '../../src/match/formats/hashdeep.ts'
import { detectFormat } from '../../src/match/formats/intake.ts'
import { plainList } from '../../src/match/formats/plain-list.ts'
import { sumList } from '../../src/match/formats/sum-list.ts'
import { ListFile } from '../../src/match/records/list-file.ts'
import { LONGEST_LINE_BYTES } from '../../src/match/records/list-limits.ts'
import { digestsOf, listFile, readAll } from './support.ts'

const a = digestsOf('a')
const b = digestsOf('b')

describe('plain lists', () => {
  it('tell the algorithm by length, in any case, with comments, blanks, CRLF and a byte-order mark', async () => {
    const text = `\ufeff# list\r\n${a.md5}\r\n\r\n  ${a.sha1.toUpperCase()}  \r\n${b.md5}`
    const { records, rejected, rows } = await readAll(plainList, text)
    expect(records.map((r) => [r.line, r.digests])).toEqual([
      [2, { md5: a.md5 }],
      [4, { sha1: a.sha1 }],
      [5, { md5: b.md5 }],
    ])
    expect([rejected, rows]).toEqual([[], 3])
  })

  it('are read in UTF-16 too, as PowerShell writes them', async () => {
    const text = Buffer.from(`\ufeff${a.md5}\r\n${b.md5}\r\n`, 'utf16le')
    const { records, sha256 } = await readAll(plainList, text)
    expect(records).toHaveLength(2)
    expect(sha256).toBe(createHash('sha256').update(text).digest('hex'))
  })

  it('ask when 64 digits could be SHA-256, BLAKE3 or PDQ', async () => {
    await expect(readAll(plainList, `${a.sha256}\n`)).rejects.toThrow(
      /Line 1 .* --type sha256, --type blake3 or --type pdq/,
    )
    expect((await readAll(plainList, `${a.sha256}\n`, { type: 'pdq' })).records[0]!.digests).toEqual({
      pdq: a.sha256,
    })
    expect((await readAll(plainList, `SHA-256\n${a.sha256}\n`)).records[0]!.digests).toEqual({
      sha256: a.sha256,
    })
  })

  it('reject what is no digest, with the line', async () => {
    const { records, rejected } = await readAll(
      plainList,
      `${a.md5}\n${a.md5.slice(1)}\n${a.md5.slice(1)}g\n${'0'.repeat(128)}\nname,\u202e\n`,
    )
    expect(records).toHaveLength(1)
    expect(rejected.map((row) => row.line)).toEqual([2, 3, 4, 5])
    expect(rejected[2]!.reason).toMatch(/SHA-512/)
    expect(rejected[3]!.reason).toBe('not a hex digest: "name,\\u{202e}"')
    const typed = await readAll(plainList, `${a.md5}\n${a.sha1}\n`, { type: 'md5' })
    expect(typed.rejected).toEqual([{ line: 2, reason: '40 characters, where MD5 has 32' }])
  })

  it('pass over a line without end and say which', async () => {
    const text = `${a.md5}\n${'x'.repeat(3 * LONGEST_LINE_BYTES)}\n${b.md5}\n`
    const { records, rejected } = await readAll(plainList, text)
    expect(records.map((r) => r.line)).toEqual([1, 3])
    expect(rejected).toEqual([{ line: 2, reason: `the line is longer than ${LONGEST_LINE_BYTES} bytes` }])
  })

  it('keep count over every boundary of pieces and batches', async () => {
    const n = 50_000 // 1.6 MB: two pieces, a dozen batches
    const digests = Array.from({ length: n }, (_, i) => i.toString(16).padStart(32, '0'))
    const { records } = await readAll(plainList, `#\n${digests.join('\n')}`)
    expect(records.map((r) => r.digests.md5)).toEqual(digests)
    expect(records.map((r) => r.line)).toEqual(digests.map((_, i) => i + 2))
  })
})

describe('checksum lines', () => {
  it('are read as GNU, BSD, OpenSSL and md5deep -z print them', async () => {
    const { records, rejected } = await readAll(
      sumList,
      [
        `${a.md5}  plain name`,
        `${a.sha1} *binary`,
        `${a.sha256}  x`,
        `\\${b.md5}  new\\nline\\\\`,
        `MD5 (a) = b) = ${a.md5}`,
        `SHA256 (y) = ${b.sha256}`,
        `SHA2-256(z)= ${b.sha256}`,
        `BLAKE3 (b) = ${a.blake3}`,
        `    361182  ${b.md5}  sized`,
        `9999999999  ${b.md5}  saturated`,
      ].join('\n'),
      { extras: true },
    )
    expect(rejected).toEqual([])
    expect(records.map((r) => [r.digests, r.size, (r.extras as { name: string }).name])).toEqual([
      [{ md5: a.md5 }, null, 'plain name'],
      [{ sha1: a.sha1 }, null, 'binary'],
      [{ sha256: a.sha256 }, null, 'x'],
      [{ md5: b.md5 }, null, 'new\nline\\'],
      [{ md5: a.md5 }, null, 'a) = b'],
      [{ sha256: b.sha256 }, null, 'y'],
      [{ sha256: b.sha256 }, null, 'z'],
      [{ blake3: a.blake3 }, null, 'b'],
      [{ md5: b.md5 }, 361182, 'sized'],
      [{ md5: b.md5 }, null, 'saturated'],
    ])
  })

  it('say that 64 digits without the name of an algorithm were taken for SHA-256: b3sum prints the same', async () => {
    const notes = async (text: string, type?: 'sha256') =>
      (await readAll(sumList, text, type && { type })).facts.map(({ note }) => note)
    expect(await notes(`${a.md5}  x\n${a.sha256}  y\n${b.blake3}  z\n`)).toEqual([
      expect.stringMatching(/64 hex digits were taken for SHA-256.* BLAKE3 .*--type/),
    ])
    expect(await notes(`${a.md5}  x\nSHA256 (y) = ${a.sha256}\nBLAKE3 (z) = ${b.blake3}\n`)).toEqual([])
    expect(await notes(`${a.sha256}  y\n`, 'sha256')).toEqual([])
  })

  it('reject what is damaged or not compared, with the line', async () => {
    const { records, rejected } = await readAll(
      sumList,
      `${a.md5}  ok\n${a.md5}\n${a.md5.slice(2)}  short\nSHA512 (x) = ${'0'.repeat(128)}\nMD5 (x) = ${a.sha1}\n${'0'.repeat(128)}  n\n`,
    )
    expect(records).toHaveLength(1)
    expect(rejected.map((row) => row.line)).toEqual([2, 3, 4, 5, 6])
  })
})

describe.each([
  ['a return alone', '\r'],
  ['a zero byte', '\0'],
])('lines that end with %s', (_, end) => {
  const digests = Array.from({ length: 60_000 }, (_, i) => i.toString(16).padStart(32, '0'))
  it.each([
    ['plain', plainList, '', (md5: string) => md5],
    ['md5sum', sumList, '', (md5: string) => `${md5}  a name`],
    ['BSD', sumList, '', (md5: string) => `MD5 (a) = ${md5}`],
    ['hashdeep', hashdeep, '%%%% HASHDEEP-1.0\n%%%% size,md5,filename\n', (md5: string) => `1,${md5},a name`],
    ['table', csv, 'md5,name\n', (md5: string) => `${md5},a name`],
  ] as const)('are read one by one: %s', async (_, format, heading, row) => {
    const { records, rejected } = await readAll(
      format,
      heading + digests.map((md5) => row(md5) + end).join(''),
    )
    expect(rejected).toEqual([])
    expect(records.map((r) => r.digests.md5)).toEqual(digests)
  })
})

it('ends a line at a return or zero byte among newlines, and counts returns with newlines once', async () => {
  const rows = Array.from({ length: 70_000 }, (_, i) => `${i.toString(16).padStart(32, '0')}  n`)
  const ends = ['\n', '\r\n', '\r', '\0']
  const { records } = await readAll(sumList, rows.map((row, i) => row + ends[i % 4]).join(''))
  expect(records.map((r) => r.line)).toEqual(rows.map((_, i) => i + 1))
})

it('recognises a list of lines that end with a return alone', () => {
  for (const text of [
    `${a.md5}\r${b.md5}\r`,
    `MD5 (a) = ${a.md5}\rMD5 (b) = ${b.md5}\r`,
    `md5,name\r${a.md5},n\r`,
  ])
    expect(detectFormat(new ListFile(listFile(text))).format.id).toMatch(/plain|sum|csv/)
})

describe('hashdeep', () => {
  const header = '%%%% HASHDEEP-1.0\n%%%% size,md5,sha-1,whirlpool,sha256,filename\n## Invoked from: /\n'

  it('reads its columns in their order; commas of the name stay in the name', async () => {
    const { records, rejected } = await readAll(
      hashdeep,
      `${header}12,${a.md5},${a.sha1},whirl,${a.sha256},/a,b,c\n`,
      { extras: true },
    )
    expect(rejected).toEqual([])
    expect(records).toEqual([
      {
        line: 4,
        digests: { md5: a.md5, sha1: a.sha1, sha256: a.sha256 },
        size: 12,
        category: null,
        extras: { name: '/a,b,c' },
      },
    ])
  })

  it('rejects a row whose columns are not those of the header, with line and column', async () => {
    const { records, rejected } = await readAll(
      hashdeep,
      `${header}x,${a.md5}\n12,${a.sha1},${a.md5},w,,n\n12,${a.md5},${a.sha1},w,${a.sha256.slice(2)}\n12,${a.md5},${a.sha1}\n`,
    )
    expect(records).toEqual([])
    expect(rejected.map((row) => row.line)).toEqual([4, 5, 6, 7])
    expect(rejected[0]!.reason).toMatch(/first column is no size/)
    expect(rejected[1]!.reason).toMatch(/MD5 column holds no MD5 digest/)
    expect(rejected[2]!.reason).toMatch(/SHA-256 column/)
  })

  it('keeps the digests that can be read of a row with a damaged one', async () => {
    const { records, rejected } = await readAll(
      hashdeep,
      `${header}12,${a.md5},${a.sha1.slice(1)},w,${a.sha256},n\n12,${a.sha1},${a.md5},w,${b.sha256},n\n`,
    )
    expect(records.map(({ digests }) => digests)).toEqual([
      { md5: a.md5, sha256: a.sha256 },
      { sha256: b.sha256 },
    ])
    expect(rejected).toEqual([])
  })

  it.each([
    [`%%%% HASHDEEP-1.0\n1,${a.md5},n\n`, /Line 2 .* comes before the line that names its columns/],
    ['%%%% HASHDEEP-1.0\n%%%% size,crc,filename\n', /Line 2 .* names a column "crc" that is no digest/],
    ['%%%% HASHDEEP-1.0\n%%%% md5,size,filename\n', /Line 2 .* must name its columns/],
    ['%%%% HASHDEEP-1.0\n%%%% size,tiger,filename\n', /no digest that this program compares/],
  ])('refuses a header it cannot trust: %j', async (text, message) => {
    await expect(readAll(hashdeep, text)).rejects.toThrow(message)
  })
})

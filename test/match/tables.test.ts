import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { csv, readColumnMap } from '../../src/match/formats/csv.ts'
import { CsvRow } from '../../src/match/formats/csv-rows.ts'
import { icse } from '../../src/match/formats/icse.ts'
import { iped } from '../../src/match/formats/iped.ts'
import { nsrlRds2 } from '../../src/match/formats/nsrl-rds2.ts'
import { loadHashSets, parseHashSetDeclaration } from '../../src/match/index.ts'
import { digestsOf, listFile, readAll } from './support.ts'

const a = digestsOf('a')
const b = digestsOf('b')

const numbered = (i: number) => i.toString(16).padStart(32, '0')

describe('tables', () => {
  it('split rows as a CSV parser does', () => {
    const row = new CsvRow()
    for (const line of ['a,b,c', '"a,""b""",c', ',,', '"",x,""', 'a b, c ,"d e"', 'x"y,z']) {
      const bytes = Buffer.from(line)
      expect(row.split(bytes, 0, bytes.length, 0x2c)).toBeNull()
      const [expected] = parse(line, { relax_quotes: true, trim: true }) as string[][]
      expect(row.texts(), line).toEqual(expected)
    }
  })

  it('find their columns by name, whatever the delimiter, and keep the rest as extras', async () => {
    for (const d of [',', ';', '\t']) {
      const text = ['File Name', 'MD5-Hash', 'sha_256', 'Size', 'Category'].join(d)
      const { records } = await readAll(csv, `${text}\n${['"n"', a.md5, a.sha256, '12', 'B'].join(d)}\n`, {
        extras: true,
      })
      expect(records).toEqual([
        {
          line: 2,
          digests: { md5: a.md5, sha256: a.sha256 },
          size: 12,
          category: 'B',
          extras: { 'File Name': 'n' },
        },
      ])
    }
  })

  it('take a column "hash" by its length, and ask when that does not tell', async () => {
    expect((await readAll(csv, `name,hash\nx,${a.sha1}\n`)).records[0]!.digests).toEqual({ sha1: a.sha1 })
    await expect(readAll(csv, `name,hash\nx,${a.sha256}\n`)).rejects.toThrow(/Line 2 .* --type sha256/)
    const typed = await readAll(csv, `name,hash\nx,${a.sha256}\n`, { type: 'blake3' })
    expect(typed.records[0]!.digests).toEqual({ blake3: a.sha256 })
  })

  it('reject rows with another number of columns, another digest, another size, with the line', async () => {
    const { records, rejected } = await readAll(
      csv,
      `md5,size,name\n${a.md5},1,x\n${a.md5},1\n${a.md5},1,x,y\n${a.sha1},1,x\n${a.md5},big,x\n,1,x\n`,
    )
    expect(records).toHaveLength(1)
    expect(rejected.map((row) => row.line)).toEqual([3, 4, 5, 6, 7])
  })

  it('let a quoted field hold a line end, and an unclosed quote cost its own line only', async () => {
    const whole = await readAll(csv, `name,md5\n"two\nlines",${a.md5}\nx,${b.md5}\n`, { extras: true })
    expect(whole.records.map((r) => [r.line, r.extras])).toEqual([
      [2, { name: 'two\nlines' }],
      [4, { name: 'x' }],
    ])
    const rows = Array.from({ length: 50 }, (_, i) => `x${i},${digestsOf(`r${i}`).md5}`)
    const broken = await readAll(csv, `name,md5\n"open,${a.md5}\n${rows.join('\n')}\n`)
    expect(broken.records).toHaveLength(50)
    expect(broken.rejected).toEqual([{ line: 2, reason: 'a quote is opened and not closed' }])
  })

  it.each([
    ['first', ([x, y]: readonly string[]) => `${x}\t${y}`],
    ['last', ([x, y]: readonly string[]) => `${y}\t${x}`],
  ])('hide no row between two names that have one quote each, the digest %s', async (_, row) => {
    const names = ['"Hello', 'x', 'World"', 'y', '"one', 'two"']
    const rows = names.map((name, i) => row([numbered(i), name]))
    const { records, rejected } = await readAll(csv, `${[row(['md5', 'name']), ...rows].join('\n')}\n`)
    expect(records.map((r) => r.digests.md5)).toEqual([1, 2, 3, 5].map(numbered))
    expect(rejected.map((r) => r.line)).toEqual([2, 6])
  })

  it('keep every other row where an unclosed quote stands near the end of a batch', async () => {
    const rows = Array.from({ length: 9000 }, (_, i) => `${i === 4085 ? '"open' : `x${i}`},${numbered(i)}`)
    const { records, rejected } = await readAll(csv, `name,md5\n${rows.join('\n')}\n`)
    expect(rejected.map((row) => row.line)).toEqual([4087])
    expect(records.map((r) => r.digests.md5)).toEqual(rows.map((_, i) => numbered(i)).toSpliced(4085, 1))
  })

  it('are read by a saved column map, with or without header', async () => {
    const file = listFile('{"delimiter":";","header":false,"columns":{"md5":2,"size":1,"category":4}}')
    const headless = await readAll(csv, `7;${a.md5};x;3\n8;${b.md5};y;\n`, { columns: readColumnMap(file) })
    expect(headless.records.map((r) => [r.digests.md5, r.size, r.category])).toEqual([
      [a.md5, 7, '3'],
      [b.md5, 8, null],
    ])
    const named = { columns: { sha1: 'Prüfsumme' } }
    expect((await readAll(csv, `Name,Prüfsumme\nx,${a.sha1}\n`, { columns: named })).records).toHaveLength(1)
    await expect(readAll(csv, `Name,Sum\nx,${a.sha1}\n`, { columns: named })).rejects.toThrow(
      /does not have: Name, Sum/,
    )
  })

  it.each([
    ['{"columns":{"colour":1}}', /nothing a column can hold/],
    ['{"columns":{"md5":0}}', /neither a name nor a number from 1/],
    ['{"columns":{"md5":1},"delimiter":"--"}', /not one character/],
    ['[]', /"columns" is not an object|not a JSON object/],
    ['{', /could not be read/],
  ])('refuse the column map %s', (text, message) => {
    expect(() => readColumnMap(listFile(text))).toThrow(message)
  })

  it('stop the run when no column holds a digest', async () => {
    const list = listFile(`name,colour\nx,blue\n`)
    await expect(
      loadHashSets([parseHashSetDeclaration(`known:${list}`)], { columns: { columns: { size: 'name' } } }),
    ).rejects.toThrow(/None of the columns holds a digest .* name, colour/)
  })

  it('leave out PDQ hashes of plain pictures', async () => {
    const { records, rejected } = await readAll(
      csv,
      `pdq,quality\n${a.sha256},50\n${b.sha256},49\n${b.sha256},101\n`,
    )
    expect(records).toHaveLength(1)
    expect(rejected.map((row) => row.line)).toEqual([3, 4])
  })
})

it('a plain picture is still found by its digest: a low quality costs its PDQ hash alone, and is noted', async () => {
  const rows = `${a.md5},${a.sha256},30\n${b.md5},${b.sha256},80\n${a.md5},,10\n`
  const { records, rejected, facts } = await readAll(csv, `md5,pdq,quality\n${rows}`)
  expect(rejected).toEqual([])
  expect(records.map((r) => r.digests)).toEqual([
    { md5: a.md5 },
    { md5: b.md5, pdq: b.sha256 },
    { md5: a.md5 },
  ])
  expect(facts).toEqual([
    {
      note: '1 record has a PDQ hash of quality under 50: too plain a picture to match on, and compared by its other digests alone',
    },
  ])
  const other = await readAll(csv, `md5,quality\n${a.md5},12\n${b.md5},high\n`)
  expect([other.records.length, other.rejected]).toEqual([2, []])
})

describe('ICSE', () => {
  it('takes the flag Baseline for the category, in every spelling', async () => {
    const flags = ['Y', 'n', 'TRUE', 'False', 'yes', 'NO', '', 'maybe']
    const rows = flags.map((flag, i) => `${digestsOf(`${i}`).md5};;;${i};Y;${flag}`)
    const { records } = await readAll(
      icse,
      `MD5;SHA1;PhotoDNA;Image ID;Is distributed;Baseline\n${rows.join('\n')}\n`,
    )
    expect(records.map((r) => r.category)).toEqual([
      'true',
      'false',
      'true',
      'false',
      'true',
      'false',
      null,
      'maybe',
    ])
  })

  it('means illegal in any country by Baseline, and interest otherwise', async () => {
    const list = listFile(
      `MD5;SHA1;PhotoDNA;Image ID;Is distributed;Baseline\n${a.md5};;;1;Y;Y\n${b.md5};;;1;Y;N\n`,
    )
    const matcher = await loadHashSets([parseHashSetDeclaration(`interpol-baseline:${list}`)])
    expect(matcher.match(a, 1n).hits[0]).toMatchObject({ meaning: 'illegal', category: 'true' })
    expect(matcher.match(b, 1n).hits[0]).toMatchObject({ meaning: 'interest', category: 'false' })
  })
})

it('IPED: takes the gravest status, and does not repeat its word for illegal material', async () => {
  const statuses = ['known', 'known|pedo', 'alert|known', '', 'other']
  const rows = statuses.map((status, i) => `${digestsOf(`${i}`).md5},${status}`)
  const { records } = await readAll(iped, `md5,status\n${rows.join('\n')}\n`)
  expect(records.map((r) => r.category)).toEqual(['known', 'illegal', 'alert', null, 'other'])
})

it('NSRL RDS 1.5: finds the columns where that version has them', async () => {
  const header =
    '"SHA-1","FileName","FileSize","ProductCode","OpSystemCode","MD4","MD5","CRC32","SpecialCode"'
  const { records } = await readAll(
    nsrlRds2,
    Buffer.from(`${header}\r\n"${a.sha1}","na\xefve, ""x""",12,1,"W","","${a.md5}","","M"\r\n`, 'latin1'),
    { extras: true },
  )
  expect(records[0]).toMatchObject({
    digests: { md5: a.md5, sha1: a.sha1 },
    size: 12,
    extras: { FileName: 'naïve, "x"', SpecialCode: 'M' },
  })
})

/** What Internet Explorer and the first Edge keep in a database of Windows' storage engine; what is written here, another reader reads too. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { downloadHeaders, webCache } from '../../../../fixtures/device/webcache.ts'
import { identifyContent } from '../../../../src/formats/signatures/index.ts'
import { unpackedEse, unpackedLz77 } from '../../../../src/formats/stores/ese-packed.ts'
import { mutant, recordsOf } from '../records-of.ts'

const ESE = 'application/x-ms-ese-database'
const AT = 1_600_000_000_000
const visited = (url: string, more: object = {}) => ({ url: `Visited: anna@${url}`, accessed: AT, ...more })

const LONG = `https://example.org/${'way/'.repeat(40)}`
const CONTAINERS = {
  History: [
    visited('https://example.org/lake', { times: 3 }),
    visited(LONG, { accessed: AT + 1000, apartBy: 100 }),
    visited('https://example.org/gone', { accessed: AT + 2000, isDeleted: true }),
  ],
  MSHist012020091320200914: [{ url: ':2020091320200914: anna@https://example.org/lake', accessed: AT }],
  Content: [
    {
      url: 'https://example.org/a.jpg',
      fileName: 'a[1].jpg',
      sizeBytes: 77,
      accessed: AT,
      created: AT - 1000,
      modified: AT - 2000,
    },
    { url: 'https://example.org/redirect', accessed: AT },
  ],
  iedownload: [
    {
      url: 'iedownload:{00000000-0000-0000-0000-000000000000}',
      accessed: AT,
      headers: downloadHeaders(
        'https://example.org/',
        'https://example.org/map.zip',
        'C:\\Users\\anna\\Downloads\\map.zip',
      ),
    },
  ],
  Cookies: [{ url: 'Cookie:anna@example.org/', accessed: AT }],
}

const HAS_EXPORT = spawnSync('esedbexport', ['-V']).status === 0

describe('WebCacheV01.dat', () => {
  it('says which pages were visited, by which account of Windows and when, what was downloaded and what is kept', async () => {
    const bytes = webCache(CONTAINERS, { inTwo: true })
    expect((await identifyContent(bytes)).mediaType).toBe(ESE)
    const read = recordsOf(ESE, bytes)
    expect(read.result).toEqual({ result: 'done' })
    const program = 'windows-webcache'
    const when = (ms: number) => ({ ns: `${ms}000000`, resolution: '100ns', zone: 'utc' })
    const page = (url: string, ms = AT, more: object = {}) => ({
      what: { code: 'page-visited', params: { program, url, ...more } },
      person: 'anna',
      when: when(ms),
      status: 'live',
    })
    expect(read.records).toMatchObject([
      page('https://example.org/lake', AT, { times: 3 }),
      page(LONG, AT + 1000),
      { ...page('https://example.org/gone', AT + 2000), status: 'deleted' },
      page('https://example.org/lake'),
      {
        what: {
          code: 'cached',
          params: { program, path: 'a[1].jpg', url: 'https://example.org/a.jpg', sizeBytes: 77 },
        },
        person: null,
        when: when(AT),
        whenKind: 'accessed',
        moreTimes: [
          { kind: 'created', when: when(AT - 1000) },
          { kind: 'modified', when: when(AT - 2000) },
        ],
      },
      {
        what: {
          code: 'download',
          params: {
            program,
            path: 'C:\\Users\\anna\\Downloads\\map.zip',
            url: 'https://example.org/map.zip',
            referrer: 'https://example.org/',
          },
        },
        direction: null,
        when: when(AT),
        moreTimes: [{ kind: 'created' }, { kind: 'modified' }],
      },
    ])
    // Cookies are not read.
    expect(read.findings).toContainEqual({
      kind: 'attribute',
      code: 'tables-not-read',
      params: { tables: 1 },
    })
  })

  it('that was not closed says that its logs may hold more', () => {
    const said = (isClean: boolean) =>
      recordsOf(ESE, webCache(CONTAINERS, { isClean })).findings.some(
        (one) => one.code === 'database-not-closed',
      )
    expect([said(true), said(false)]).toEqual([false, true])
    const outcome = (isClean: boolean) => recordsOf(ESE, webCache(CONTAINERS, { isClean })).result
    expect([outcome(true), outcome(false)]).toMatchObject([
      { result: 'done' },
      { result: 'done-with-warnings', detail: { code: 'log-not-read' } },
    ])
  })

  it('loses a damaged page alone, and says where it stands', () => {
    const bytes = webCache(CONTAINERS, { inTwo: true })
    // The first of the two pages below the root of the first table of pages.
    const page = bytes.indexOf(Buffer.from('example.org/lake', 'utf16le'))
    const at = page - (page % 32_768)
    bytes.writeUInt32LE(999, at + 24)
    const read = recordsOf(ESE, bytes)
    expect(read.records.map(({ what }) => what.code)).toEqual([
      'page-visited',
      'page-visited',
      'cached',
      'download',
    ])
    expect(read.result).toMatchObject({
      result: 'done-with-warnings',
      detail: { code: 'device-records-damaged', params: { records: 1, offset: at } },
    })
  })

  it('of another program is counted and not built', () => {
    const bytes = webCache({})
    for (let at = bytes.indexOf('Containers'); at >= 0; at = bytes.indexOf('Containers'))
      bytes.write('Something1', at)
    const read = recordsOf(ESE, bytes)
    expect(read.result).toEqual({ result: 'not-done', reason: 'not-built', detail: null })
    expect(read.findings).toContainEqual({
      kind: 'attribute',
      code: 'database-unknown',
      params: { tables: 1 },
    })
  })

  it('gives nothing that is not believed for 200 mutants of a tree of pages', () => {
    const bytes = webCache(CONTAINERS, { inTwo: true })
    // What counts in it is a hundredth: bytes that are not zero are changed.
    const used = [...bytes.keys()].filter((at) => bytes[at] !== 0)
    for (let i = 0; i < 200; i++) {
      const changed = Buffer.from(bytes)
      for (let k = 0; k < 8; k++) changed[used[(i * 7919 + k * 104_729) % used.length]!] = (i * 31 + k) & 0xff
      recordsOf(ESE, i % 4 === 0 ? mutant(changed, i) : changed)
    }
  })

  it.skipIf(!HAS_EXPORT)(
    'as it is written here is read by esedbexport too (Debian package libesedb-utils)',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'seized-ese-'))
      try {
        writeFileSync(join(folder, 'w.dat'), webCache(CONTAINERS, { inTwo: true }))
        const run = spawnSync('esedbexport', ['-t', join(folder, 'out'), join(folder, 'w.dat')], {
          encoding: 'utf8',
        })
        expect(run.stdout).toContain('MSIE WebCache')
        const out = join(folder, 'out.export')
        const rows = readdirSync(out).flatMap((name) =>
          /^Container_/.test(name) ? readFileSync(join(out, name), 'utf8').trim().split('\n').slice(1) : [],
        )
        const urls = rows.map((row) => row.split('\t')[6])
        const live = Object.values(CONTAINERS)
          .flat()
          .filter((one) => !('isDeleted' in one))
        expect(urls.toSorted()).toEqual(live.map(({ url }) => url).toSorted())
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  )
})

describe('packed values of the storage engine', () => {
  it('are letters of seven bits, one byte or two', () => {
    // "abcdefgh": eight letters in seven bytes, the last byte full (7 + 1 bits).
    const packed = Buffer.from('61f1985c369fd1', 'hex')
    expect(unpackedEse(Buffer.concat([Buffer.from([0x0f]), packed]))!.toString()).toBe('abcdefgh')
    expect(unpackedEse(Buffer.concat([Buffer.from([0x17]), packed]))!.toString('utf16le')).toBe('abcdefgh')
  })

  it('are LZ77 as [MS-XCA] 3.1 gives two examples', () => {
    const alphabet = Buffer.from('3f0000006162636465666768696a6b6c6d6e6f707172737475767778797a', 'hex')
    expect(unpackedLz77(alphabet, 26)!.toString()).toBe('abcdefghijklmnopqrstuvwxyz')
    const repeated = Buffer.from('ffffff1f61626317000fff2601', 'hex')
    expect(unpackedLz77(repeated, 300)!.toString()).toBe('abc'.repeat(100))
    expect(unpackedLz77(repeated.subarray(0, 8), 300)).toBeNull()
  })
})

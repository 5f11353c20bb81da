/** What Internet Explorer up to version 9 kept; public samples are compared in docs/reference/device.md. */
import { describe, expect, it } from 'vitest'
import { indexDat } from '../../../../fixtures/device/index-dat.ts'
import { identifyContent } from '../../../../src/formats/signatures/index.ts'
import { recordsOf } from '../records-of.ts'

const TYPE = 'application/x-ms-index-dat'
const AT = 1_600_000_000_000
const program = 'internet-explorer'
const FIRST = { url: 'Visited: anna@https://example.org/lake', accessed: AT, times: 4 }

describe('index.dat', () => {
  it('says which pages were visited by whom and when, and what lies in the cache; given-up blocks are deleted', async () => {
    const bytes = indexDat([
      FIRST,
      { url: ':2020091320200914: anna@https://example.org/hill', accessed: AT + 1000, isGivenUp: true },
      { url: ':2020091320200914: anna@:Host: example.org', accessed: AT },
      { url: 'Cookie:anna@example.org/', accessed: AT, fileName: 'anna@example[1].txt' },
      {
        url: 'https://example.org/a.jpg',
        accessed: AT + 2000,
        modified: AT - 5000,
        fileName: 'a[1].jpg',
        sizeBytes: 77,
      },
    ])
    expect((await identifyContent(bytes)).mediaType).toBe(TYPE)
    const read = recordsOf(TYPE, bytes)
    expect(read.result).toEqual({ result: 'done' })
    const when = (ms: number) => ({ ns: `${ms}000000`, resolution: '100ns', zone: 'utc' })
    expect(read.records).toMatchObject([
      {
        what: { code: 'page-visited', params: { program, url: 'https://example.org/lake', times: 4 } },
        person: 'anna',
        when: when(AT),
        status: 'live',
      },
      {
        what: { code: 'page-visited', params: { url: 'https://example.org/hill' } },
        when: when(AT + 1000),
        status: 'deleted',
      },
      {
        what: {
          code: 'cached',
          params: { program, path: 'AB12CD34/a[1].jpg', url: 'https://example.org/a.jpg', sizeBytes: 77 },
        },
        person: null,
        when: when(AT + 2000),
        whenKind: 'accessed',
        moreTimes: [{ kind: 'modified', when: when(AT - 5000) }],
      },
    ])
    expect(read.records).toHaveLength(3)
  })

  it('reads what was written over a given-up record, whose length says that it goes on there', () => {
    const given = {
      ...FIRST,
      url: `Visited: anna@https://example.org/${'hill/'.repeat(30)}`,
      isGivenUp: true,
    }
    const bytes = indexDat([given, { ...FIRST, url: 'Visited: anna@https://example.org/two' }])
    bytes.writeUInt32LE(bytes.readUInt32LE(0x4004) + 1, 0x4004)
    const { records, result } = recordsOf(TYPE, bytes)
    expect(result).toEqual({ result: 'done' })
    expect(records.map(({ what, status }) => [(what.params as { url: string }).url, status])).toEqual([
      [`https://example.org/${'hill/'.repeat(30)}`, 'deleted'],
      ['https://example.org/two', 'live'],
    ])
  })

  it('names no account when the record names none', () => {
    const { records } = recordsOf(TYPE, indexDat([{ ...FIRST, url: 'Visited: -@https://example.org/' }]))
    expect(records.map(({ person }) => person)).toEqual([null])
  })

  it('loses a damaged record alone, and says where it stood', () => {
    const bytes = indexDat([FIRST, { ...FIRST, url: 'Visited: anna@https://example.org/two' }])
    bytes.writeUInt32LE(0xffff, 0x4000 + 52)
    const read = recordsOf(TYPE, bytes)
    expect(read.records).toMatchObject([{ what: { params: { url: 'https://example.org/two' } } }])
    expect(read.result).toMatchObject({
      result: 'done-with-warnings',
      detail: { code: 'device-records-damaged', params: { records: 1, offset: 0x4000 } },
    })
  })

  it('of another version is not built', () => {
    const bytes = indexDat([FIRST])
    bytes.write('4.7', 24, 'latin1')
    expect(recordsOf(TYPE, bytes).result).toMatchObject({ result: 'not-done', reason: 'not-built' })
  })
})

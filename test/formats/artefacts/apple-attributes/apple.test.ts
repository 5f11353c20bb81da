/** What macOS keeps with a file beside its content, as attributes and in AppleDouble files. */
import { describe, expect, it } from 'vitest'
import {
  appleDouble,
  DOWNLOADED_DATE,
  doubleOfDownload,
  LAST_USED,
  QUARANTINE,
  WHERE_FROMS,
  WHERE_FROMS_OF_MAIL,
} from '../../../../fixtures/device/apple.ts'
import { identifyContent } from '../../../../src/formats/signatures/index.ts'
import { NotPropertyList, propertyList } from '../../../../src/formats/stores/property-list.ts'
import { mutant, recordsOf } from '../records-of.ts'

const DOUBLE = 'application/x-apple-double'
const at = (seconds: number, resolution = 's') => ({
  ns: `${seconds}`.padEnd(19, '0'),
  resolution,
  zone: 'utc',
})
const SOURCE = {
  program: 'macos-attributes',
  url: 'https://example.org/lake.jpg',
  referrer: 'https://example.org/',
}

describe('attributes of macOS', () => {
  it('each alone say where a file came from, by which program and when, and when it was last opened', async () => {
    const read = async (bytes: Buffer) => {
      const { mediaType } = await identifyContent(bytes)
      const [{ what, when, direction } = {} as never] = recordsOf(mediaType, bytes).records as never[]
      return { mediaType, what, when, direction }
    }
    expect(await read(WHERE_FROMS)).toEqual({
      mediaType: 'application/x-apple-where-froms',
      what: { code: 'download', params: SOURCE },
      when: null,
      direction: 'received',
    })
    expect(await read(QUARANTINE)).toEqual({
      mediaType: 'text/x-apple-quarantine',
      what: {
        code: 'download',
        params: { program: 'macos-attributes', app: 'Safari', state: 'flags 0083' },
      },
      when: at(1_600_000_001),
      direction: 'received',
    })
    expect(await read(LAST_USED)).toEqual({
      mediaType: 'application/x-apple-last-used',
      what: { code: 'last-used', params: { program: 'macos-attributes' } },
      when: { ...at(16_000_000_025, 'ns') },
      direction: null,
    })
  })

  it('stand together in an AppleDouble file, the date of the download with its address', () => {
    const read = recordsOf(DOUBLE, doubleOfDownload())
    expect(read.result).toEqual({ result: 'done' })
    expect(read.records.map(({ what, when }) => [what.params, when])).toEqual([
      [SOURCE, at(1_600_000_000, 'ms')],
      [{ program: 'macos-attributes', app: 'Safari', state: 'flags 0083' }, at(1_600_000_001)],
      [{ program: 'macos-attributes' }, at(16_000_000_025, 'ns')],
    ])
  })

  it('name the sender of a mail, from which a file was saved', () => {
    const double = appleDouble({ 'com.apple.metadata:kMDItemWhereFroms': WHERE_FROMS_OF_MAIL })
    expect(recordsOf(DOUBLE, double).records).toMatchObject([
      { person: 'A <a@example.org>', what: { params: { url: 'message:%3C1@example.org%3E' } } },
    ])
  })

  it('of a file without attributes give no record, and one that is damaged costs itself', () => {
    expect(recordsOf(DOUBLE, appleDouble({}))).toMatchObject({ result: { result: 'done' }, records: [] })
    const double = doubleOfDownload()
    const entry = double.indexOf('com.apple.quarantine') - 11
    double.writeUInt32BE(0x7fff_0000, entry)
    const read = recordsOf(DOUBLE, double)
    expect(read.records).toHaveLength(2)
    expect(read.result).toEqual({
      result: 'done-with-warnings',
      reason: 'partly-examined',
      detail: { code: 'device-records-damaged', params: { records: 1, offset: entry } },
    })
  })

  it('are told from other small contents and other lists', async () => {
    for (const [bytes, type] of [
      [DOWNLOADED_DATE, 'application/x-bplist'],
      [Buffer.from(BigInt64Array.of(1_600_000_002n, -1n).buffer), 'application/octet-stream'],
      [Buffer.from('0083;is a line;of something else;'), 'text/plain'],
    ] as const)
      expect((await identifyContent(bytes)).mediaType).toBe(type)
  })
})

describe('a binary property list', () => {
  it('that leads in a circle is none', () => {
    const circle = Buffer.concat([
      Buffer.from('bplist00'),
      Buffer.from([0xa1, 0x00]),
      Buffer.from([8]),
      Buffer.from(`000000000000${'01'.repeat(2)}${'00'.repeat(7)}01${'00'.repeat(15)}0a`, 'hex'),
    ])
    expect(() => propertyList(circle)).toThrow(NotPropertyList)
  })

  it('throws nothing else for 2,000 mutants', () => {
    for (let i = 0; i < 2000; i++) {
      try {
        propertyList(mutant([WHERE_FROMS, WHERE_FROMS_OF_MAIL, DOWNLOADED_DATE][i % 3]!, i))
      } catch (error) {
        expect(error).toBeInstanceOf(NotPropertyList)
      }
    }
  })
})

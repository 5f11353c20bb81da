/** What a registry hive and jump lists of Windows say was opened, run, typed and searched. */
import { describe, expect, it } from 'vitest'
import { below, destList, order, registryHive, userHive, wide } from '../../../../fixtures/device/registry.ts'
import { shortcutFile } from '../../../../fixtures/device/shortcut.ts'
import { compoundFile } from '../../../child/compound-files.ts'
import { recordsOf } from '../records-of.ts'

const HIVE = 'application/x-ft-windows-registry-hive'
const AT = 1_600_000_000
const NS = `${AT}000000000`

describe('a hive of a user', () => {
  it('has documents, words, addresses, programs and searches; the newest of a list alone has its time', () => {
    const { records, result } = recordsOf(HIVE, userHive(AT * 1000))
    expect(result).toEqual({ result: 'done' })
    expect(records.map(({ what, when, times }) => [what.code, what.params, when?.ns ?? null, times])).toEqual(
      [
        ['file-opened', { list: 'recent-docs', path: 'map.jpg' }, null, null],
        ['file-opened', { list: 'recent-docs', path: 'pond.jpg' }, NS, null],
        ['words-searched', { program: 'windows-explorer', words: 'ferry timetable' }, NS, null],
        ['program-run', { path: 'C:\\tools\\draw.exe', times: 5 }, NS, 5],
        [
          'page-visited',
          { program: 'internet-explorer', url: 'https://example.org/boats', typed: 1 },
          NS,
          null,
        ],
        ['words-searched', { program: 'ares', words: 'rowing songs' }, null, null],
      ],
    )
  })

  it('names what a dialogue opened by the last of its shell items, and nothing where that has no name', () => {
    const named = (name: string) => {
      const block = Buffer.alloc(46)
      block.writeUInt16LE(9, 2)
      Buffer.from('0400efbe', 'hex').copy(block, 4)
      return Buffer.concat([Buffer.alloc(12), block, wide(name)])
    }
    const item = (body: Buffer) => {
      const size = Buffer.alloc(2)
      size.writeUInt16LE(body.length + 2)
      return Buffer.concat([size, body])
    }
    const list = (...items: readonly Buffer[]) => Buffer.concat([...items.map(item), Buffer.alloc(2)])
    const hive = registryHive({
      name: 'ROOT',
      keys: [
        below(['Explorer', 'ComDlg32', 'OpenSavePidlMRU'], {
          name: 'jpg',
          writtenMs: AT * 1000,
          values: [
            { name: 'MRUListEx', type: 3, bytes: order(0, 1) },
            { name: '0', type: 3, bytes: list(named('Pictures'), named('lake.jpg')) },
            { name: '1', type: 3, bytes: list(named('Pictures'), Buffer.alloc(20)) },
          ],
        }),
      ],
    })
    expect(recordsOf(HIVE, hive).records).toMatchObject([
      { what: { code: 'file-opened', params: { list: 'open-save', path: 'lake.jpg' } }, when: { ns: NS } },
    ])
  })

  it('is damaged where a list is shorter than the key says', () => {
    const values = ['lake', 'pond', 'hill', 'tree', 'boat', 'rain'].map((word, i) => ({
      ...{ name: `url${i + 1}`, type: 1 },
      bytes: wide(`https://${word}.example/`),
    }))
    const made = registryHive({
      name: 'ROOT',
      keys: [below(['Internet Explorer'], { name: 'TypedURLs', values })],
    })
    const [inner, outer] = ['TypedURLs', 'Internet Explorer'].map((name) => made.indexOf(name) - 76)
    const changed = (change: (hive: Buffer) => void) => {
      const hive = Buffer.from(made)
      change(hive)
      const { records, result } = recordsOf(HIVE, hive)
      return [records.length, result.result]
    }
    const warned = 'done-with-warnings'
    expect(changed(() => {})).toEqual([6, 'done'])
    expect(changed((hive) => hive.writeInt32LE(-16, 4096 + hive.readUInt32LE(inner! + 40)))).toEqual([
      3,
      warned,
    ])
    expect(changed((hive) => hive.writeUInt32LE(0xffffffff, inner! + 40))).toEqual([0, warned])
    expect(changed((hive) => hive.writeUInt16LE(0, 4096 + hive.readUInt32LE(outer! + 28) + 6))).toEqual([
      0,
      warned,
    ])
  })

  it('whose keys go in a circle is read once round', () => {
    const hive = userHive(AT * 1000)
    const first = hive.indexOf('lf', 4096 + 32, 'latin1')
    // The list of some key points at the root.
    hive.writeUInt32LE(hive.readUInt32LE(36), first + 4)
    expect(recordsOf(HIVE, hive).records.length).toBeLessThanOrEqual(6)
  })
})

describe('jump lists', () => {
  it.each([1, 4])('of version %d have path, machine, times and when it was opened last', (version) => {
    const bytes = compoundFile({
      DestList: destList(['C:\\Users\\x\\map.jpg', 'E:\\pond.jpg'], AT * 1000, version),
    })
    expect(recordsOf('application/x-ms-jumplist', bytes).records).toMatchObject([
      {
        what: {
          code: 'file-opened',
          params: { list: 'jump-list', path: 'C:\\Users\\x\\map.jpg', machine: 'desk-pc' },
        },
        times: 3,
        when: { ns: NS },
      },
      { what: { params: { path: 'E:\\pond.jpg' } }, whenKind: 'opened', moreTimes: [] },
    ])
  })

  it('have the times of the file too that the shortcut of the entry stores; a damaged shortcut costs these alone', () => {
    const shortcut = shortcutFile('E:\\pond.jpg', AT * 1000 - 1000, {
      createdMs: AT * 1000 - 3000,
      writtenMs: AT * 1000 - 2000,
    })
    const list = destList(['C:\\a.jpg', 'E:\\pond.jpg', 'E:\\hill.jpg'], AT * 1000)
    const bytes = compoundFile({ DestList: list, 2: shortcut, 3: shortcut.subarray(0, 40) })
    const kinds = recordsOf('application/x-ms-jumplist', bytes).records.map(({ whenKind, moreTimes }) => [
      whenKind,
      moreTimes!.map(
        ({ kind, when }) => `${kind} ${(AT * 1000 - Number(BigInt(when!.ns) / 1_000_000n)) / 1000}`,
      ),
    ])
    expect(kinds).toEqual([
      ['opened', []],
      ['opened', ['accessed 1', 'written 2', 'created 3']],
      ['opened', []],
    ])
  })
})

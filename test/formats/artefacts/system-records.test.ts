/** What the systems themselves keep: prefetch files of Windows, and what Finder keeps of a folder. */
import { describe, expect, it } from 'vitest'
import { dsStore, type StoreRow } from '../../../fixtures/device/ds-store.ts'
import { packedPrefetch, prefetchFile } from '../../../fixtures/device/prefetch.ts'
import { identifyContent } from '../../../src/formats/signatures/index.ts'
import { recordsOf } from './records-of.ts'

async function read(bytes: Buffer) {
  return recordsOf((await identifyContent(bytes)).mediaType, bytes)
}

const VOLUME = '\\VOLUME{01d08edc0cbccaad-3e0d2d25}'
const PICTURE = `${VOLUME}\\USERS\\X\\LAKE.JPG`
/** More names than one chunk of a packed file holds. */
const LIBRARIES = Array.from({ length: 3000 }, (_, i) => `${VOLUME}\\WINDOWS\\SYSTEM32\\L${i}.DLL`)
const viewer = (version: 17 | 23 | 26 | 30 | 31) =>
  prefetchFile({
    version,
    program: 'VIEWER.EXE',
    runs: 7,
    times: version > 23 ? [1_600_000_000_000, 1_500_000_000_000] : [1_600_000_000_000],
    files: [`${VOLUME}\\P\\VIEWER.EXE`, ...LIBRARIES, PICTURE],
  })
const run = (ms: number, times?: number) => ({
  what: {
    code: 'program-run',
    params: { path: `${VOLUME}\\P\\VIEWER.EXE`, source: 'prefetch', ...(times && { times }) },
  },
  when: { ns: `${ms}000000` },
  times: times ?? null,
})

describe('a prefetch file', () => {
  it.each([17, 23, 26, 30, 31] as const)(
    'of version %d names the program, its runs, and pictures among what it opened, packed or not',
    async (version) => {
      const expected = [
        run(1_600_000_000_000, 7),
        ...(version > 23 ? [run(1_500_000_000_000)] : []),
        {
          what: { code: 'file-opened', params: { list: 'prefetch', path: PICTURE, app: 'VIEWER.EXE' } },
          when: null,
        },
      ]
      const plain = viewer(version)
      expect(plain.length).toBeGreaterThan(2 * 65_536)
      for (const bytes of [plain, packedPrefetch(plain)]) {
        const { records, result } = await read(bytes)
        expect(result).toEqual({ result: 'done' })
        expect(records).toMatchObject(expected)
      }
    },
  )

  it('that breaks off gives what stands before, and one of another version is not built', async () => {
    const packed = packedPrefetch(viewer(30))
    const cut = await read(packed.subarray(0, 100_000))
    expect(cut.records).toMatchObject([run(1_600_000_000_000, 7), run(1_500_000_000_000)])
    expect(cut.result).toMatchObject({
      result: 'done-with-warnings',
      detail: { code: 'device-records-damaged' },
    })
    const newer = viewer(30)
    newer.writeUInt32LE(40, 0)
    expect((await read(newer)).result).toMatchObject({ result: 'not-done', reason: 'not-built' })
  })
})

const place = (name: string): StoreRow => [name, 'Iloc', 'blob', 'x'.repeat(16)]
const item = (name: string, status = 'live') => ({ what: { code: 'folder-item', params: { name } }, status })

describe('what Finder keeps of a folder', () => {
  it('names what lay in it, once each, also in blocks that were given up', async () => {
    const rows = [
      place('hill.jpg'),
      ['hill.jpg', 'cmmt', 'ustr', 'a note'],
      place('lake.jpg'),
      place('sée.jpg'),
    ] as const
    const { records, result } = await read(dsStore(rows, [place('lake.jpg'), place('pond.jpg')]))
    expect(result).toEqual({ result: 'done' })
    expect(records).toMatchObject([
      item('hill.jpg'),
      item('lake.jpg'),
      item('sée.jpg'),
      item('pond.jpg', 'deleted'),
    ])
    const split = await read(dsStore(['a', 'b', 'c', 'd'].map(place), [], true))
    expect(split.records).toMatchObject(['a', 'b', 'c', 'd'].map((name) => item(name)))
  })

  it('says where what lies in the trash was put there from', async () => {
    const { records } = await read(
      dsStore([
        ['hill 2.jpg', 'ptbL', 'ustr', 'Users/x/Pictures/'],
        ['hill 2.jpg', 'ptbN', 'ustr', 'hill.jpg'],
        place('lake.jpg'),
      ]),
    )
    expect(records).toMatchObject([
      { what: { code: 'file-trashed', params: { path: 'Users/x/Pictures/hill.jpg', name: 'hill 2.jpg' } } },
      item('lake.jpg'),
    ])
  })

  it('that is damaged gives its names, and does not go in circles', async () => {
    const whole = dsStore(['a', 'b', 'c', 'd'].map(place), [], true)
    const circle = Buffer.from(whole)
    // The root's last child is the root.
    circle.writeUInt32BE(2, 4 + 4096 * 2)
    const { records, result } = await read(circle)
    // The last leaf is not reached; nothing says that it was given up.
    expect(records).toMatchObject([item('a'), item('b'), item('c'), item('d')])
    expect(result).toMatchObject({ result: 'done-with-warnings' })
  })
})

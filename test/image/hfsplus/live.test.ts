import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { CONTENTS, everything, items, PRIVATE_FILES } from '../../../fixtures/hfs-plus/everything.ts'
import { type MadeItem, makeHfsPlus } from '../../../fixtures/hfs-plus/volume.ts'
import { noise } from '../../../fixtures/pictures.ts'
import type { VolumeEntry } from '../../../src/contracts/image.ts'
import { signatureOf } from '../../../src/formats/image/volume/content-of.ts'
import { bytesAccountedFor, bytesOf, type Listing, listedMedium, memoryMedium, pathOf } from '../volume.ts'

const volume = everything()
const listing = listedMedium(memoryMedium(volume.bytes))
const live = listing.entries.filter(({ status }) => status === 'live')

const nameOf = (entry: VolumeEntry): string =>
  entry.stream === null ? pathOf(entry) : `${pathOf(entry)}:${entry.stream}`

function entry(name: string, { entries }: Pick<Listing, 'entries'> = listing): VolumeEntry {
  const found = entries.filter((one) => nameOf(one) === name)
  if (found.length !== 1) throw new Error(`${found.length} entries are called ${name}`)
  return found[0] as VolumeEntry
}

describe('a volume of HFS+', () => {
  it('gives every live file with the content that was written, and a class to every byte', () => {
    expect([listing.system.kind, listing.system.label, listing.system.problems()]).toEqual([
      'hfsplus',
      'Lake',
      [],
    ])
    const removed = new Set(items().flatMap(({ path, removed }) => (removed ? [path] : [])))
    const written = [...CONTENTS].filter(([path]) =>
      /^(.*\/)?name of file|^(scattered|beside|a:b)/.test(path),
    )
    expect(written.length).toBeGreaterThan(100)
    for (const [path, bytes] of written) {
      if (removed.has(path)) continue
      expect(bytesOf(listing.medium, entry(path)).equals(bytes), path).toBe(true)
    }
    const { classes, free, volume: size, unallocated } = bytesAccountedFor(listing)
    expect([classes, free]).toEqual([size, unallocated])
    expect(listing.system.classes().bad).toBe(0)
  })

  it('gives resource forks and extended attributes as streams of their file', () => {
    const streams = live.filter(({ stream }) => stream !== null).map(nameOf)
    expect(streams.sort()).toEqual([
      'beside:com.apple.ResourceFork',
      'beside:user.large',
      'beside:user.small',
      'not known:com.apple.decmpfs',
    ])
  })

  it('names one content by each of its hard links, and counts it once', () => {
    for (const path of ['hard link', 'docs/hard link']) {
      const link = entry(path)
      expect([link.record, link.links, link.status]).toEqual([
        volume.idOf('\0\0\0\0HFS+ Private Data/iNode77'),
        2,
        'live',
      ])
      expect(bytesOf(listing.medium, link)).toEqual(CONTENTS.get('hard link'))
    }
    expect(live.map(nameOf).filter((path) => path.includes('iNode77'))).toEqual([])
  })

  it('lists what a hard link led to once none does', () => {
    const { entries, medium, system } = listedMedium(
      memoryMedium(
        makeHfsPlus([{ path: `${PRIVATE_FILES}/iNode9`, data: noise(1, 100) }, { path: 'other' }]).bytes,
      ),
    )
    const left = entry('␀␀␀␀HFS+ Private Data/iNode9', { entries })
    expect([left.status, left.notes, system.problems()]).toEqual(['live', ['no-link-left'], []])
    expect(bytesOf(medium, left)).toEqual(noise(1, 100))
  })

  it('names a folder of two names, whose files stand where it lies', () => {
    expect(entry('folder of two names')).toMatchObject({ kind: 'directory', notes: ['folder-hard-link'] })
    expect(bytesOf(listing.medium, entry('.HFS+ Private Directory Data\r/dir_88/inside'))).toEqual(
      CONTENTS.get('inside'),
    )
  })

  it('reads what macOS compressed, and says what it cannot', () => {
    for (const path of ['words', 'more words']) {
      expect(entry(path).notes).toEqual(['compressed'])
      expect(bytesOf(listing.medium, entry(path))).toEqual(CONTENTS.get(path))
    }
    expect(entry('not known')).toMatchObject({
      sizeBytes: 10,
      place: { kind: 'none', reason: 'not-built', detail: 'decmpfs-13' },
    })
  })

  it('gives names as they are stored, lone surrogates and all, and a slash as the colon that macOS shows', () => {
    const odd = live.find(({ path }) => path.at(-1)?.indexOf('e\u0301') === 0)
    expect(odd?.path.at(-1)).toEqual(
      Buffer.concat([Buffer.from('e\u0301 \u{1f4f7} '), Buffer.from([0xed, 0xa0, 0x80])]),
    )
    expect(entry('a:b').kind).toBe('file')
    expect(live.map(nameOf)).toContain('␀␀␀␀HFS+ Private Data')
  })

  it('gives kinds, owners and times', () => {
    expect(entry('leads')).toMatchObject({
      kind: 'symlink',
      linkTarget: Buffer.from('docs/deep'),
      mode: 0o120755,
    })
    expect(entry('docs')).toMatchObject({ kind: 'directory', uid: 501, gid: 20 })
    const { times } = entry('scattered')
    expect([times.zone, times.bornNs, times.modifiedNs]).toEqual([
      'utc',
      1_599_122_000n * 10n ** 9n,
      1_599_122_000n * 10n ** 9n,
    ])
  })
})

describe('other forms', () => {
  const some: readonly MadeItem[] = [
    { path: 'a/b', data: noise(1, 10_000) },
    { path: 'c', data: noise(2, 700), resource: noise(3, 60) },
  ]
  const contents = (bytes: Buffer) => {
    const { entries, medium, system } = listedMedium(memoryMedium(bytes))
    const files = entries.filter(({ kind }) => kind === 'file')
    return [
      system.kind,
      system.problems(),
      files.map((one) => [nameOf(one), hash('md5', bytesOf(medium, one))]),
    ]
  }
  const expected = (kind: string) => [
    kind,
    [],
    [
      ['c', hash('md5', noise(2, 700))],
      ['c:com.apple.ResourceFork', hash('md5', noise(3, 60))],
      ['a/b', hash('md5', noise(1, 10_000))],
    ],
  ]

  it.each([
    ['HFSX', { kind: 'HX' }, 'hfsx'],
    ['blocks of 512 bytes', { blockBytes: 512, nodeBytes: 512, blocks: 2048 }, 'hfsplus'],
    ['nodes of 8 KiB', { nodeBytes: 8192 }, 'hfsplus'],
    ['nodes of 512 bytes', { nodeBytes: 512 }, 'hfsplus'],
  ] as const)('%s', (_, form, kind) => {
    expect(contents(makeHfsPlus(some, form).bytes)).toEqual(expected(kind))
  })

  it('is read inside a volume of HFS that is wrapped around it', () => {
    const { bytes } = makeHfsPlus(some, { blocks: 64 })
    // 16 sectors, then blocks of 4 KiB, of which the third is the first of the volume.
    const wrapped = Buffer.alloc(16 * 512 + 2 * 4096 + bytes.length + 4096)
    wrapped.write('BD', 1024, 'latin1')
    wrapped.writeUInt32BE(4096, 1024 + 20)
    wrapped.writeUInt16BE(16, 1024 + 28)
    wrapped.write('H+', 1024 + 124, 'latin1')
    wrapped.writeUInt16BE(2, 1024 + 126)
    wrapped.writeUInt16BE(64, 1024 + 128)
    bytes.copy(wrapped, 16 * 512 + 2 * 4096)
    expect(contents(wrapped)).toEqual(expected('hfsplus'))
    expect(signatureOf(memoryMedium(wrapped))).toBe('hfsplus')
    const again = listedMedium(memoryMedium(wrapped))
    const { classes, free, volume: size, unallocated } = bytesAccountedFor(again)
    expect([classes, free]).toEqual([size, unallocated])
  })
})

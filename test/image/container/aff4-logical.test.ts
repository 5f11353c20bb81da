import { describe, expect, it } from 'vitest'
import type { OpenImage, VolumeEntry } from '../../../src/contracts/image.ts'
import { openImage } from '../../../src/formats/image/container/index.ts'
import { contentOf } from '../../../src/formats/image/content/content.ts'
import { aff4Logical, type LogicalFile } from './aff4-logical-writer.ts'
import { allOf, bytesMedium, diskBytes } from './helpers.ts'

const disk = diskBytes(12)
const opened = (bytes: Buffer): OpenImage => openImage([{ name: 'a.aff4', medium: bytesMedium(bytes) }])
const pathOf = ({ path }: VolumeEntry): string => path.map((name) => name.toString('utf8')).join('/')

function contents(image: OpenImage): Map<string, Buffer | string> {
  const found = new Map<string, Buffer | string>()
  for (const entry of image.logical?.entries() ?? []) {
    const { place, sizeBytes } = entry
    found.set(
      pathOf(entry),
      place.kind === 'none'
        ? `${place.reason} ${place.detail}`.trim()
        : allOf(contentOf(image.medium, place, sizeBytes)),
    )
  }
  return found
}

const files: readonly LogicalFile[] = [
  { path: '/DCIM', data: Buffer.alloc(0), how: 'folder' },
  { path: '/DCIM/žiema.jpg', data: disk.subarray(0, 5000), how: 'deflate' },
  { path: './with space "and quotes".txt', data: Buffer.from('neutral text'), how: 'stored' },
  { path: 'C:\\犬\\ネコ.txt', data: disk.subarray(100, 40_000), how: 'deflate' },
  { path: '\\\\server\\share\\a.bin', data: disk.subarray(7, 300_000), how: 'stream' },
  { path: '/shared/one.bin', data: disk.subarray(0, 100_000), how: 'blocks' },
  { path: '/shared/two.bin', data: disk.subarray(0, 65_536), how: 'blocks' },
  { path: '/empty', data: Buffer.alloc(0), how: 'deflate' },
  { path: '/two\nlines', data: Buffer.from('two'), how: 'stored' },
]

describe('a logical AFF4 image', () => {
  it('lists its files with contents, times and stated digests, however each is stored', () => {
    const image = opened(aff4Logical(files))
    expect(image.format).toBe('aff4-logical')
    expect(image.stated).toContainEqual({ name: 'examiner', value: 'A. Example' })
    const found = contents(image)
    expect([...found.keys()]).toEqual([
      'DCIM',
      'DCIM/žiema.jpg',
      'with space "and quotes".txt',
      'C:/犬/ネコ.txt',
      'server/share/a.bin',
      'shared/one.bin',
      'shared/two.bin',
      'empty',
      'two\nlines',
    ])
    for (const [index, content] of [...found.values()].entries()) {
      const { how, data } = files[index]!
      if (how === 'folder') expect(content).toBe('directory')
      else expect(data.equals(content as Buffer)).toBe(true)
    }
    expect(image.logical?.problems()).toEqual([])
    expect(image.lacks?.()).toEqual([])
    const classes = image.logical!.classes()
    expect(classes.metadata + classes.allocated).toBe(image.medium.sizeBytes)

    const picture = [...image.logical!.entries()].find((entry) => pathOf(entry) === 'DCIM/žiema.jpg')
    expect(picture).toMatchObject({
      status: 'live',
      times: { modifiedNs: 1_537_155_740_250_000_000n, bornNs: 1_537_155_740_000_000_000n, zone: 'utc' },
    })
    expect(picture?.statedHashes?.map(({ algorithm }) => algorithm)).toEqual(['md5', 'sha1'])
  })

  it('says of each file why it is not read, and reads the others', () => {
    const whole = aff4Logical(files)
    const lacking = (from: string, to: string) =>
      opened(Buffer.from(whole.toString('latin1').replaceAll(from, to), 'latin1'))
    const noBevy = lacking('share/a.bin/00000001', 'share/a.bin/0000000x')
    const [gone] = noBevy.lacks!()
    expect(gone).toMatchObject({ length: 131_072, kind: 'damaged', cause: 'cut' })
    const noMap = contents(lacking('shared/one.bin/map', 'shared/one.bin/mop'))
    expect(noMap.get('shared/one.bin')).toBe('damaged segment-missing')
    expect(noMap.get('shared/two.bin')).toEqual(disk.subarray(0, 65_536))

    const other = files.map((file) =>
      file.path === '/empty' ? { ...file, path: '/../../etc/passwd' } : file,
    )
    expect([...contents(opened(aff4Logical(other))).keys()]).toContain('../../etc/passwd')
  })

  it('with the content of a member changed is damaged there, by the checksum of the archive', () => {
    const bytes = aff4Logical(files)
    bytes[bytes.indexOf('neutral text')]! ^= 1
    const image = opened(bytes)
    const entry = [...image.logical!.entries()].find((one) => pathOf(one).startsWith('with space'))!
    if (entry.place.kind === 'none') throw new Error('no place')
    const content = contentOf(image.medium, entry.place, entry.sizeBytes)
    allOf(content)
    expect(content.damageIn(0, entry.sizeBytes)).toHaveLength(1)
  })

  it('that is encrypted is refused by this name; one that states a petabyte costs one file', () => {
    const secret = aff4Logical([], '<aff4://secret> a aff4:EncryptedStream ; aff4:size 12 .')
    expect(() => opened(secret)).toThrow(/is encrypted/)
    const huge: LogicalFile = { path: '/huge', data: disk.subarray(0, 70_000), how: 'stream' }
    const says = `aff4:size ${2 ** 50} ;`
    const found = contents(
      opened(aff4Logical([{ ...huge, says }, ...files.filter(({ how }) => how !== 'folder')])),
    )
    expect(found.get('huge')).toMatch(/damaged/)
    expect(found.get('two\nlines')).toEqual(Buffer.from('two'))
  })

  it('with one statement for two files lists one, and with a long literal that never ends lists what is before it', () => {
    const twice = aff4Logical([files[1]!, { ...files[1]!, path: '//DCIM/žiema.jpg' }])
    expect(contents(opened(twice)).size).toBe(1)
    const endless = aff4Logical(files, `<aff4://x> aff4:notes """ ${'"" <'.repeat(50_000)}`)
    expect(contents(opened(endless)).size).toBe(files.length)
  })
})

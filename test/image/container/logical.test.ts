import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { OpenImage, VolumeEntry } from '../../../src/contracts/image.ts'
import { openImage } from '../../../src/formats/image/container/index.ts'
import { contentOf } from '../../../src/formats/image/content/content.ts'
import { allOf, bytesMedium, diskBytes, verifiedImage } from './helpers.ts'
import { ad1, ewf2, l01, listOf } from './writers.ts'

const disk = diskBytes(12)

const opened = (name: string, bytes: Buffer): OpenImage => openImage([{ name, medium: bytesMedium(bytes) }])

const pathOf = ({ path, stream }: VolumeEntry): string =>
  `${path.map((name) => name.toString('utf8')).join('/')}${stream ? `:${stream}` : ''}`

function contents(image: OpenImage): Map<string, Buffer | string> {
  const found = new Map<string, Buffer | string>()
  for (const entry of image.logical?.entries() ?? []) {
    const { place, sizeBytes } = entry
    found.set(
      pathOf(entry),
      place.kind === 'none' ? place.reason : allOf(contentOf(image.medium, place, sizeBytes)),
    )
  }
  return found
}

const files = listOf(disk.length, [
  {
    name: 'DCIM',
    children: [
      {
        name: 'žiema.jpg',
        cells: {
          ls: '5000',
          be: '2 100 800 8000 b88',
          wr: '1773137472',
          cr: '1773137000',
          ha: 'ABCDEF0123456789ABCDEF0123456789',
          id: '77',
        },
      },
      { name: 'žiema.jpg·Zone.Identifier', cells: { ls: '26', be: '1 10 1a', opr: String(0x2000) } },
      { name: 'empty', cells: { ls: '0', be: '1 0 1' } },
      {
        name: 'sub',
        children: [{ name: 'gone.txt', cells: { ls: '100', be: '1 20 64', opr: String(0x80) } }],
      },
    ],
  },
  { name: 'twice', cells: { ls: '5000', be: '1 7 1', du: '256' } },
  { name: 'holes', cells: { ls: '70000', be: '1 0 1', opr: String(0x04000000) } },
  { name: 'a/b', cells: { ls: '10', be: '1 8000 a' } },
])

describe.each([
  ['L01', 'ewf-l01', l01(disk, files)],
  ['Lx01', 'ewf-lx01', ewf2(disk, files)],
] as const)('a logical image of EnCase (%s)', (_, format, bytes) => {
  it('lists its files with contents, streams, what was deleted, and what is stated of them', () => {
    const image = opened(`out.${format.slice(4)}`, bytes)
    expect([image.format, image.medium.sizeBytes]).toEqual([format, disk.length])
    expect(allOf(image.medium).equals(disk)).toBe(true)
    const found = contents(image)
    expect([...found.keys()]).toEqual([
      'DCIM',
      'DCIM/žiema.jpg',
      'DCIM/žiema.jpg:Zone.Identifier',
      'DCIM/empty',
      'DCIM/sub',
      'DCIM/sub/gone.txt',
      'twice',
      'holes',
      'a\ufffdb',
    ])
    expect(found.get('DCIM/žiema.jpg')).toEqual(
      Buffer.concat([disk.subarray(0x100, 0x900), disk.subarray(0x8000, 0x8000 + 0xb88)]),
    )
    expect(found.get('DCIM/žiema.jpg:Zone.Identifier')).toEqual(disk.subarray(0x10, 0x2a))
    expect(found.get('DCIM/empty')).toEqual(Buffer.alloc(0))
    expect(found.get('twice')).toEqual(disk.subarray(256, 5256))
    expect(found.get('holes')).toEqual(Buffer.alloc(70_000))
    expect(found.get('DCIM')).toBe('directory')
    expect(image.logical?.problems()).toEqual([])

    const entries = [...(opened('out.x', bytes).logical?.entries() ?? [])]
    const picture = entries.find((entry) => pathOf(entry) === 'DCIM/žiema.jpg')
    expect(picture).toMatchObject({
      status: 'live',
      record: 77,
      times: { modifiedNs: 1_773_137_472_000_000_000n, zone: 'utc' },
      statedHashes: [{ algorithm: 'md5', hex: 'abcdef0123456789abcdef0123456789' }],
    })
    expect(entries.find((entry) => pathOf(entry).endsWith('gone.txt'))?.status).toBe('deleted')
    expect(entries.find((entry) => pathOf(entry) === 'a\ufffdb')?.notes).toEqual(['name-altered'])
  })
})

describe('a logical image of FTK Imager', () => {
  const tree = [
    { name: 'doc.txt', data: Buffer.from('neutral text') },
    {
      name: 'DCIM',
      children: [
        { name: 'big.bin', data: disk.subarray(196_608, 296_608) },
        { name: 'none', data: Buffer.alloc(0) },
      ],
    },
    { name: 'last', data: disk.subarray(1000, 1010) },
  ]

  it('lists its files with contents, times and stated digests, in one segment or several', () => {
    for (const segments of [ad1(tree), ad1(tree, 3_000)]) {
      const image = openImage(
        segments.map((bytes, index) => ({ name: `a.ad${index + 1}`, medium: bytesMedium(bytes) })),
      )
      const found = contents(image)
      expect([...found.keys()]).toEqual(['doc.txt', 'DCIM', 'DCIM/big.bin', 'DCIM/none', 'last'])
      expect(found.get('doc.txt')).toEqual(Buffer.from('neutral text'))
      expect((found.get('DCIM/big.bin') as Buffer).equals(disk.subarray(196_608, 296_608))).toBe(true)
      expect(found.get('DCIM/none')).toEqual(Buffer.alloc(0))
      expect(found.get('last')).toEqual(disk.subarray(1000, 1010))
      expect(image.stated).toEqual([{ name: 'source', value: 'E:\\Nuotraukos' }])
      expect(image.logical?.problems()).toEqual([])
    }
    const [entry] = opened('a.ad1', ad1(tree)[0]!).logical?.entries() ?? []
    expect(entry?.times.modifiedNs).toBe(BigInt(Date.UTC(2026, 2, 10, 10, 11, 12, 500)) * 1_000_000n)
    expect(entry?.statedHashes?.[0]?.algorithm).toBe('md5')
  })

  it('with a segment missing is refused; a chunk that is damaged costs what lies in it', () => {
    const segments = ad1(tree, 3_000)
    expect(() => opened('a.ad1', segments[0]!)).toThrow(/says that there are/)
    const [bytes] = ad1(tree)
    bytes![bytes!.indexOf(Buffer.from('big.bin')) + 2000]! ^= 1
    const image = opened('a.ad1', bytes!)
    for (const { path, place, sizeBytes } of image.logical?.entries() ?? []) {
      if (place.kind === 'none' || path.at(-1)?.toString() !== 'big.bin') continue
      const content = contentOf(image.medium, place, sizeBytes)
      const read = allOf(content)
      const damage = content.damageIn(0, sizeBytes)
      expect(damage).toHaveLength(1)
      expect(damage[0]).toMatchObject({ offset: 0, length: 32768, kind: 'damaged' })
      expect(read.subarray(32768).equals(disk.subarray(229_376, 296_608))).toBe(true)
    }
  })
})

describe('an Ex01', () => {
  const bytes = ewf2(disk)

  it('states its case and its hashes, and names sectors that could not be acquired', () => {
    const image = opened('a.Ex01', bytes)
    const stated = new Map(image.stated.map(({ name, value }) => [name, value]))
    expect(stated.get('description')).toBe('Kaunas ąč')
    expect(stated.get('case-number')).toBe('case-7')
    expect(stated.get('serial-number')).toBe('SN-1')
    expect(stated.get('acquired')).toBe('2014-06-02T19:10:07.000Z')
    expect(verifiedImage(image).hashes.map(({ algorithm, agrees }) => [algorithm, agrees])).toEqual([
      ['md5', true],
      ['sha1', true],
    ])
    expect(image.medium.damageIn(0, disk.length)).toEqual([
      { offset: 9 * 512, length: 1024, kind: 'unreadable-at-acquisition', cause: 'acquisition-error' },
    ])
  })

  it('is read when compressed with bzip2, and refused with an unknown method', () => {
    const bzip2 = (bytes: Buffer) => execFileSync('bzip2', ['-c'], { input: bytes })
    const packed = ewf2(disk, undefined, bzip2, 2)
    const image = opened('a.Ex01', packed)
    expect(image.stated.find(({ name }) => name === 'description')?.value).toBe('Kaunas ąč')
    expect(allOf(image.medium).equals(allOf(opened('a.Ex01', bytes).medium))).toBe(true)
    const marks = Buffer.from('BZh91AY&SY')
    const last = packed.lastIndexOf(marks)
    const damaged = Buffer.from(packed)
    damaged[last + 40]! ^= 4
    const bad = opened('a.Ex01', damaged)
    allOf(bad.medium)
    const found = bad.medium.damageIn(0, disk.length).filter(({ kind }) => kind === 'damaged')
    expect(found.map(({ length }) => length <= 32768)).toEqual([true])
    expect(() => opened('a.Ex01', ewf2(disk, undefined, bzip2, 3))).toThrow('not read')
  })

  it('is read as far as it goes when its end is cut off', () => {
    const cut = opened('a.Ex01', bytes.subarray(0, bytes.length - 700))
    const read = allOf(cut.medium)
    expect(cut.remarks.map(({ code }) => code)).toEqual(['sections-end', 'image-cut'])
    const [damage] = cut.medium.damageIn(0, disk.length).filter(({ kind }) => kind === 'damaged')
    expect(damage).toEqual({
      offset: 7 * 32768,
      length: disk.length - 7 * 32768,
      kind: 'damaged',
      cause: 'cut',
    })
    expect(read.subarray(0, damage!.offset).equals(disk.subarray(0, damage!.offset))).toBe(true)
  })
})

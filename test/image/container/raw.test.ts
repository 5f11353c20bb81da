import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openImage } from '../../../src/formats/image/container/index.ts'
import { ImageRefused } from '../../../src/wire/image-refused.ts'
import { allOf, bytesMedium, diskBytes, folder, withImage } from './helpers.ts'

const disk = diskBytes(4)

function split(endings: readonly string[], sizes: readonly number[]): string {
  const at = folder()
  let from = 0
  for (const [index, ending] of endings.entries()) {
    const to = index === endings.length - 1 ? disk.length : from + sizes[index]!
    writeFileSync(join(at, `LTU-07.${ending}`), disk.subarray(from, to))
    from = to
  }
  return join(at, `LTU-07.${endings[0]}`)
}

function refusal(act: () => unknown): ImageRefused {
  try {
    act()
  } catch (error) {
    if (error instanceof ImageRefused) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a raw image', () => {
  it('is its bytes, whatever its ending', () => {
    for (const ending of ['dd', 'raw', 'img', '001', 'bin', '042']) {
      withImage(split([ending], []), (image) => {
        expect(image.format).toBe('raw')
        expect(allOf(image.medium).equals(disk)).toBe(true)
        expect(image.remarks).toEqual([])
      })
    }
  })

  it('says when it does not end at a sector', () => {
    const image = openImage([{ name: 'a.dd', medium: bytesMedium(disk.subarray(0, 1000)) }])
    expect(image.remarks).toEqual([{ code: 'part-of-a-sector-at-the-end', params: { bytes: 488 } }])
  })

  it('is refused under the name of a container, or with the signature of one that is not read', () => {
    expect(refusal(() => openImage([{ name: 'a.E01', medium: bytesMedium(disk) }])).code).toBe(
      'header-damaged',
    )
    expect(
      refusal(() => openImage([{ name: 'a.dd', medium: bytesMedium(Buffer.from('ADCRYPT\0 and more')) }]))
        .code,
    ).toBe('format-encrypted')
    expect(refusal(() => openImage([{ name: 'a.dmg', medium: bytesMedium(disk) }])).code).toBe(
      'header-damaged',
    )
    const begun = Buffer.from(disk)
    begun.writeUInt16BE(0x55aa, 510)
    expect(openImage([{ name: 'raw.dmg', medium: bytesMedium(begun) }]).format).toBe('raw')
    expect(openImage([{ name: 'disk-flat.vmdk', medium: bytesMedium(disk) }]).format).toBe('raw')
  })
})

describe('a split raw image', () => {
  it.each([
    ['001', '002', '003'],
    ['000', '001', '002'],
    ['01', '02', '03'],
    ['aa', 'ab', 'ac'],
    ['aaa', 'aab', 'aac'],
  ])('is joined from %s on', (...endings) => {
    withImage(split(endings, [50_176, 50_176]), (image) => {
      expect(image.format).toBe('split-raw')
      expect(allOf(image.medium).equals(disk)).toBe(true)
      const across = Buffer.alloc(1000)
      expect(image.medium.readInto(across, 50_000)).toBe(1000)
      expect(across.equals(disk.subarray(50_000, 51_000))).toBe(true)
      expect(image.medium.damageIn(0, disk.length)).toEqual([])
    })
  })

  it('is refused by name when a segment in between is missing or another than the first is given', () => {
    const missing = refusal(() => withImage(split(['001', '003'], [50_176]), () => 0))
    expect([missing.code, missing.params.segment]).toEqual(['segment-missing', 'LTU-07.002'])
    const path = split(['001', '002'], [50_176])
    const second = refusal(() => withImage(path.replace('.001', '.002'), () => 0))
    expect([second.code, second.params.first]).toEqual(['segment-order', 'LTU-07.001'])
  })

  it('keeps bytes where they were behind a segment that is cut, and refuses when the size of segments is not known', () => {
    const parts = [0, 1, 2, 3].map((index) => disk.subarray(index * 30_000, (index + 1) * 30_000))
    parts[1] = parts[1]!.subarray(0, 20_000)
    const named = (list: readonly Buffer[]) =>
      list.map((bytes, index) => ({ name: `a.00${index + 1}`, medium: bytesMedium(bytes) }))
    const image = openImage(named(parts))
    const bytes = allOf(image.medium)
    expect(bytes.subarray(60_000).equals(disk.subarray(60_000, 120_000))).toBe(true)
    expect(bytes.subarray(50_000, 60_000).every((byte) => byte === 0)).toBe(true)
    expect(image.remarks).toContainEqual({
      code: 'segment-cut',
      params: { segment: 'a.002', missingBytes: 10_000 },
    })
    expect(image.medium.damageIn(0, 120_000)).toEqual([
      { offset: 50_000, length: 10_000, kind: 'damaged', cause: 'cut' },
    ])
    expect(image.medium.damageIn(55_000, 1000)).toEqual([
      { offset: 55_000, length: 1000, kind: 'damaged', cause: 'cut' },
    ])
    expect(image.medium.damageIn(60_000, 1000)).toEqual([])
    expect(refusal(() => openImage(named(parts.slice(1)))).params.segment).toBe('a.001')
    expect(refusal(() => openImage(named([parts[1]!, parts[0]!]))).code).toBe('segment-size')
  })
})

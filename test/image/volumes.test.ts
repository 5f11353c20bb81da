import { closeSync, fstatSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { VolumeRange } from '../../src/contracts/image.ts'
import { fileMedium } from '../../src/formats/image/content/file-medium.ts'
import { volumesOf } from '../../src/formats/image/volume/index.ts'
import { bytesMedium, folder, hasTool, randoms, run } from './container/helpers.ts'

const MIB = 1 << 20
const tools = ['sfdisk', 'sgdisk', 'mmls', 'mkfs.ext4', 'mkfs.fat'].every(hasTool)

function blank(sizeBytes: number): { at: string; path: string } {
  const at = folder()
  const path = join(at, 'disk.raw')
  writeFileSync(path, '')
  truncateSync(path, sizeBytes)
  return { at, path }
}

function listed(path: string): readonly VolumeRange[] {
  const fd = openSync(path, 'r')
  try {
    const { size } = fstatSync(fd)
    const ranges = volumesOf(fileMedium(fd, size))
    covers(ranges, size)
    return ranges
  } finally {
    closeSync(fd)
  }
}

function covers(ranges: readonly VolumeRange[], sizeBytes: number): void {
  let at = 0
  for (const range of ranges.filter(({ length }) => length > 0)) {
    expect(range.offset).toBe(at)
    at += range.length
  }
  expect(at).toBe(sizeBytes)
  const volumes = volumesIn(ranges)
  // Those that a table names come first.
  const inOrder = [...volumes].sort((a, b) => Number(a.scheme === 'lost') - Number(b.scheme === 'lost'))
  expect(inOrder.map(({ number }) => number)).toEqual(volumes.map((_, index) => index + 1))
}

const volumesIn = (ranges: readonly VolumeRange[]) => ranges.filter(({ kind }) => kind === 'volume')

/** Sectors of partitions as mmls has them. */
function mmls(path: string, at: string, type: string): [number, number][] {
  const rows = run('mmls', ['-t', type, path], at).matchAll(
    /^\d+:\s+\d{3}(?::\d{3})?\s+(\d+)\s+\d+\s+(\d+)/gm,
  )
  return [...rows].map(([, start, length]) => [Number(start) * 512, Number(length) * 512])
}

function script(command: string, path: string, input: string): void {
  run('sh', ['-c', `printf '%b' "$1" | ${command} "$2"`, 'sh', input, path], '/')
}

describe.skipIf(!tools)('volumes of a disk', () => {
  it('with an MBR are its primary and logical partitions, with gaps and tables between', () => {
    const { at, path } = blank(96 * MIB)
    script('sfdisk -q', path, 'label: dos\\n4M 20M 83\\n30M 60M 5\\n31M 10M 7\\n43M 12M c\\n60M 8M 82\\n')
    run('mkfs.ext4', ['-q', '-E', `offset=${5 * MIB}`, path, '16M'], at)
    const ranges = listed(path)
    expect(
      volumesIn(ranges)
        .map(({ offset, length }) => [offset, length])
        .sort(),
    ).toEqual(mmls(path, at, 'dos').sort())
    expect(volumesIn(ranges).map(({ scheme }) => scheme)).toEqual([
      'mbr',
      'mbr-logical',
      'mbr-logical',
      'mbr-logical',
    ])
    expect(volumesIn(ranges).map(({ type }) => type)).toEqual(['83', '07', '0c', '82'])
    expect(ranges.filter(({ content }) => content === 'ebr')).toHaveLength(3)
    expect(ranges[0]).toMatchObject({ kind: 'table', content: 'mbr', length: 512 })
    expect(ranges[1]).toMatchObject({ kind: 'gap', content: 'empty' })
  })

  it('with a GPT are found in either copy, also on sectors of 4,096 bytes', () => {
    const { at, path } = blank(64 * MIB)
    run(
      'sgdisk',
      ['-n', '1:2048:+10M', '-t', '1:0700', '-c', '1:Nuotraukos', '-n', '2:0:+20M', '-t', '2:8300', path],
      at,
    )
    const expected = mmls(path, at, 'gpt')
    expect(expected).toHaveLength(2)
    const sound = listed(path)
    expect(volumesIn(sound).map(({ offset, length }) => [offset, length])).toEqual(expected)
    expect(volumesIn(sound)[0]).toMatchObject({
      scheme: 'gpt',
      name: 'Nuotraukos',
      type: 'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7',
    })
    expect(sound.filter(({ kind }) => kind === 'table').map(({ content }) => content)).toEqual([
      'mbr',
      'gpt',
      'gpt',
      'gpt',
      'gpt',
    ])

    const fd = openSync(path, 'r+')
    // One entry of the first copy, then its header: the second copy says the same.
    writeSync(fd, Buffer.from([1]), 0, 1, 1024 + 40)
    const second = listed(path)
    expect(volumesIn(second)).toEqual(volumesIn(sound))
    expect(second.filter(({ content }) => content === 'gpt-damaged')).toHaveLength(2)
    writeSync(fd, Buffer.alloc(512), 0, 512, 512)
    expect(volumesIn(listed(path))).toEqual(volumesIn(sound))
    writeSync(fd, Buffer.alloc(512), 0, 512, 64 * MIB - 512)
    expect(volumesIn(listed(path))).toEqual([])
    closeSync(fd)

    const large = blank(64 * MIB)
    script('sfdisk -q --sector-size 4096', large.path, 'label: gpt\\n4M 20M\\n')
    expect(volumesIn(listed(large.path))).toMatchObject([{ offset: 4 * MIB, length: 20 * MIB }])
  })

  it('hold what their signatures say', () => {
    const made: readonly [string, string, readonly string[], number][] = [
      ['ext', 'mkfs.ext4', ['-q', '-F'], 8],
      ['ext', 'mkfs.ext2', ['-q', '-F'], 4],
      ['ntfs', 'mkntfs', ['-q', '-F', '-Q'], 8],
      ['exfat', 'mkfs.exfat', [], 8],
      ['fat12', 'mkfs.fat', ['-F', '12'], 4],
      ['fat16', 'mkfs.fat', ['-F', '16'], 32],
      ['fat32', 'mkfs.fat', ['-F', '32'], 64],
      ['swap', 'mkswap', ['-q'], 8],
      ['xfs', 'mkfs.xfs', ['-q', '-f'], 300],
      ['btrfs', 'mkfs.btrfs', ['-q', '-f'], 128],
      ['f2fs', 'mkfs.f2fs', ['-q', '-f'], 64],
      ['hfsplus', 'mkfs.hfsplus', [], 16],
      ['udf', 'mkudffs', [], 8],
    ]
    for (const [content, tool, args, sizeMib] of made) {
      if (!hasTool(tool)) continue
      const { at, path } = blank(sizeMib * MIB)
      run(tool, [...args, path], at)
      expect(listed(path), tool).toMatchObject([{ kind: 'volume', scheme: 'whole', content, offset: 0 }])
    }
  })
})

describe('a disk without tools to make it', () => {
  it('that is empty, noise or neither is one volume, and says which', () => {
    const random = randoms(3)
    const noise = Buffer.alloc(MIB)
    for (let at = 0; at < noise.length; at += 4) noise.writeUInt32LE(random(), at)
    const text = Buffer.alloc(MIB, 'neutral text of no file system. ')
    const late = Buffer.alloc(MIB)
    late.fill('found where looked', MIB - 600)
    for (const [bytes, content] of [
      [Buffer.alloc(MIB), 'empty'],
      [noise, 'possibly-encrypted'],
      [text, 'unknown'],
      [late, 'unknown'],
    ] as const) {
      const ranges = volumesOf(bytesMedium(bytes))
      covers(ranges, MIB)
      expect(ranges).toMatchObject([{ kind: 'volume', scheme: 'whole', content }])
    }
    expect(volumesOf(bytesMedium(Buffer.alloc(0)))).toEqual([])
  })

  it('names what hides its content', () => {
    const signed = (text: string | Buffer, at: number) => {
      const bytes = Buffer.alloc(MIB)
      bytes.set(Buffer.from(text as string), at)
      return bytes
    }
    const core = signed('CS', 88)
    core[172] = 2
    for (const [bytes, content] of [
      [signed('-FVE-FS-', 3), 'bitlocker'],
      [signed(Buffer.from('LUKS\xba\xbe', 'latin1'), 0), 'luks'],
      [core, 'filevault'],
      [signed('LABELONE', 512), 'lvm2'],
      [signed(Buffer.from('fc4e2ba9', 'hex'), 4096), 'md-raid'],
      [signed(Buffer.from('fc4e2ba9', 'hex'), MIB - 65536), 'md-raid'],
      [signed('NXSB', 32), 'apfs'],
      [signed('_BHRfS_M', 65600), 'btrfs'],
      [signed('ReFS', 3), 'refs'],
      [signed('CD001', 32769), 'iso9660'],
    ] as const) {
      expect(volumesOf(bytesMedium(bytes)), content).toMatchObject([{ content }])
    }
  })

  it('with an Apple partition map shows its volumes', () => {
    const bytes = Buffer.alloc(MIB)
    bytes.write('ER')
    bytes.writeUInt16BE(512, 2)
    for (const [index, [type, name, start, count]] of (
      [
        ['Apple_partition_map', 'Apple', 1, 63],
        ['Apple_HFS', 'disk image', 64, 1000],
        ['Apple_Free', '', 1064, 984],
      ] as const
    ).entries()) {
      const at = 512 * (index + 1)
      bytes.write('PM', at)
      bytes.writeUInt32BE(3, at + 4)
      bytes.writeUInt32BE(start, at + 8)
      bytes.writeUInt32BE(count, at + 12)
      bytes.write(name, at + 16)
      bytes.write(type, at + 48)
    }
    const ranges = volumesOf(bytesMedium(bytes))
    covers(ranges, MIB)
    expect(volumesIn(ranges)).toMatchObject([
      { scheme: 'apm', type: 'Apple_HFS', name: 'disk image', offset: 32768, length: 512_000 },
    ])
  })

  it('whose logical partitions lead in a circle, overlap or leave the medium is still covered once', () => {
    const bytes = Buffer.alloc(MIB)
    const row = (record: number, index: number, type: number, start: number, sectors: number) => {
      bytes.writeUInt16LE(0xaa55, record * 512 + 510)
      bytes[record * 512 + 446 + index * 16 + 4] = type
      bytes.writeUInt32LE(start, record * 512 + 446 + index * 16 + 8)
      bytes.writeUInt32LE(sectors, record * 512 + 446 + index * 16 + 12)
    }
    row(0, 0, 0x83, 10, 400)
    row(0, 1, 0x05, 500, 1000)
    row(0, 2, 0x83, 300, 400)
    row(0, 3, 0x83, 1_000_000, 300)
    row(500, 0, 0x83, 10, 50)
    row(500, 1, 0x05, 100, 100)
    row(600, 0, 0x83, 10, 5_000_000)
    row(600, 1, 0x05, 0, 100)
    const ranges = volumesOf(bytesMedium(bytes))
    covers(ranges, MIB)
    expect(volumesIn(ranges).map(({ offset, length }) => [offset / 512, length / 512])).toEqual([
      [10, 400],
      [510, 50],
      [610, 1438],
      [1_000_000, 0],
    ])
    expect(volumesIn(ranges).at(-1)?.content).toBe('beyond-medium')
  })

  it('ends for any damage of its tables', () => {
    const disk = Buffer.alloc(MIB)
    const random = randoms(99)
    for (let mutant = 0; mutant < 500; mutant++) {
      const bytes = Buffer.from(disk)
      bytes.writeUInt16LE(0xaa55, 510)
      const scheme = mutant % 3
      if (scheme === 1) bytes.write('EFI PART', 512)
      if (scheme === 2) bytes.write('ER\x02\0', 0, 'latin1').valueOf()
      for (let sector = 0; sector < 40; sector++) {
        bytes.writeUInt16LE(0xaa55, sector * 512 + 510)
        for (let count = 0; count < 12; count++) {
          const at = sector * 512 + (random() % 512)
          bytes[at] = random() % 5 === 0 ? random() & 0xff : 0
        }
        bytes[sector * 512 + 450] = [5, 0x0f, 0x83, 0xee, 7][random() % 5]!
        bytes[sector * 512 + 454] = random() % 40
        bytes[sector * 512 + 459] = random() % 4
      }
      covers(volumesOf(bytesMedium(bytes)), MIB)
    }
  })
})

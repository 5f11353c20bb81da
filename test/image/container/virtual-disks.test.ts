import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openImage } from '../../../src/formats/image/container/index.ts'
import { crc32c } from '../../../src/formats/image/container/vhdx/crc32c.ts'
import { DamageLog } from '../../../src/formats/image/content/damage-log.ts'
import { zstdFrameBytes } from '../../../src/formats/image/content/zstd-frame.ts'
import { ImageRefused } from '../../../src/wire/image-refused.ts'
import { allOf, diskFile, filesOf, folder, hasTool, run, segmentsInMemory, withImage } from './helpers.ts'

function refusal(act: () => unknown): ImageRefused {
  try {
    act()
  } catch (error) {
    if (error instanceof ImageRefused) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe.skipIf(!hasTool('qemu-img'))('a virtual disk', () => {
  it('that holds only what differs from another is refused, and names it where it can', () => {
    const at = folder()
    diskFile(at, 8)
    for (const driver of ['qcow2', 'vmdk']) {
      run('qemu-img', ['convert', '-f', 'raw', '-O', driver, 'disk.raw', `base.${driver}`], at)
      run(
        'qemu-img',
        ['create', '-q', '-f', driver, '-b', `base.${driver}`, '-F', driver, `top.${driver}`],
        at,
      )
      expect(refusal(() => withImage(join(at, `top.${driver}`), () => 0)).code, driver).toBe('parent-missing')
    }
    // A VHD becomes a differencing one by its type; its parent's name stands in the header.
    run('qemu-img', ['convert', '-f', 'raw', '-O', 'vpc', 'disk.raw', 'base.vhd'], at)
    const bytes = readFileSync(join(at, 'base.vhd'))
    for (const footer of [0, bytes.length - 512]) {
      bytes.writeUInt32BE(4, footer + 60)
      bytes.writeUInt32BE(bytes.readUInt32BE(footer + 64) - 1, footer + 64)
    }
    bytes.set(Buffer.from('parent.vhd', 'utf16le').swap16(), 512 + 64)
    writeFileSync(join(at, 'top.vhd'), bytes)
    expect(refusal(() => withImage(join(at, 'top.vhd'), () => 0)).params).toMatchObject({
      parent: 'parent.vhd',
    })
  })

  it('that is encrypted is refused', () => {
    const at = folder()
    writeFileSync(join(at, 'key'), 'key of a test')
    run(
      'qemu-img',
      [
        'create',
        '-q',
        '-f',
        'qcow2',
        '--object',
        'secret,id=s,file=key',
        '-o',
        'encrypt.format=luks,encrypt.key-secret=s',
        'a.qcow2',
        '4M',
      ],
      at,
    )
    expect(refusal(() => withImage(join(at, 'a.qcow2'), () => 0)).code).toBe('format-encrypted')
  })

  it('in extents names the one that is missing, and never leaves its folder', () => {
    const at = folder()
    diskFile(at, 8)
    run(
      'qemu-img',
      ['convert', '-f', 'raw', '-O', 'vmdk', '-o', 'subformat=twoGbMaxExtentSparse', 'disk.raw', 'a.vmdk'],
      at,
    )
    const path = join(at, 'a.vmdk')
    expect(refusal(() => withImage(join(at, 'a-s001.vmdk'), () => 0)).code).toBe('segment-order')
    const text = readFileSync(path, 'utf8')
    rmSync(join(at, 'a-s001.vmdk'))
    expect(refusal(() => filesOf(path)).params).toEqual({ segment: 'a-s001.vmdk' })
    for (const name of ['../a-s001.vmdk', '/etc/hostname', 'C:\\disks\\a.vmdk', '..']) {
      writeFileSync(path, text.replace('a-s001.vmdk', name))
      expect(refusal(() => filesOf(path)).code, name).toBe('segment-outside')
    }
  })

  it('reads by the copy of a VHD footer when the end is cut, and says so', () => {
    const at = folder()
    const disk = diskFile(at, 8)
    run('qemu-img', ['convert', '-f', 'raw', '-O', 'vpc', '-o', 'force_size=on', 'disk.raw', 'a.vhd'], at)
    const bytes = readFileSync(join(at, 'a.vhd'))
    writeFileSync(join(at, 'a.vhd'), bytes.subarray(0, 0x600 + 0x400 + 512 + 100_000))
    withImage(join(at, 'a.vhd'), (image) => {
      const lacks = image.lacks!()
      const read = allOf(image.medium)
      expect(image.remarks).toEqual([{ code: 'image-cut', params: { segment: 'a.vhd' } }])
      const [damage] = image.medium.damageIn(0, disk.length)
      expect(lacks).toEqual([damage])
      expect(damage).toMatchObject({ kind: 'damaged', cause: 'cut', length: disk.length - damage!.offset })
      expect(damage!.offset).toBeGreaterThan(90_000)
      expect(read.subarray(0, damage!.offset).equals(disk.subarray(0, damage!.offset))).toBe(true)
      expect(read.subarray(damage!.offset).every((byte) => byte === 0)).toBe(true)
    })
  })

  it.each([
    ['qcow2', '', ''],
    ['qcow2', 'extended_l2=on,cluster_size=64k', ''],
    ['qcow2', 'compat=0.10,cluster_size=4k', ''],
    ['qcow2', '', '-c'],
    ['vmdk', 'subformat=monolithicSparse', ''],
    ['vmdk', 'subformat=twoGbMaxExtentSparse', ''],
    ['vmdk', 'subformat=monolithicFlat', ''],
  ])(
    '%s (%s%s) says of a file that is cut, before it reads, what reading it finds',
    (driver, options, coded) => {
      const at = folder()
      const disk = diskFile(at, 48)
      const asked = options ? ['-o', options] : []
      const more = coded ? [coded] : []
      run(
        'qemu-img',
        ['convert', '-f', 'raw', '-O', driver, ...asked, ...more, 'disk.raw', `a.${driver}`],
        at,
      )
      withImage(join(at, `a.${driver}`), (image) => expect(image.lacks!()).toEqual([]))
      const data = readdirSync(at).find((name) => /-(s001|flat)\.vmdk$/.test(name)) ?? `a.${driver}`
      const bytes = readFileSync(join(at, data))
      for (const share of [0.95, 0.7, 0.5]) {
        writeFileSync(join(at, data), bytes.subarray(0, Math.floor(bytes.length * share)))
        withImage(join(at, `a.${driver}`), (image) => {
          const lacks = image.lacks!()
          const read = allOf(image.medium)
          const found = new DamageLog()
          for (const damage of image.medium.damageIn(0, disk.length)) found.add(damage)
          expect(lacks.map(({ offset, length }) => [offset, length])).toEqual(
            found.within(0, disk.length).map(({ offset, length }) => [offset, length]),
          )
          expect(lacks.length).toBeGreaterThan(0)
          const expected = Buffer.from(disk)
          for (const { offset, length } of lacks) expected.fill(0, offset, offset + length)
          expect(read.equals(expected)).toBe(true)
        })
      }
    },
  )

  it('reads a VHDX that was not closed as its log says', () => {
    const at = folder()
    const disk = diskFile(at, 8)
    run('qemu-img', ['convert', '-f', 'raw', '-O', 'vhdx', '-o', 'block_size=1M', 'disk.raw', 'a.vhdx'], at)
    const bytes = readFileSync(join(at, 'a.vhdx'))
    const bat = bytes.subarray(192 * 1024 + 16, 192 * 1024 + 16 + 64)
    const batAt = [0, 32]
      .map((entry) => ({
        guid: bat.toString('hex', entry, entry + 4),
        offset: Number(bat.readBigUInt64LE(entry + 16)),
      }))
      .find(({ guid }) => guid === '6677c22d')!.offset
    const good = Buffer.from(bytes.subarray(batAt, batAt + 4096))
    bytes.fill(0, batAt, batAt + 4096)
    // One entry: the first page of the table as it ought to be.
    const guid = Buffer.alloc(16, 7)
    const logAt = Number(bytes.readBigUInt64LE(64 * 1024 + 72))
    const entry = Buffer.alloc(8192)
    entry.write('loge')
    entry.writeUInt32LE(8192, 8)
    entry.writeUInt32LE(0, 12)
    entry.writeBigUInt64LE(5n, 16)
    entry.writeUInt32LE(1, 24)
    guid.copy(entry, 32)
    entry.write('desc', 64)
    good.copy(entry, 64 + 4, 4092, 4096)
    good.copy(entry, 64 + 8, 0, 8)
    entry.writeBigUInt64LE(BigInt(batAt), 64 + 16)
    entry.writeBigUInt64LE(5n, 64 + 24)
    entry.write('data', 4096)
    good.copy(entry, 4096 + 8, 8, 4092)
    entry.writeUInt32LE(5, 4096 + 4092)
    entry.writeUInt32LE(crc32c(entry, 4), 4)
    entry.copy(bytes, logAt)
    for (const header of [64 * 1024, 128 * 1024]) {
      guid.copy(bytes, header + 48)
      bytes.writeUInt32LE(crc32c(bytes.subarray(header, header + 4096), 4), header + 4)
    }
    const path = join(at, 'a.vhdx')
    writeFileSync(path, bytes)
    withImage(path, (image) => {
      expect(image.remarks).toEqual([{ code: 'log-replayed', params: { entries: 1 } }])
      expect(allOf(image.medium).equals(disk)).toBe(true)
    })
    expect(readFileSync(path).equals(bytes)).toBe(true)
    bytes[logAt + 100] = 1
    writeFileSync(path, bytes)
    withImage(path, (image) => expect(image.remarks[0]?.code).toBe('log-not-replayed'))
  })
})

it('CRC-32C of the numbers of RFC 3720 is as it says', () => {
  expect(crc32c(Buffer.alloc(32), 99)).toBe(0x8a9136aa)
  expect(crc32c(Buffer.alloc(32, 0xff), 99)).toBe(0x62a8ab43)
})

it.skipIf(!hasTool('zstd'))('a zstd frame ends where it ends, whatever follows', () => {
  for (const [text, args] of [
    ['neutral text '.repeat(9000), ['-3']],
    ['a', ['-19']],
    ['', []],
    ['zero'.repeat(300_000), ['--no-check', '-1']],
  ] as const) {
    const frame = execFileSync('zstd', ['-q', '-c', ...args], { input: text })
    expect(zstdFrameBytes(Buffer.concat([frame, Buffer.alloc(700)]))).toBe(frame.length)
    expect(zstdFrameBytes(frame)).toBe(frame.length)
  }
})

it('no segment is no image', () => {
  expect(refusal(() => openImage([])).code).toBe('format-unknown')
  expect(segmentsInMemory([])).toEqual([])
})

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { adler32 } from '../../../src/formats/image/container/common/adler32.ts'
import { openImage } from '../../../src/formats/image/container/index.ts'
import { segmentsOf } from '../../../src/host/held/segments-of.ts'
import { ImageRefused } from '../../../src/wire/image-refused.ts'
import {
  allOf,
  diskFile,
  folder,
  hasTool,
  randoms,
  run,
  segmentsInMemory,
  verifiedImage,
  withImage,
} from './helpers.ts'

const tools = hasTool('ewfacquire') && hasTool('ewfinfo')

function acquired(at: string, format: string, compression: string, more: readonly string[] = []): string {
  run(
    'ewfacquire',
    [
      ...[
        '-u',
        '-q',
        '-t',
        'out',
        '-f',
        format,
        '-c',
        compression,
        '-C',
        'case-7',
        '-E',
        'LTU-07',
        '-D',
        'Kaunas ąč',
      ],
      ...['-e', 'A. Example', '-N', 'note', '-d', 'sha1', ...more, 'disk.raw'],
    ],
    at,
  )
  const first = readdirSync(at).find((name) => /\.[es]01$/i.test(name))
  return join(at, first!)
}

/** Where the descriptors of a segment's sections begin. */
function sectionOffsets(bytes: Buffer): number[] {
  const offsets = [13]
  for (let at = 13; ; ) {
    const next = Number(bytes.readBigUInt64LE(at + 16))
    if (next === at) return offsets
    offsets.push(next)
    at = next
  }
}

describe.skipIf(!tools)('an EWF-E01 image', () => {
  it.each([
    ['encase1', 'deflate:fast'],
    ['encase2', 'deflate:none'],
    ['encase5', 'deflate:best'],
    ['encase6', 'deflate:none'],
    ['encase7', 'deflate:empty-block'],
    ['ftk', 'deflate:fast'],
    ['linen7', 'deflate:fast'],
    ['ewfx', 'deflate:fast'],
    ['smart', 'deflate:none'],
    ['smart', 'deflate:fast'],
  ])('as %s writes it (%s) is the disk that was acquired', (format, compression) => {
    const at = folder()
    const disk = diskFile(at, 40)
    withImage(acquired(at, format, compression), (image) => {
      expect(allOf(image.medium).equals(disk)).toBe(true)
      const across = Buffer.alloc(70_000)
      expect(image.medium.readInto(across, 12_345)).toBe(70_000)
      expect(across.equals(disk.subarray(12_345, 82_345))).toBe(true)
      expect(image.medium.readInto(across, disk.length - 10)).toBe(10)
      expect(image.medium.damageIn(0, disk.length)).toEqual([])
      expect(image.storedHashes[0]?.hex).toBe(createHash('md5').update(disk).digest('hex'))
      expect(image.remarks).toEqual([])
      const verified = verifiedImage(image)
      expect(verified.result).toBe('equal')
    })
  })

  it('states what ewfinfo states', () => {
    const at = folder()
    diskFile(at, 8)
    const path = acquired(at, 'encase6', 'deflate:fast')
    const info = run('ewfinfo', [path], at)
    withImage(path, (image) => {
      const stated = new Map(image.stated.map(({ name, value }) => [name, value]))
      for (const [label, name] of [
        ['Case number', 'case-number'],
        ['Description', 'description'],
        ['Examiner name', 'examiner'],
        ['Evidence number', 'evidence-number'],
        ['Notes', 'notes'],
        ['Operating system used', 'program-platform'],
        ['Software version used', 'program-version'],
        ['Bytes per sector', 'bytes-per-sector'],
      ] as const) {
        expect(info, label).toMatch(new RegExp(`${label}:\\s+${stated.get(name)}\\s`))
      }
      expect(stated.get('set-identifier')).toBe(
        /Set identifier:\s+([0-9a-f-]+)/.exec(info)?.[1]?.replaceAll('-', ''),
      )
      expect(image.storedHashes.map(({ hex }) => hex)).toEqual(
        [/MD5:\s+([0-9a-f]{32})/, /SHA1:\s+([0-9a-f]{40})/].map((pattern) => pattern.exec(info)?.[1]),
      )
    })
  })

  it('in segments is joined; one that is missing, in between or at the end, stops before anything is read', () => {
    const at = folder()
    const disk = diskFile(at, 400)
    const path = acquired(at, 'encase6', 'deflate:none', ['-S', '1MiB'])
    const paths = segmentsOf(path)
    expect(paths.length).toBeGreaterThan(8)
    withImage(path, (image) => expect(allOf(image.medium).equals(disk)).toBe(true))
    const swapped = segmentsInMemory([paths[0]!, paths[2]!, paths[1]!, ...paths.slice(3)])
    expect(() => openImage(swapped)).toThrow(/says that it is number 3, not 2/)
    const third = readFileSync(paths[2]!)
    third.write('another image..', 13 + 76 + 64)
    third.writeUInt32LE(adler32(third.subarray(13 + 76, 13 + 76 + 1048)), 13 + 76 + 1048)
    writeFileSync(paths[2]!, third)
    expect(() => openImage(segmentsInMemory(paths))).toThrow(/E03 belongs to another image/)
    rmSync(paths[paths.length - 1]!)
    expect(() => withImage(path, () => 0)).toThrow(ImageRefused)
    rmSync(paths[3]!)
    expect(() => segmentsOf(path)).toThrow(/out\.E04 is missing/)
  })

  it('names the sectors of a damaged chunk and reads all others', () => {
    for (const [compression, cause] of [
      ['deflate:none', 'checksum'],
      ['deflate:best', /checksum|inflate/],
    ] as const) {
      const at = folder()
      const disk = diskFile(at, 40)
      const path = acquired(at, 'encase6', compression)
      const [segment] = segmentsInMemory([path])
      const bytes = readFileSync(path)
      // A bit in the text of chunk 11: its place is found by what stands there, or by trying until just it is damaged.
      const plain = bytes.indexOf('chunk 11 holds')
      const flip = plain > 0 ? plain : bytes.indexOf('volume') + 5000
      bytes[flip] = bytes[flip]! ^ 4
      const image = openImage([
        {
          ...segment!,
          medium: {
            ...segment!.medium,
            readInto: (target, offset) => {
              const part = bytes.subarray(offset, offset + target.length)
              target.set(part)
              return part.length
            },
          },
        },
      ])
      const read = allOf(image.medium)
      const damage = image.medium.damageIn(0, disk.length)
      expect(damage).toHaveLength(1)
      expect(damage[0]?.cause).toMatch(cause)
      expect([damage[0]!.offset % 32768, damage[0]!.length]).toEqual([0, 32768])
      if (plain > 0) expect(damage[0]?.offset).toBe(11 * 32768)
      const { offset, length } = damage[0]!
      expect(read.subarray(offset, offset + length).every((byte) => byte === 0)).toBe(true)
      expect(read.subarray(0, offset).equals(disk.subarray(0, offset))).toBe(true)
      expect(read.subarray(offset + length).equals(disk.subarray(offset + length))).toBe(true)
      expect(image.medium.damageIn(offset + 512, 512)).toEqual([
        { ...damage[0], offset: offset + 512, length: 512 },
      ])
      const verified = verifiedImage(image)
      expect(verified.result).toBe('different')
      expect(verified.damage).toEqual(damage)
    }
  })

  it('reads table2 where table is damaged', () => {
    const at = folder()
    const disk = diskFile(at, 40)
    const path = acquired(at, 'encase6', 'deflate:fast')
    const bytes = readFileSync(path)
    const table = bytes.indexOf('table\0')
    bytes[table + 76 + 24 + 8] = bytes[table + 76 + 24 + 8]! ^ 1
    writeFileSync(path, bytes)
    withImage(path, (image) => {
      expect(allOf(image.medium).equals(disk)).toBe(true)
      expect(image.medium.damageIn(0, disk.length)).toEqual([])
    })
    const second = bytes.indexOf('table2')
    bytes[second + 76 + 24 + 8] = bytes[second + 76 + 24 + 8]! ^ 1
    writeFileSync(path, bytes)
    withImage(path, (image) => {
      allOf(image.medium)
      expect(image.medium.damageIn(0, disk.length)).toEqual([
        { offset: 0, length: disk.length, kind: 'damaged', cause: 'table' },
      ])
    })
  })

  it('takes 32-bit offsets past 2 GiB for what they are', () => {
    const at = folder()
    const disk = diskFile(at, 40)
    const bytes = readFileSync(acquired(at, 'encase6', 'deflate:none'))
    const chain = sectionOffsets(bytes)
    const sectors = bytes.indexOf('sectors')
    const table = bytes.indexOf('table\0') + 76
    const entries = bytes.readUInt32LE(table)
    const base = Number(bytes.readBigUInt64LE(table + 8))
    const offsets = Array.from(
      { length: entries },
      (_, index) => base + (bytes.readUInt32LE(table + 24 + index * 4) & 0x7fffffff),
    )
    // As EnCase 6.7 would have it with other data before: chunk 20 begins behind 2 GiB, and the base is 0.
    const hole = 0x80000000 - offsets[20]! + 100
    for (const section of chain) {
      const next = Number(bytes.readBigUInt64LE(section + 16))
      bytes.writeBigUInt64LE(BigInt(next >= sectors ? next + hole : next), section + 16)
      bytes.writeUInt32LE(adler32(bytes.subarray(section, section + 72)), section + 72)
    }
    for (const name of ['table\0', 'table2']) {
      const start = bytes.indexOf(name) + 76
      bytes.writeBigUInt64LE(0n, start + 8)
      bytes.writeUInt32LE(adler32(bytes.subarray(start, start + 20)), start + 20)
      for (const [index, offset] of offsets.entries())
        bytes.writeUInt32LE(offset + hole, start + 24 + index * 4)
      const list = bytes.subarray(start + 24, start + 24 + entries * 4)
      bytes.writeUInt32LE(adler32(list), start + 24 + entries * 4)
    }
    const medium = {
      sizeBytes: bytes.length + hole,
      damageIn: () => [],
      readInto(target: Uint8Array, offset: number) {
        const from = offset < sectors ? offset : Math.max(sectors, offset - hole)
        const part = bytes.subarray(from, from + target.length)
        target.set(part)
        return part.length
      },
    }
    const image = openImage([{ name: 'out.E01', medium }])
    expect(allOf(image.medium).equals(disk)).toBe(true)
    expect(image.medium.damageIn(0, disk.length)).toEqual([])
    expect(verifiedImage(image).result).toBe('equal')
  })

  it('has the same content in every order of reading its chunks', () => {
    const at = folder()
    // More chunks than are kept.
    const disk = diskFile(at, 700)
    withImage(acquired(at, 'encase6', 'deflate:fast'), ({ medium }) => {
      const random = randoms(5)
      const piece = Buffer.alloc(50_000)
      for (let n = 0; n < 3000; n++) {
        const offset = random() % disk.length
        const got = piece.subarray(0, medium.readInto(piece, offset))
        expect(got.equals(disk.subarray(offset, offset + piece.length))).toBe(true)
      }
      expect(medium.damageIn(0, disk.length)).toEqual([])
    })
  })

  it('is read as far as it goes when it is cut, and says so', () => {
    const at = folder()
    const disk = diskFile(at, 40)
    const path = acquired(at, 'encase6', 'deflate:none')
    const whole = readFileSync(path)
    writeFileSync(path, whole.subarray(0, whole.indexOf('table2') + 20))
    withImage(path, (image) => {
      expect(allOf(image.medium).equals(disk)).toBe(true)
      expect(image.remarks).toEqual([
        { code: 'sections-end', params: { segment: 'out.E01', offset: whole.indexOf('table2') } },
      ])
      expect(image.storedHashes).toEqual([])
      expect(verifiedImage(image).result).toBe('no-hash')
    })
  })

  it('puts every chunk where it belongs when a segment in between is cut, and names the rest before it is read', () => {
    const at = folder()
    const disk = diskFile(at, 160)
    const path = acquired(at, 'encase6', 'deflate:none', ['-S', '1MiB'])
    const [, second] = readdirSync(at)
      .filter((name) => /\.E0\d$/.test(name))
      .sort()
    const cut = readFileSync(join(at, second!))
    writeFileSync(join(at, second!), cut.subarray(0, cut.length / 2))
    withImage(path, (image) => {
      const [lacking, ...more] = image.lacks!()
      expect([more, lacking?.cause]).toEqual([[], 'cut'])
      const { offset, length } = lacking!
      expect([offset > 0, offset + length < disk.length]).toEqual([true, true])
      const wanted = Buffer.from(disk)
      wanted.fill(0, offset, offset + length)
      expect(allOf(image.medium).equals(wanted)).toBe(true)
      expect(image.medium.damageIn(0, disk.length)).toEqual([lacking])
      expect(image.remarks.map(({ code }) => code)).toEqual(['sections-end', 'image-cut'])
    })
  })

  it('says which sectors could not be read when it was acquired', () => {
    const at = folder()
    const disk = diskFile(at, 8)
    const path = acquired(at, 'encase6', 'deflate:none')
    const whole = readFileSync(path)
    const hash = whole.indexOf('digest\0')
    const data = Buffer.alloc(520 + 16 + 4)
    data.writeUInt32LE(2, 0)
    data.writeUInt32LE(adler32(data.subarray(0, 516)), 516)
    for (const [index, value] of [100, 4, 7, 1].entries()) data.writeUInt32LE(value, 520 + index * 4)
    const descriptor = Buffer.alloc(76)
    descriptor.write('error2', 'latin1')
    descriptor.writeBigUInt64LE(BigInt(hash + 76 + data.length), 16)
    descriptor.writeBigUInt64LE(BigInt(76 + data.length), 24)
    descriptor.writeUInt32LE(adler32(descriptor.subarray(0, 72)), 72)
    const tail = Buffer.from(whole.subarray(hash))
    tail.writeBigUInt64LE(tail.readBigUInt64LE(16) + BigInt(76 + data.length), 16)
    tail.writeUInt32LE(adler32(tail.subarray(0, 72)), 72)
    writeFileSync(path, Buffer.concat([whole.subarray(0, hash), descriptor, data, tail]))
    withImage(path, (image) => {
      const kind = 'unreadable-at-acquisition'
      expect(image.medium.damageIn(0, disk.length)).toEqual([
        { offset: 7 * 512, length: 512, kind, cause: 'acquisition-error' },
        { offset: 100 * 512, length: 4 * 512, kind, cause: 'acquisition-error' },
      ])
      expect(image.stated).toContainEqual({ name: 'acquisition-errors', value: '2' })
    })
  })
})

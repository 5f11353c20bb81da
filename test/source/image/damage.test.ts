import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { writeDiskImage } from '../../../fixtures/disk-image.ts'
import { listImage } from '../../../src/confined/lister/list-image.ts'
import type { Damage, Segment } from '../../../src/contracts/image.ts'
import type { RangeListing } from '../../../src/contracts/image-exhibit.ts'
import { adler32 } from '../../../src/formats/image/container/common/adler32.ts'
import { openImage } from '../../../src/formats/image/container/index.ts'
import { rangesOf } from '../../../src/formats/image/handed-image.ts'
import { verifyImage } from '../../../src/formats/image/verify-image.ts'
import { byteClassesOf } from '../../../src/source/image/byte-classes.ts'
import { HeaderHashIndex } from '../../../src/wire/header-hash-index.ts'
import { bytesMedium, hasTool, randoms, run } from '../../image/container/helpers.ts'

const NONE = new HeaderHashIndex(Buffer.alloc(0))
const CLUSTER = 2048
/** Where the clusters of the fixture's first volume begin on its disk, and how many bytes they hold. */
const DATA = 1048576 + 512 * (1 + 2 * 20 + 32)
const folder = mkdtempSync(join(tmpdir(), 'seized-damage-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const noise = (seed: number, length: number): Buffer => {
  const next = randoms(seed)
  return Buffer.from(Array.from({ length }, () => next() & 255))
}
const FILE = noise(1, 100_000)
const FREE = noise(2, 40_000)
/** Far behind the file's clusters. */
const FREE_AT = DATA + 3000 * CLUSTER

/** One volume with one file, and bytes in its free space. */
function disk(): Buffer {
  const path = join(folder, 'disk.raw')
  writeDiskImage(path, [[{ name: 'A.BIN', bytes: FILE }]])
  const bytes = readFileSync(path)
  FREE.copy(bytes, FREE_AT)
  writeFileSync(path, bytes)
  return bytes
}

function acquired(): Buffer {
  disk()
  const how = ['-u', '-q', '-f', 'encase6', '-c', 'deflate:none', '-S', '1GiB']
  const who = ['-C', 'c', '-D', 'd', '-E', 'e', '-e', 'x', '-N', 'n']
  run('ewfacquire', [...how, ...who, '-t', 'out', 'disk.raw'], folder)
  const image = readFileSync(join(folder, 'out.E01'))
  rmSync(join(folder, 'out.E01'))
  return image
}

/** The classes of the first volume and of the whole, and what became of the volume. */
function classesOf(segments: readonly Segment[], damage: readonly Damage[] = []) {
  const image = openImage(segments)
  const listings: RangeListing[] = []
  const options = {
    sparseLogicalBytes: 2 ** 40,
    remains: 'none' as const,
    sample: null,
    lists: [],
    volumes: null,
    passOver: [],
    given: [],
  }
  for (const listed of listImage(image, rangesOf(image), { ...options, known: NONE, damage, at: () => {} }))
    if (listed.kind === 'range') listings.push(listed.listing)
  const classes = byteClassesOf(listings)
  const of = (name: string) =>
    classes.filter((one) => one.class === name).reduce((sum, { bytes }) => sum + bytes, 0)
  expect(classes.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(image.medium.sizeBytes)
  return { of, image, volume: listings.find(({ range }) => range.range.number === 1)!.range }
}

const e01 = (bytes: Buffer): Segment[] => [{ name: 'out.E01', medium: bytesMedium(bytes) }]
const raw = (bytes: Buffer): Segment[] => [{ name: 'disk.raw', medium: bytesMedium(bytes) }]

describe('damage of an image in the classes of its bytes', () => {
  it('is none where there is none', () => {
    const { of, volume } = classesOf(raw(disk()))
    expect([of('damaged'), of('unreadable-at-acquisition'), volume.listed]).toEqual([
      0,
      0,
      { result: 'done' },
    ])
  })

  it('names a raw image that is cut in free space: its volume goes on behind its end', () => {
    const whole = disk()
    const { volume, of } = classesOf(raw(whole.subarray(0, DATA + 2000 * CLUSTER)))
    expect(volume.listed).toMatchObject({ result: 'not-done', reason: 'listed-in-part' })
    expect(volume.problems).toContainEqual({
      code: 'behind-the-end',
      record: null,
      detail: `${3000 * CLUSTER}`,
    })
    expect(of('allocated')).toBe(FILE.length)
  })

  it('counts a cut part of a split image as damaged, and takes it from free space', () => {
    const whole = disk()
    const part = 2 * 1024 * 1024
    const parts = Array.from({ length: Math.ceil(whole.length / part) }, (_, i) =>
      whole.subarray(i * part, (i + 1) * part),
    )
    parts[1] = parts[1]!.subarray(0, part - 100_000)
    const { of } = classesOf(parts.map((bytes, i) => ({ name: `d.00${i + 1}`, medium: bytesMedium(bytes) })))
    expect(of('damaged')).toBe(100_000)
    expect(of('unallocated')).toBe(classesOf(raw(whole)).of('unallocated') - 100_000)
  })

  it('takes what a verification met from the class that it lies in', () => {
    const before = classesOf(raw(disk()))
    const inFile = { offset: DATA + 10 * CLUSTER, length: 5000, kind: 'damaged', cause: 'checksum' } as const
    const inFree = { offset: FREE_AT, length: 7000, kind: 'damaged', cause: 'checksum' } as const
    const inTable = { offset: 100, length: 300, kind: 'unreadable-at-acquisition', cause: 'x' } as const
    const { of } = classesOf(raw(disk()), [inFile, inFree, inTable])
    expect([of('damaged'), of('unreadable-at-acquisition')]).toEqual([12_000, 300])
    for (const [name, lost] of [
      ['allocated', 5000],
      ['unallocated', 7000],
      ['partition-tables', 300],
      ['metadata', 0],
    ] as const)
      expect([name, before.of(name) - of(name)]).toEqual([name, lost])
  })
})

describe.skipIf(!hasTool('ewfacquire'))('damage of an E01', () => {
  it('is known of chunks that its tables do not place, before anything is read', () => {
    const whole = acquired()
    const { of, image } = classesOf(e01(whole.subarray(0, (whole.length * 2) / 3)))
    // One table for all chunks, at the end: nothing of the medium is placed without it.
    expect(image.remarks.map(({ code }) => code)).toContain('image-cut')
    expect(of('damaged')).toBe(image.medium.sizeBytes)
  })

  it('is met by a verification: a flipped byte in free space costs its chunk', () => {
    const bytes = acquired()
    bytes[bytes.indexOf(FREE.subarray(10_000, 10_064))]! ^= 1
    const { damage } = verifyImage(openImage(e01(bytes)), [], () => {})
    expect(damage).toMatchObject([{ length: 32_768, kind: 'damaged', cause: 'checksum' }])
    const { of } = classesOf(e01(bytes), damage)
    expect(of('damaged')).toBe(32_768)
    expect(of('unallocated')).toBe(classesOf(raw(disk())).of('unallocated') - 32_768)
  })

  it('has sectors that the device did not give as a class of their own', () => {
    const { of } = classesOf(e01(withErrors(acquired(), FREE_AT / 512, 12)))
    expect([of('unreadable-at-acquisition'), of('damaged')]).toEqual([12 * 512, 0])
    expect(of('unallocated')).toBe(classesOf(raw(disk())).of('unallocated') - 12 * 512)
  })
})

/** An `error2` section in front of the last one. */
function withErrors(image: Buffer, firstSector: number, sectors: number): Buffer {
  let at = 13
  while (image.toString('latin1', at, at + 4) !== 'done') at = Number(image.readBigUInt64LE(at + 16))
  const data = Buffer.alloc(520 + 8 + 4)
  data.writeUInt32LE(1, 0)
  data.writeUInt32LE(adler32(data.subarray(0, 516)), 516)
  data.writeUInt32LE(firstSector, 520)
  data.writeUInt32LE(sectors, 524)
  data.writeUInt32LE(adler32(data.subarray(520, 528)), 528)
  const section = Buffer.alloc(76)
  section.write('error2', 'latin1')
  section.writeBigUInt64LE(BigInt(at + 76 + data.length), 16)
  section.writeBigUInt64LE(BigInt(76 + data.length), 24)
  section.writeUInt32LE(adler32(section.subarray(0, 72)), 72)
  const done = Buffer.from(image.subarray(at))
  done.writeBigUInt64LE(BigInt(at + 76 + data.length), 16)
  done.writeUInt32LE(adler32(done.subarray(0, 72)), 72)
  return Buffer.concat([image.subarray(0, at), section, data, done])
}

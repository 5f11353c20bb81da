/** Files of shadow copies: on a volume that was written in three states, and block by block. */
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PROGRAM_ROOT } from '../../../src/base/version.ts'
import type { Medium, VolumeEntry } from '../../../src/contracts/image.ts'
import { contentOf } from '../../../src/formats/image/content/content.ts'
import { NTFS } from '../../../src/formats/image/filesystem/ntfs/ntfs.ts'
import { BlockMap } from '../../../src/formats/image/filesystem/ntfs/shadow/block-map.ts'
import { ShadowVolume } from '../../../src/formats/image/filesystem/ntfs/shadow/shadow-volume.ts'
import { randomBytes, seeded } from '../random.ts'
import { CAN_MOUNT, makeVolume, md5, mounted, workFolder } from './helpers.ts'
import { bitmap, blockList, type MadeBlock, withShadowCopies } from './shadow-maker.ts'

const BLOCK = 16_384
const FREE = 24 << 20

const mediumOf = (bytes: Buffer): Medium => ({
  sizeBytes: bytes.length,
  readInto: (target, offset) =>
    offset >= 0 && offset < bytes.length ? bytes.copy(target, 0, offset, offset + target.length) : 0,
  damageIn: () => [],
})

function contentIn(volume: Medium, { place, sizeBytes }: VolumeEntry): Buffer {
  const bytes = Buffer.alloc(sizeBytes)
  if (place.kind !== 'none') contentOf(volume, place, sizeBytes).readInto(bytes, 0)
  return bytes
}

describe.skipIf(!CAN_MOUNT)('shadow copies of a volume (skipped without root, FUSE and ntfs-3g)', () => {
  const folder = workFolder()
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const noise = (seed: number, length: number) => randomBytes(seeded(seed), length)
  const [old, middle, today] = [noise(1, 90_000), noise(2, 90_000), noise(3, 90_000)]
  const [gone, small, kept, late] = [noise(4, 200_000), noise(5, 300), noise(6, 150_000), noise(7, 50_000)]
  const volumes: Buffer[] = []
  let image: Buffer

  beforeAll(async () => {
    const file = join(folder, 'volume.raw')
    makeVolume(file, 32 << 20)
    const state = async (change: (root: string) => void) => {
      await mounted(file, change)
      volumes.push(readFileSync(file))
    }
    await state((root) => {
      writeFileSync(join(root, 'changed.jpg'), old)
      writeFileSync(join(root, 'gone.jpg'), gone)
      writeFileSync(join(root, 'small.txt'), small)
      writeFileSync(join(root, 'kept.jpg'), kept)
      writeFileSync(join(root, 'kept.txt'), noise(8, 200))
    })
    await state((root) => {
      writeFileSync(join(root, 'changed.jpg'), middle, { flag: 'r+' })
      writeFileSync(join(root, 'late.jpg'), late)
      unlinkSync(join(root, 'small.txt'))
    })
    await state((root) => {
      writeFileSync(join(root, 'changed.jpg'), today, { flag: 'r+' })
      unlinkSync(join(root, 'gone.jpg'))
      unlinkSync(join(root, 'late.jpg'))
      writeFileSync(join(root, 'over.bin'), noise(9, 400_000))
    })
    image = withShadowCopies(volumes, FREE)
  })

  it('are as the volume was, byte by byte', () => {
    const volume = mediumOf(image)
    const maps = ([1, 2] as const).map(
      (copy) => new BlockMap(volume, { blocks: listOf(image, copy), bitmap: 0, previousBitmap: 0 }),
    )
    for (const copy of [0, 1]) {
      const bytes = Buffer.alloc(FREE)
      new ShadowVolume(volume, maps.slice(copy)).medium.readInto(bytes, 0)
      expect(bytes.equals(volumes[copy]!.subarray(0, FREE))).toBe(true)
    }
  })

  it('give the files that are not the same today, with their contents', () => {
    const volume = mediumOf(image)
    const system = NTFS.open(volume)
    const found = [...system.entries()].filter(({ basis }) => basis === 'shadow-copy')
    const said = found.map((entry) => [entry.path.join('/'), entry.status, md5(contentIn(volume, entry))])
    expect(said.sort()).toEqual([
      ['$ShadowCopy-1/changed.jpg', 'deleted', md5(old)],
      ['$ShadowCopy-1/gone.jpg', 'deleted', md5(gone)],
      ['$ShadowCopy-1/small.txt', 'deleted', md5(small)],
      ['$ShadowCopy-2/changed.jpg', 'deleted', md5(middle)],
      ['$ShadowCopy-2/gone.jpg', 'deleted', md5(gone)],
      ['$ShadowCopy-2/late.jpg', 'deleted', md5(late)],
    ])
    expect(system.problems()).toEqual([])
    expect(system.stated.filter(({ name }) => name.startsWith('shadow')).map(({ value }) => value)).toEqual([
      '2',
      '02020202-0202-0202-0202-020202020202 2026-01-01T00:00:00.000Z',
      '01010101-0101-0101-0101-010101010101 2026-01-02T00:00:00.000Z',
    ])
  })

  it('are named by what says what an image holds', () => {
    const file = join(folder, 'with-copies.raw')
    writeFileSync(file, image)
    const said = execFileSync(process.execPath, [join(PROGRAM_ROOT, 'bin/seized.js'), 'image', file])
    expect(said.toString()).toMatch(
      /shadow-copies: 2\n +shadow-copy-1: 02020202-\S+ 2026-01-01\S+\n +shadow-copy-2: 01010101/,
    )
  })

  it('are not said of a volume that has none', () => {
    const system = NTFS.open(mediumOf(volumes[2]!))
    expect([...system.entries()].some(({ basis }) => basis === 'shadow-copy')).toBe(false)
    expect(system.stated.some(({ name }) => name.startsWith('shadow'))).toBe(false)
  })

  it('of which a list is damaged are a problem of the volume, and so are those before', () => {
    const damaged = Buffer.from(image)
    damaged.fill(0, listOf(image, 2) + BLOCK, listOf(image, 2) + 2 * BLOCK)
    const system = NTFS.open(mediumOf(damaged))
    expect([...system.entries()].filter(({ basis }) => basis === 'shadow-copy')).toEqual([])
    expect(system.problems().map(({ code, detail }) => [code, detail])).toEqual([
      ['shadow-copy-damaged', '2'],
      ['shadow-copy-damaged', '1'],
    ])
  })

  it('end with every fault in catalogue, lists and blocks', () => {
    const random = seeded(11)
    const end = listOf(image, 2) + 3 * BLOCK
    for (let round = 0; round < 30; round++) {
      const bytes = Buffer.from(image)
      for (let change = 0; change < 1 + random(6); change++) {
        const at = random(3) === 0 ? 0x1e00 + random(64) : FREE + random(end - FREE)
        const list = [FREE, listOf(image, 1), listOf(image, 2)][random(3)]!
        if (random(2) === 0) bytes[at] = random(256)
        else bytes.writeBigUInt64LE(BigInt(random(FREE + BLOCK)), list + 24 + 8 * random(300))
      }
      const system = NTFS.open(mediumOf(bytes))
      let entries = 0
      for (const entry of system.entries()) {
        if (++entries > 2_000) throw new Error('a listing without end')
        if (entry.sizeBytes < 1 << 20) contentIn(mediumOf(bytes), entry)
      }
      const classes = system.classes()
      expect(Object.values(classes).reduce((sum, one) => sum + one, 0)).toBe(bytes.length)
    }
  })
})

/** Where the list of the older (1) or newer (2) copy stands. */
function listOf(image: Buffer, copy: 1 | 2): number {
  const entry = FREE + 128 + (2 - copy) * 256 + 136
  return Number(image.readBigUInt64LE(entry))
}

describe('a copy by its blocks', () => {
  /** Twenty blocks, each of its own number; the lists stand in the last ones. */
  const volume = Buffer.alloc(24 * BLOCK)
  for (let block = 0; block < 20; block++) volume.fill(block, block * BLOCK, (block + 1) * BLOCK)
  const mapOf = (blocks: readonly MadeBlock[], at: number): BlockMap => {
    blockList(at * BLOCK, 0, blocks).copy(volume, at * BLOCK)
    return new BlockMap(mediumOf(volume), { blocks: at * BLOCK, bitmap: 0, previousBitmap: 0 })
  }
  const numbers = (maps: readonly BlockMap[], block: number): number[] => {
    const bytes = Buffer.alloc(BLOCK)
    new ShadowVolume(mediumOf(volume), maps).medium.readInto(bytes, block * BLOCK)
    return Array.from({ length: 32 }, (_, sector) => bytes[sector * 512]!)
  }
  const all = (number: number) => Array(32).fill(number)
  const block = (original: number, from: number, flags = 0, sectors = 0): MadeBlock => ({
    original: original * BLOCK,
    relative: flags & 1 ? from * BLOCK : 0,
    from: flags & 1 ? 0 : from * BLOCK,
    flags,
    sectors,
  })

  it('takes the last that was kept of a block, and nothing that is not used', () => {
    const map = mapOf([block(1, 10), block(1, 11), block(2, 12, 4)], 20)
    expect(numbers([map], 1)).toEqual(all(11))
    expect(numbers([map], 2)).toEqual(all(2))
  })

  it('follows a forwarder into the newer copy, and to the volume where there is none', () => {
    const older = mapOf([block(1, 3, 1)], 20)
    const newer = mapOf([block(3, 13)], 21)
    expect(numbers([older, newer], 1)).toEqual(all(13))
    expect(numbers([older], 1)).toEqual(all(3))
    // What comes to stand where a forwarder leads was in the block that it came from.
    expect(numbers([mapOf([block(1, 3, 1), block(3, 14)], 20)], 1)).toEqual(all(14))
    expect(numbers([mapOf([block(1, 3, 1), block(3, 1, 1)], 20)], 1)).toEqual(all(3))
  })

  it('lays newer sectors over a block of the copy itself alone', () => {
    const older = mapOf([block(1, 10), block(1, 15, 2, 0b101), block(1, 15, 2, 0b1000)], 20)
    const expected = all(10).map((number, sector) => ([0, 2, 3].includes(sector) ? 15 : number))
    expect(numbers([older], 1)).toEqual(expected)
    const newer = mapOf([block(2, 16, 2, 0b1)], 21)
    expect(numbers([newer], 2)).toEqual([16, ...all(2).slice(1)])
    expect(numbers([older, newer], 2)).toEqual(all(2))
    expect(numbers([mapOf([], 20), mapOf([block(1, 10), block(1, 15, 2, 0b1)], 21)], 1)).toEqual(all(10))
  })

  it('reads zeros for unused blocks that were not kept, only in the newest copy', () => {
    const used = mediumOf(volume)
    blockList(20 * BLOCK, 0, [block(1, 3, 1), block(5, 10)]).copy(volume, 20 * BLOCK)
    bitmap(21 * BLOCK, [2, 3, 4]).copy(volume, 21 * BLOCK)
    bitmap(22 * BLOCK, [3, 4]).copy(volume, 22 * BLOCK)
    const map = new BlockMap(used, { blocks: 20 * BLOCK, bitmap: 21 * BLOCK, previousBitmap: 22 * BLOCK })
    // Only one says it of 2, a forwarder leads to 3, and 5 was kept.
    expect([2, 3, 4, 5].map((one) => numbers([map], one)[0])).toEqual([2, 3, 0, 10])
    expect(numbers([map, mapOf([], 23)], 4)).toEqual(all(4))
  })
})

import { describe, expect, it } from 'vitest'
import { FILES, linesOf } from '../../../fixtures/apfs/tree.ts'
import {
  addVolume,
  BLOCK_BYTES,
  blockOf,
  encrypt,
  madeVolume,
  mounted,
  newestContainer,
  newestVolume,
  objectsOf,
  recordOf,
  seal,
  TYPE,
} from '../../../fixtures/apfs/volume.ts'
import type { VolumeEntry } from '../../../src/contracts/image.ts'
import { BY_COPIES, FILE_SYSTEMS } from '../../../src/formats/image/filesystem/index.ts'
import { bytesAccountedFor, bytesOf, type Listing, memoryMedium, pathOf } from '../volume.ts'
import { digests, open, sha256 } from './shared.ts'

const VOLUME = 'Made Volume/'
const made = open(madeVolume())
const named = ({ entries }: Listing, path: string, stream: string | null = null): VolumeEntry =>
  entries.find(
    (one) =>
      one.status === 'live' && pathOf(one) === VOLUME + path && (one.stream?.toString() ?? null) === stream,
  )!

describe('APFS, as another driver wrote it', () => {
  it('has the files that a mount shows, byte for byte, and no others', () => {
    const shown = mounted('live')
    expect(shown.size).toBeGreaterThan(300)
    expect(digests(made, VOLUME)).toEqual(new Map(shown))
    expect(sha256(bytesOf(made.medium, named(made, 'DCIM/100APPLE/IMG_0007.bin')))).toBe(
      sha256(FILES.find(([name]) => name.endsWith('IMG_0007.bin'))![1]),
    )
    expect(made.system.problems()).toEqual([])
    expect([made.system.kind, made.system.label, made.system.uuid]).toEqual([
      'apfs',
      'Made Volume',
      '8f3c2a10-5a77-4d0e-9d3b-2c1f0e5b7a91',
    ])
  })

  it('gives links, kinds, owners, modes and times', () => {
    const one = named(made, 'DCIM/100APPLE/IMG_0001.bin')
    expect([one.links, named(made, 'hard-1').record, named(made, 'deep/hard-2').record]).toEqual([
      3,
      one.record,
      one.record,
    ])
    expect(one.times.modifiedNs).toBe(BigInt(Date.UTC(2015, 5, 7, 8, 9, 10)) * 1_000_000n)
    expect([one.times.zone, one.times.resolution.born]).toEqual(['utc', 'ns'])
    expect(named(made, 'link').linkTarget?.toString()).toBe('deep/one.bin')
    expect(named(made, 'dangling').linkTarget?.toString()).toBe('/no/such/place')
    expect(['fifo', 'device', 'many', 'link'].map((name) => named(made, name).kind)).toEqual([
      'fifo',
      'character-device',
      'directory',
      'symlink',
    ])
    expect([named(made, 'big.bin').uid, named(made, 'big.bin').gid, named(made, 'empty').mode]).toEqual([
      501, 20, 0o100600,
    ])
    expect(named(made, 'sparse.bin').allocatedBytes).toBe(2 * BLOCK_BYTES)
  })

  it('gives extended attributes as streams, from records and from blocks of their own', () => {
    const quarantine = named(made, 'DCIM/100APPLE/IMG_0002.bin', 'com.apple.quarantine')
    expect(bytesOf(made.medium, quarantine).toString()).toMatch(/^0081;5f0e1b2c;Safari;/)
    const fork = named(made, 'DCIM/100APPLE/IMG_0003.bin', 'com.apple.ResourceFork')
    expect(sha256(bytesOf(made.medium, fork))).toBe(sha256(linesOf('fork', 20_000)))
    expect(bytesOf(made.medium, named(made, 'DCIM', 'folder')).toString()).toBe('of a folder')
    expect(named(made, 'link', 'com.apple.fs.symlink')).toBeUndefined()
  })

  it('gives what stands beside a content once, however many names it has', () => {
    const bytes = madeVolume()
    const { record } = named(made, 'DCIM/100APPLE/IMG_0002.bin')
    const { leaf, value } = recordOf(bytes, 2, 9, 'hard-1')
    value.writeBigUInt64LE(BigInt(record), 0)
    seal(leaf)
    const listing = open(bytes)
    expect(named(listing, 'hard-1').record).toBe(record)
    const live = listing.entries.filter(({ status }) => status === 'live')
    expect(live.filter(({ stream }) => stream?.toString() === 'com.apple.quarantine')).toHaveLength(1)
  })

  it('decodes what macOS keeps compressed, once the file is marked so', () => {
    const bytes = madeVolume()
    const { record } = named(made, 'packed.txt')
    const { leaf, value } = recordOf(bytes, record, 3)
    value.writeUInt32LE(value.readUInt32LE(68) | 0x20, 68)
    seal(leaf)
    const marked = open(bytes)
    const packed = named(marked, 'packed.txt')
    expect([packed.sizeBytes, packed.notes]).toEqual([20_000, ['compressed']])
    expect(bytesOf(marked.medium, packed).equals(linesOf('packed', 20_000))).toBe(true)
    expect(named(marked, 'packed.txt', 'com.apple.decmpfs')).toBeUndefined()
    expect(bytesOf(made.medium, named(made, 'packed.txt'))).toEqual(Buffer.alloc(0))
  })

  it('has a class for every byte; blocks that copies share are counted once', () => {
    const { classes, free, volume, unallocated } = bytesAccountedFor(made)
    expect([classes, free]).toEqual([volume, unallocated])
    // The driver's own count of blocks in use, less what waits to be freed.
    expect(unallocated).toBeGreaterThan(12_000_000)
    const contents = new Map(
      made.entries
        .filter(({ basis }) => basis === null || basis === 'snapshot')
        .flatMap(({ place }) => (place.kind === 'runs' ? place.runs : []))
        .filter(({ offset }) => offset !== null && offset % BLOCK_BYTES === 0)
        .flatMap(({ offset, length }) =>
          Array.from({ length: length / BLOCK_BYTES }, (_, i) => [offset! + i * BLOCK_BYTES, true] as const),
        ),
    )
    const { allocated, slack } = made.system.classes()
    expect(allocated + slack).toBe(contents.size * BLOCK_BYTES)
  })
})

describe('a container of APFS', () => {
  it('has each of its volumes as a folder, the second of a name by its number', () => {
    const bytes = madeVolume()
    addVolume(bytes, 'Made Volume')
    addVolume(bytes, 'Data')
    const three = open(bytes)
    expect(three.system.label).toBe('Made Volume, Made Volume, Data')
    const live = mounted('live')
    for (const folder of ['Made Volume/', '$Volume-2/', 'Data/']) expect(digests(three, folder)).toEqual(live)
    expect(three.system.stated.map(({ name }) => name)).toContain('volume-3')
    expect(bytesAccountedFor(three)).toMatchObject({ classes: bytes.length })
  })

  it('names an encrypted volume, which hides neither itself nor the others', () => {
    const bytes = madeVolume()
    encrypt(addVolume(bytes, 'Locked'))
    const two = open(bytes)
    expect(two.system.isPartEncrypted).toBe(true)
    const locked = two.entries.filter((one) => pathOf(one).startsWith('Locked'))
    expect(locked).toMatchObject([{ kind: 'unknown', place: { kind: 'none', reason: 'encrypted' } }])
    expect(digests(two, VOLUME)).toEqual(mounted('live'))
    expect(two.system.classes().encrypted).toBeGreaterThan(0)
    const classes = Object.values(two.system.classes()).reduce((sum, one) => sum + one, 0)
    expect(classes).toBe(bytes.length)
    encrypt(newestVolume(bytes))
    const live = open(bytes).entries.filter(({ status }) => status === 'live')
    expect(live.map(({ place }) => place.kind)).toEqual(['none', 'none'])
  })

  it('is read by the newest superblock of its ring when the first block is lost, and that is said', () => {
    const bytes = madeVolume()
    blockOf(bytes, 0).fill(0)
    expect(FILE_SYSTEMS.some(({ recognises }) => recognises(memoryMedium(bytes)))).toBe(false)
    const format = BY_COPIES.find(({ recognises }) => recognises(memoryMedium(bytes)))!
    const medium = memoryMedium(bytes)
    const system = format.open(medium)
    const listing = { system, medium, entries: [...system.entries()] }
    expect(digests(listing, VOLUME)).toEqual(mounted('live'))
    expect(system.problems().map(({ code }) => code)).toEqual(['superblock-from-copy'])
  })

  it('of two devices, or from before the first release, is not taken for one that is read', () => {
    for (const feature of [1, 0x102]) {
      const bytes = madeVolume()
      blockOf(bytes, 0).writeUInt32LE(feature, 64)
      expect(FILE_SYSTEMS.some(({ recognises }) => recognises(memoryMedium(bytes)))).toBe(false)
    }
  })

  it('whose newest checkpoint is damaged is read as of the one before, and that is said', () => {
    const bytes = madeVolume()
    const map = Number(newestContainer(bytes).readBigUInt64LE(160))
    blockOf(bytes, map).fill(0xff)
    const before = open(bytes)
    expect(before.system.problems()[0]).toMatchObject({ code: 'checkpoint-damaged' })
    expect(digests(before, VOLUME).size).toBeGreaterThan(300)
  })
})

describe('a damaged node of APFS', () => {
  it('costs its records, with a row, and no other', () => {
    const bytes = madeVolume()
    const { leaf } = recordOf(bytes, named(made, 'DCIM/100APPLE/IMG_0007.bin').record, 3)
    leaf[2000] = (leaf[2000] as number) ^ 1
    const listing = open(bytes)
    expect(listing.system.problems().map(({ code }) => code)).toContain('node-damaged')
    const left = digests(listing, VOLUME)
    for (const [path, digest] of left) expect([path, digest]).toEqual([path, mounted('live').get(path)])
    expect(left.size).toBeGreaterThan(200)
    expect(bytesAccountedFor(listing)).toMatchObject({ classes: bytes.length })
  })

  it('that leads back to itself is entered once', () => {
    const bytes = madeVolume()
    for (const { bytes: node } of objectsOf(bytes, TYPE.treeRoot, TYPE.fileTree)) {
      const table = 56 + node.readUInt16LE(40)
      const end = node.length - 40
      if ((node.readUInt16LE(32) & 2) !== 0) continue
      for (let i = 0; i < node.readUInt32LE(36); i++)
        node.copy(node, end - node.readUInt16LE(table + i * 8 + 4), 8, 16)
      seal(node)
    }
    const listing = open(bytes)
    expect(listing.system.problems().map(({ code }) => code)).toContain('node-damaged')
    expect(listing.entries.filter(({ status }) => status === 'live').length).toBeLessThan(10)
  })
})

describe('a container of APFS that has lost what leads to its files', () => {
  it('gives every file by its leaves when the root of the tree is damaged, and says so', () => {
    const bytes = madeVolume()
    const roots = objectsOf(bytes, TYPE.treeRoot, TYPE.fileTree)
    // Not that of snapshots, which are no older objects of the same number.
    const root = roots.find(({ bytes: one }) => (one.readUInt16LE(32) & 2) === 0)!
    root.bytes.fill(0xff, 2000, 2100)
    const listing = open(bytes)
    expect(digests(listing, VOLUME)).toEqual(mounted('live'))
    expect(listing.system.problems().map(({ code }) => code)).toContain('index-damaged')
    expect(bytesAccountedFor(listing)).toMatchObject({ classes: bytes.length })
  })

  it('reads a volume as of the checkpoint before when its superblock or its map of objects is damaged', () => {
    for (const code of ['volume-superblock-damaged', 'volume-from-checkpoint']) {
      const bytes = madeVolume()
      const volume = newestVolume(bytes)
      if (code === 'volume-superblock-damaged') volume[1000] = 1
      else blockOf(bytes, Number(volume.readBigUInt64LE(128)))[1000] = 1
      const listing = open(bytes)
      expect(listing.system.problems().map((one) => one.code)).toContain(code)
      const left = digests(listing, VOLUME)
      // Removed in the transaction that is lost.
      expect(left.has('last.bin')).toBe(true)
      for (const [path, digest] of mounted('live')) expect([path, left.get(path)]).toEqual([path, digest])
    }
  })
})

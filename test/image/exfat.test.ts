import { execFileSync } from 'node:child_process'
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { at, exfatVolume, type MadeFile, TABLE_OFFSET } from './exfat-maker.ts'
import { randomBytes, seeded } from './random.ts'
import {
  bytesAccountedFor,
  bytesOf,
  hasTools,
  listed,
  listedMedium,
  memoryMedium,
  pathOf,
  run,
  SYSTEM_PATH,
  tempFolder,
} from './volume.ts'

const random = seeded(85)
const content = (length: number) => randomBytes(random, length)
const folder = tempFolder('exfat')

const scattered = content(10_000)
const inOrder = content(9000)
const half = content(8192)
const removedChain = content(12_000)
const removedInOrder = content(9000)
const nested = content(3000)
const FILES: readonly MadeFile[] = [
  { name: 'scattered ąž 🙂.jpg', content: scattered, clusters: [20, 9, 30], offset: 8 },
  { name: 'in-order.bin', content: inOrder, clusters: [40, 41, 42], contiguous: true },
  {
    name: 'half-written.mov',
    content: half,
    clusters: [50, 51],
    contiguous: true,
    validBytes: 5000,
    offset: -20,
  },
  { name: 'empty', content: Buffer.alloc(0), clusters: [] },
  {
    name: 'folder',
    content: Buffer.alloc(0),
    clusters: [10, 12],
    children: [
      { name: `${'n'.repeat(254)}1`, content: nested, clusters: [60] },
      ...Array.from({ length: 60 }, (_, n) => ({
        name: `child-${n}`,
        content: Buffer.from([n]),
        clusters: [100 + n],
      })),
    ],
  },
  { name: 'gone-scattered.jpg', content: removedChain, clusters: [70, 75, 72], removed: true },
  {
    name: 'gone-in-order.jpg',
    content: removedInOrder,
    clusters: [80, 81, 82],
    contiguous: true,
    removed: true,
  },
  {
    name: 'gone-folder',
    content: Buffer.alloc(0),
    clusters: [90],
    contiguous: true,
    removed: true,
    children: [{ name: 'gone-inside.png', content: nested, clusters: [91], contiguous: true }],
  },
]

describe('exFAT', () => {
  it('lists live names with contents in order, scattered, and zeros behind the valid length', () => {
    const listing = listedMedium(memoryMedium(exfatVolume(FILES)))
    const byPath = new Map(listing.entries.map((entry) => [pathOf(entry), entry]))
    const bytes = (path: string) => bytesOf(listing.medium, byPath.get(path)!)
    expect(listing.system).toMatchObject({
      kind: 'exfat',
      label: 'Kortelė',
      uuid: 'CAFE-1234',
      clusterBytes: 4096,
    })
    expect(bytes('scattered ąž 🙂.jpg')).toEqual(scattered)
    expect(bytes('in-order.bin')).toEqual(inOrder)
    expect(bytes('half-written.mov')).toEqual(Buffer.concat([half.subarray(0, 5000), Buffer.alloc(3192)]))
    expect(bytes('empty')).toEqual(Buffer.alloc(0))
    expect(bytes(`folder/${'n'.repeat(254)}1`)).toEqual(nested)
    expect(bytes('folder/child-59')).toEqual(Buffer.from([59]))
    expect(listing.entries.filter(({ status }) => status === 'live').length).toBe(66)
    expect(listing.system.problems()).toEqual([])
    const { classes, free, volume, unallocated } = bytesAccountedFor(listing)
    expect([classes, free]).toEqual([volume, unallocated])
  })

  it('puts times on UTC where the entry states its offset, and says that it does not otherwise', () => {
    const { entries } = listedMedium(memoryMedium(exfatVolume(FILES)))
    const local = BigInt(Date.UTC(2021, 4, 6, 7, 8, 10)) * 1_000_000n
    const times = (path: string) => entries.find((entry) => pathOf(entry) === path)?.times
    expect(times('in-order.bin')).toMatchObject({
      modifiedNs: local,
      bornNs: local + 1_500_000_000n,
      zone: 'local-unknown',
    })
    expect(times('scattered ąž 🙂.jpg')).toMatchObject({
      modifiedNs: local - 7_200_000_000_000n,
      zone: 'offset',
    })
    expect(times('half-written.mov')).toMatchObject({
      modifiedNs: local + 18_000_000_000_000n,
      zone: 'offset',
    })
  })

  it('reads removed contents by the chain that the table kept, or in order where the entry says so', () => {
    const listing = listedMedium(memoryMedium(exfatVolume(FILES)))
    const removed = listing.entries.filter(({ status }) => status !== 'live')
    expect(removed.map((entry) => [pathOf(entry), entry.status, entry.basis])).toEqual([
      ['gone-scattered.jpg', 'deleted', 'chain'],
      ['gone-in-order.jpg', 'deleted', 'contiguous'],
      ['gone-folder', 'deleted', 'assumed-contiguous'],
      ['gone-folder/gone-inside.png', 'deleted', 'contiguous'],
    ])
    const contents = removed
      .filter(({ kind }) => kind === 'file')
      .map((entry) => bytesOf(listing.medium, entry))
    expect(contents).toEqual([removedChain, removedInOrder, nested])
  })

  it('says that a removed content was overwritten, whole or in part', () => {
    const later = [
      ...FILES,
      { name: 'later-1', content: content(4096), clusters: [81] },
      { name: 'later-2', content: content(4096), clusters: [91] },
    ]
    const { entries } = listedMedium(memoryMedium(exfatVolume(later)))
    const placeOf = (path: string) => entries.find((entry) => pathOf(entry) === path)?.place
    expect(placeOf('gone-in-order.jpg')).toMatchObject({ kind: 'none', reason: 'overwritten-in-part' })
    expect(placeOf('gone-folder/gone-inside.png')).toMatchObject({ kind: 'none', reason: 'overwritten' })
  })

  it('finds a folder that no name leads to any more', () => {
    const bytes = exfatVolume(FILES)
    // The removed folder's name is overwritten by zeros that do not end the directory.
    const name = Buffer.from('gone-folder', 'utf16le')
    const slot = bytes.indexOf(name) - 2 - 64
    bytes.fill(0x20, slot, slot + 96)
    const { entries } = listedMedium(memoryMedium(bytes))
    const inside = entries.find((entry) => pathOf(entry).endsWith('gone-inside.png'))
    expect(inside).toMatchObject({ status: 'orphan', basis: 'contiguous' })
    expect(inside && pathOf(inside)).toBe('$Orphan/cluster-90/gone-inside.png')
  })

  it('finds a removed name that goes on in a cluster which its folder gave back', () => {
    const child = (n: number) => ({
      name: `child-${n}`,
      content: Buffer.from(`content ${n}`),
      clusters: [100 + n],
      contiguous: true,
      removed: n >= 42,
    })
    // 96 bytes a name: the 43rd stands across the end of the folder's first cluster.
    const children = Array.from({ length: 50 }, (_, n) => child(n))
    const shrunk = (second: number) => {
      const clusters = [14, second]
      const bytes = exfatVolume([{ name: 'shrunk', content: Buffer.alloc(0), clusters, children }])
      bytes.writeUInt32LE(0xffffffff, TABLE_OFFSET + 14 * 4)
      bytes.writeUInt32LE(0, TABLE_OFFSET + second * 4)
      const map = at(2) + ((second - 2) >>> 3)
      bytes.writeUInt8(bytes.readUInt8(map) & ~(1 << ((second - 2) & 7)), map)
      return bytes
    }
    const contentOf = (volume: Buffer) => {
      const listing = listedMedium(memoryMedium(volume))
      const found = listing.entries.filter((entry) => pathOf(entry).endsWith('child-42'))
      return found.map((entry) => [entry.status, bytesOf(listing.medium, entry)?.toString()])
    }
    for (const second of [15, 70]) {
      const bytes = shrunk(second)
      expect(contentOf(bytes)).toEqual([['deleted', 'content 42']])
      // What stands there now is of something else: the checksum says so.
      bytes.fill(0x41, at(second) + 2, at(second) + 32)
      expect(contentOf(bytes)).toEqual([])
    }
  })

  it('takes the second boot region when the first is damaged', () => {
    const bytes = exfatVolume(FILES)
    bytes.fill(0, 0, 512)
    const { entries, system } = listedMedium(memoryMedium(bytes))
    expect(entries.length).toBe(70)
    expect(system.problems().map(({ code }) => code)).toEqual(['boot-sector-from-copy'])
  })

  it('breaks a loop in a chain and gives no content for it', () => {
    const bytes = exfatVolume(FILES)
    bytes.writeUInt32LE(20, TABLE_OFFSET + 30 * 4)
    bytes.writeUInt32LE(10, TABLE_OFFSET + 12 * 4)
    const sized = bytes.indexOf(Buffer.from('scattered', 'utf16le')) - 2 - 32
    bytes.writeBigUInt64LE(BigInt(40 * 4096), sized + 24)
    const listing = listedMedium(memoryMedium(bytes))
    const first = listing.entries.find((entry) => pathOf(entry).startsWith('scattered'))
    expect(first).toMatchObject({ place: { kind: 'none', reason: 'damaged', detail: 'chain-loop' } })
    expect(listing.entries.filter(({ status }) => status === 'live').length).toBe(66)
    expect(listing.system.problems().map(({ code }) => code)).toContain('directory-crossed')
    expect(bytesAccountedFor(listing).classes).toBe(bytes.length)
  })

  it('ends on every mutant and loses no byte', () => {
    const whole = exfatVolume(FILES)
    const hit = seeded(500)
    const places = [0, TABLE_OFFSET, at(2), at(4), at(10), at(90)]
    let opened = 0
    for (let n = 0; n < 300; n++) {
      let bytes = Buffer.from(whole)
      for (let k = 0; k < 1 + hit(40); k++)
        bytes[(places[hit(places.length)] ?? 0) + hit(hit(2) === 0 ? 512 : 4096)] =
          hit(3) === 0 ? 0xff : hit(256)
      if (hit(8) === 0) bytes = bytes.subarray(0, hit(bytes.length))
      let listing: ReturnType<typeof listedMedium>
      try {
        listing = listedMedium(memoryMedium(bytes))
      } catch (error) {
        expect(String(error)).toContain('no reader recognises')
        continue
      }
      opened++
      const { classes, free, volume, unallocated } = bytesAccountedFor(listing)
      expect([classes, free]).toEqual([volume, unallocated])
    }
    expect(opened).toBeGreaterThan(250)
  })

  it.skipIf(!hasTools('fsck.exfat'))(
    'what the maker writes is exFAT to the programs of the file system',
    () => {
      const image = join(folder, 'made.img')
      writeFileSync(image, exfatVolume(FILES))
      expect(run('fsck.exfat', ['-n', image])).toContain('clean')
    },
  )
})

/** A loop device that can be written to, where this machine gives one. An earlier user may have left its mark "read-only". */
function loopDevice(image: string): string | null {
  try {
    const device = execFileSync('losetup', ['-f', '--show', image], {
      encoding: 'utf8',
      env: { ...process.env, PATH: SYSTEM_PATH },
    }).trim()
    run('blockdev', ['--setrw', device])
    return device
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return null
  }
}

describe.skipIf(!hasTools('mkfs.exfat', 'mount.exfat-fuse', 'losetup') || process.getuid?.() !== 0)(
  'exFAT as its FUSE driver writes it',
  () => {
    it('lists what was copied, and what was removed again with its content', (context) => {
      const image = join(folder, 'fuse.img')
      writeFileSync(image, '')
      truncateSync(image, 32 << 20)
      run('mkfs.exfat', [image])
      const source = join(folder, 'source')
      const files = new Map<string, Buffer>()
      for (let n = 0; n < 60; n++) {
        const path = `${['a', 'a/b', 'Ilgas vardas'][n % 3]}/${'x'.repeat(n * 4)}-${n} ąž 🙂.bin`
        files.set(path, content([0, 1, 4096, 4097, 20_000][n % 5] ?? 0))
        mkdirSync(join(source, path, '..'), { recursive: true })
        writeFileSync(join(source, path), files.get(path)!)
      }
      const mounted = (use: (point: string) => void): boolean => {
        const device = loopDevice(image)
        if (!device) return false
        const point = join(folder, 'mount')
        mkdirSync(point, { recursive: true })
        try {
          run('mount.exfat-fuse', [device, point])
          try {
            use(point)
          } finally {
            run('umount', [point])
          }
        } finally {
          run('losetup', ['-d', device])
        }
        return true
      }
      // By a program: cpSync ends the process of the tests where it cannot write.
      if (!mounted((point) => run('cp', ['-r', `${source}/.`, point]))) return context.skip()
      listed(image, (listing) => {
        const live = listing.entries.filter(({ kind }) => kind === 'file')
        expect(live.map(pathOf).sort()).toEqual([...files.keys()].sort())
        for (const entry of live) expect(bytesOf(listing.medium, entry)).toEqual(files.get(pathOf(entry)))
      })
      mounted((point) => run('rm', ['-r', join(point, 'Ilgas vardas')]))
      listed(image, (listing) => {
        const removed = listing.entries.filter(({ status, kind }) => status !== 'live' && kind === 'file')
        const gone = [...files.keys()].filter((path) => path.startsWith('Ilgas'))
        const found = new Set<string>()
        for (const entry of removed) {
          const path = gone.find((known) => known.endsWith(entry.path.at(-1)?.toString() ?? '?'))
          if (path === undefined) expect(entry.notes).toContain('name-cut')
          else expect(bytesOf(listing.medium, entry)).toEqual(files.get(path))
          if (path !== undefined) found.add(path)
        }
        expect(found.size).toBeGreaterThanOrEqual(gone.length - 3)
      })
    })
  },
)

import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { VolumeEntry } from '../../../src/contracts/image.ts'
import {
  bytesOf,
  differences,
  digestOf,
  inScratch,
  linesOf,
  linesOfMount,
  mounted,
  sampleTree,
  sha256,
} from '../ext/volumes.ts'
import { type Listing, listed, run } from '../volume.ts'
import { CAN_FILL, makeBtrfs } from './volumes.ts'

const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  'as mkfs makes it': [],
  'blocks of 4 KiB': ['-n', '4096'],
  'one copy of structures, SHA-256': ['-m', 'single', '--csum', 'sha256'],
  'xxHash, mixed groups': ['--csum', 'xxhash', '-M', '-n', '4096'],
}

/** A namespace of another test may keep the volume mounted after its end here. */
const flush = (root: string): void => void run('sync', ['-f', root])

/** As a kernel shows it. The mark "read-only" of a loop device outlives its user, so a copy is mounted. */
function shownOf(path: string): string[] {
  const copy = `${path}-shown`
  run('cp', ['--sparse=always', path, copy])
  // The kernel takes two volumes of one UUID for one.
  run('btrfstune', ['-f', '-m', copy])
  return mounted(copy, 'noatime', linesOfMount).filter((line) => !line.startsWith('snapshot/below '))
}

/** Beside the tree: pieces, a part allocated ahead, a shared content, a part written again in place, subvolumes. */
function fill(root: string): void {
  execFileSync('cp', ['-a', `${sampleTree(1200)}/.`, root])
  const fd = openSync(join(root, 'fragments'), 'w')
  for (let at = 0; at < 120; at++) writeSync(fd, bytesOf(at, 4096), 0, 4096, at * 3 * 4096)
  closeSync(fd)
  run('fallocate', ['-l', '300000', join(root, 'allocated-ahead')])
  run('sh', ['-c', 'printf begun | dd of="$1" conv=notrunc status=none', 'sh', join(root, 'allocated-ahead')])
  run('cp', ['--reflink=always', join(root, 'large'), join(root, 'shared')])
  writeFileSync(join(root, 'again'), bytesOf(70, 200_000))
  run('sync', ['-f', root])
  run('sh', [
    '-c',
    'head -c 9000 /dev/urandom | dd of="$1" bs=1 seek=50000 conv=notrunc status=none',
    'sh',
    join(root, 'again'),
  ])
  run('btrfs', ['-q', 'subvolume', 'create', join(root, 'sub')])
  writeFileSync(join(root, 'sub', 'inside'), bytesOf(71, 30_000))
  mkdirSync(join(root, 'sub', 'folder'))
  run('btrfs', ['-q', 'subvolume', 'create', join(root, 'sub', 'below')])
  writeFileSync(join(root, 'sub', 'below', 'leaf'), bytesOf(72, 10))
  run('btrfs', ['-q', 'subvolume', 'snapshot', '-r', join(root, 'sub'), join(root, 'snapshot')])
  writeFileSync(join(root, 'sub', 'later'), bytesOf(73, 20))
  flush(root)
}

const runsIn = ({ place }: VolumeEntry) => ('runs' in place ? place.runs : [])

const named = ({ entries }: Listing, path: string) => entries.filter((entry) => entry.path.join('/') === path)

describe.skipIf(!CAN_FILL)('a volume of Btrfs (skipped without root, mkfs.btrfs and the driver)', () => {
  it.each(Object.entries(VARIANTS))(
    '%s: names, sizes, times, owners and contents equal the kernel’s',
    (name, options) => {
      const path = makeBtrfs(`${name.replaceAll(/\W/g, '-')}.btrfs`, ...options)
      mounted(path, 'noatime', fill)
      // A snapshot shows a subvolume of its origin as an empty folder that is on no disk.
      const shown = shownOf(path)
      listed(path, ({ system, medium, entries }) => {
        expect(system.kind).toBe('btrfs')
        const stubs = entries.filter(({ notes }) => notes.includes('subvolume-not-here'))
        expect(stubs.map((entry) => entry.path.join('/'))).toEqual(['snapshot/below'])
        const read = linesOf(
          medium,
          entries.filter((entry) => !stubs.includes(entry)),
        )
        expect(differences(read, shown)).toEqual([])
        expect(system.problems()).toEqual([])
        const { metadata, allocated, unallocated, slack, bad } = system.classes()
        expect(metadata + allocated + unallocated + slack + bad).toBe(medium.sizeBytes)
      })
    },
  )

  it.each(['zlib', 'lzo', 'zstd'])('contents that it compressed with %s equal the kernel’s', (coding) => {
    const path = makeBtrfs(`coded-${coding}.btrfs`)
    const words = Buffer.from(Array.from({ length: 60_000 }, (_, i) => `${i % 997} neutral words. `).join(''))
    mounted(path, `noatime,compress-force=${coding}`, (root) => {
      fill(root)
      writeFileSync(join(root, 'words'), words)
      writeFileSync(join(root, 'few'), 'neutral words. '.repeat(50))
      run('sync', ['-f', root])
      // A part of an extent is written again, and a part of one is shared.
      run('sh', [
        '-c',
        'printf other | dd of="$1" bs=1 seek=200000 conv=notrunc status=none',
        'sh',
        join(root, 'words'),
      ])
      run('cp', ['--reflink=always', join(root, 'words'), join(root, 'words-shared')])
    })
    mounted(path, 'noatime', (root) => writeFileSync(join(root, 'plain'), bytesOf(5, 90_000)))
    const shown = shownOf(path)
    listed(path, (listing) => {
      const { medium, entries, system } = listing
      expect(named(listing, 'words')[0]!.place).toMatchObject({ kind: 'extents' })
      expect(named(listing, 'few')[0]!.place).toMatchObject({ kind: 'extents' })
      expect(named(listing, 'plain')[0]!.place).toMatchObject({ kind: 'runs' })
      const read = linesOf(
        medium,
        entries.filter(({ notes }) => !notes.includes('subvolume-not-here')),
      )
      expect(differences(read, shown)).toEqual([])
      expect(system.problems()).toEqual([])
    })
  })

  it('a compressed extent that is damaged is damage, and nothing throws', () => {
    const path = makeBtrfs('coded-damaged.btrfs')
    mounted(path, 'noatime,compress-force=lzo', (root) =>
      writeFileSync(
        join(root, 'words'),
        Array.from({ length: 30_000 }, (_, i) => `${i % 997} words. `).join(''),
      ),
    )
    const bytes = readFileSync(path)
    const [first] = listed(path, (listing) => runsIn(named(listing, 'words')[0]!))
    for (let i = 0; i < 300; i++) bytes[first!.offset! + ((i * 7919) % first!.length)] = (i * 31) & 255
    const broken = inScratch('coded-broken.btrfs')
    writeFileSync(broken, bytes)
    listed(broken, (listing) => {
      const [entry] = named(listing, 'words') as [VolumeEntry]
      expect(digestOf(listing.medium, entry)).toMatch(/^damaged /)
    })
  })

  it('a content of which a block of extents is lost is damaged, and no hole is made of it', () => {
    const path = makeBtrfs('cut.btrfs', '-m', 'single', '-n', '4096')
    mounted(path, 'noatime', (root) => {
      const fd = openSync(join(root, 'fragments'), 'w')
      for (let at = 0; at < 400; at++) writeSync(fd, bytesOf(at, 4096), 0, 4096, at * 3 * 4096)
      closeSync(fd)
      flush(root)
    })
    const bytes = readFileSync(path)
    const leaves: number[] = []
    for (let at = 0; at + 4096 <= bytes.length; at += 4096) {
      const isLeafOfFiles = bytes[at + 100] === 0 && bytes.readBigUInt64LE(at + 88) === 5n
      const count = isLeafOfFiles ? bytes.readUInt32LE(at + 96) : 0
      const types = Array.from({ length: Math.min(count, 100) }, (_, i) => bytes[at + 101 + i * 25 + 8])
      if (count > 20 && types.every((type) => type === 108)) leaves.push(at)
    }
    expect(leaves.length).toBeGreaterThan(2)
    for (const at of leaves) bytes.fill(0, at, at + 4096)
    const broken = inScratch('cut-broken.btrfs')
    writeFileSync(broken, bytes)
    listed(broken, (listing) => {
      expect(named(listing, 'fragments')).toMatchObject([
        { status: 'live', place: { kind: 'none', reason: 'damaged', detail: 'extents-missing' } },
      ])
      expect(listing.system.problems().map(({ code }) => code)).toEqual(
        expect.arrayContaining(['tree-damaged', 'extents-missing']),
      )
    })
  })

  it('files whose names are lost are found without them', () => {
    const path = makeBtrfs('nameless.btrfs', '-m', 'single', '-n', '4096')
    mounted(path, 'noatime', (root) => {
      for (let i = 0; i < 300; i++) writeFileSync(join(root, `${'n'.repeat(200)}-${i}`), bytesOf(i, 9000))
      flush(root)
    })
    const bytes = readFileSync(path)
    let lost = 0
    for (let at = 0; at + 4096 <= bytes.length && lost < 3; at += 4096) {
      const isLeafOfFiles = bytes[at + 100] === 0 && bytes.readBigUInt64LE(at + 88) === 5n
      const count = isLeafOfFiles ? bytes.readUInt32LE(at + 96) : 0
      const types = Array.from({ length: Math.min(count, 100) }, (_, i) => bytes[at + 101 + i * 25 + 8])
      if (count < 5 || !types.every((type) => type === 96)) continue
      bytes.fill(0, at, at + 4096)
      lost += count
    }
    expect(lost).toBeGreaterThanOrEqual(3)
    const broken = inScratch('nameless-broken.btrfs')
    writeFileSync(broken, bytes)
    listed(broken, (listing) => {
      const files = listing.entries.filter(({ kind }) => kind === 'file')
      const orphans = files.filter(({ status }) => status === 'orphan')
      expect([files.length, orphans.length]).toEqual([300, lost])
      for (const entry of orphans) expect(entry.notes).toEqual(['inode-without-name'])
      const all = Array.from({ length: 300 }, (_, i) => sha256(bytesOf(i, 9000))).sort()
      expect(files.map((entry) => digestOf(listing.medium, entry)).sort()).toEqual(all)
    })
  })

  it('a removed file has its name and content while the tree of before is there', () => {
    const path = makeBtrfs('removed.btrfs')
    mounted(path, 'noatime', (root) => {
      mkdirSync(join(root, 'folder', 'below'), { recursive: true })
      for (let i = 0; i < 40; i++) writeFileSync(join(root, 'folder', `file-${i}`), bytesOf(i, 50_001))
      writeFileSync(join(root, 'folder', 'below', 'leaf'), bytesOf(90, 20_001))
    })
    mounted(path, 'noatime', (root) => {
      rmSync(join(root, 'folder', 'file-7'))
      rmSync(join(root, 'folder', 'below'), { recursive: true })
    })
    listed(path, (listing) => {
      const [file] = named(listing, 'folder/file-7') as [VolumeEntry]
      expect(file).toMatchObject({ status: 'deleted', basis: 'checkpoint', sizeBytes: 50_001 })
      expect(digestOf(listing.medium, file)).toBe(sha256(bytesOf(7, 50_001)))
      const [leaf] = named(listing, 'folder/below/leaf') as [VolumeEntry]
      expect(digestOf(listing.medium, leaf)).toBe(sha256(bytesOf(90, 20_001)))
      expect(named(listing, 'folder/file-8')).toMatchObject([{ status: 'live' }])
      expect(listing.system.problems()).toEqual([])
    })
  })
})

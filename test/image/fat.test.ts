import { copyFileSync, mkdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
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
  tempFolder,
} from './volume.ts'

const SIZES = [0, 1, 511, 512, 513, 2048, 5000, 20_000]
const KINDS = [
  { bits: 12, kind: 'fat12', size: 3 << 20, more: ['-r', '512'] },
  { bits: 16, kind: 'fat16', size: 12 << 20, more: ['-r', '512'] },
  { bits: 32, kind: 'fat32', size: 140 << 20, more: ['-s', '4'] },
] as const

const folder = tempFolder('fat')
const MTOOLS = { MTOOLS_SKIP_CHECK: '1' }
const m = (program: string, ...args: string[]) => run(program, args, MTOOLS)

/** Path → content of what is copied onto every volume. */
const files = new Map<string, Buffer>()
const random = seeded(12)
for (let n = 0; n < 48; n++) {
  const within = ['one', 'one/two', 'Ilgas vardas ąčę', 'one/two/three'][n % 4]
  const name = [
    `FILE${n}.BIN`,
    `photograph number ${n} ąž.jpeg`,
    `${'x'.repeat(200)}${n}.dat`,
    `lower${n}.txt`,
  ]
  files.set(`${within}/${name[Math.floor(n / 4) % 4]}`, randomBytes(random, SIZES[random(SIZES.length)] ?? 0))
}
const source = join(folder, 'source')
for (const [path, bytes] of files) {
  mkdirSync(join(source, path, '..'), { recursive: true })
  writeFileSync(join(source, path), bytes)
  utimesSync(join(source, path), 1_700_000_001, 1_700_000_001)
}

function made(kind: (typeof KINDS)[number], name: string): string {
  const image = join(folder, `${name}-${kind.bits}.img`)
  writeFileSync(image, '')
  truncateSync(image, kind.size)
  run('mkfs.fat', ['-F', String(kind.bits), '-n', 'HOLIDAY', '-i', '1234abcd', ...kind.more, image])
  m('mcopy', '-s', '-m', '-i', image, join(source, 'one'), join(source, 'Ilgas vardas ąčę'), '::/')
  return image
}

/** FAT32 keeps where to look for free clusters next; without that, freed ones are taken first. */
function forgetNextFree(image: string): void {
  const bytes = readFileSync(image)
  bytes.fill(0xff, 512 + 488, 512 + 496)
  writeFileSync(image, bytes)
}

/** A path on the volume by its last letters: a removed short name has lost its first. */
const original = (path: string) =>
  [...files.keys()].find(
    (known) => known.slice(known.lastIndexOf('/') + 2) === path.slice(path.lastIndexOf('/') + 2),
  )

describe.skipIf(!hasTools('mkfs.fat', 'mcopy')).each(KINDS)('$kind', (kind) => {
  const image = hasTools('mkfs.fat', 'mcopy') ? made(kind, 'live') : ''

  it('lists every name that was copied, with its content, and accounts for every byte', () => {
    listed(image, (listing) => {
      expect(listing.system.kind).toBe(kind.kind)
      expect(listing.system.label).toBe('HOLIDAY')
      expect(listing.system.uuid).toBe('1234-ABCD')
      const live = listing.entries.filter(({ kind: what }) => what === 'file')
      expect(live.map(pathOf).sort()).toEqual([...files.keys()].sort())
      for (const entry of live) {
        expect(entry.status).toBe('live')
        expect(bytesOf(listing.medium, entry)).toEqual(files.get(pathOf(entry)))
        expect(entry.times.modifiedNs).toBe(1_700_000_000_000_000_000n)
        expect(entry.times.zone).toBe('local-unknown')
      }
      expect(listing.system.problems()).toEqual([])
      const { classes, free, volume, unallocated } = bytesAccountedFor(listing)
      expect(classes).toBe(volume)
      expect(free).toBe(unallocated)
      const contents = [...files.values()].reduce((sum, { length }) => sum + length, 0)
      expect(listing.system.classes().allocated).toBe(contents)
    })
  })

  it('finds what was removed, file by file and folder by folder, with its content', () => {
    const removed = join(folder, `removed-${kind.bits}.img`)
    copyFileSync(image, removed)
    const gone = [...files.keys()].filter((path) => path.startsWith('Ilgas') || path.includes('two'))
    for (const path of gone.filter((name) => name.startsWith('Ilgas'))) m('mdel', '-i', removed, `::/${path}`)
    m('mdeltree', '-i', removed, '::/one/two')
    listed(removed, (listing) => {
      const found = listing.entries.filter(({ status, kind: what }) => status !== 'live' && what === 'file')
      const names = new Set<string>()
      for (const entry of found) {
        const path = original(pathOf(entry))
        if (path === undefined) expect(entry.notes).toContain('long-name-perhaps-cut')
        else {
          names.add(path)
          expect(bytesOf(listing.medium, entry)).toEqual(files.get(path))
          expect(entry.basis).toBe('assumed-contiguous')
        }
      }
      expect(gone.filter((path) => !names.has(path)).length).toBeLessThanOrEqual(2)
      expect(bytesAccountedFor(listing).classes).toBe(kind.size)
    })
  })

  it.skipIf(!hasTools('fls'))('lists at least the removed names that fls lists', () => {
    const removed = join(folder, `removed-${kind.bits}.img`)
    const theirs = run('fls', ['-r', '-d', '-F', removed]).split('\n').filter(Boolean).length
    listed(removed, ({ entries }) => {
      const ours = entries.filter(({ status, kind: what }) => status !== 'live' && what === 'file')
      expect(ours.length).toBeGreaterThanOrEqual(theirs)
      expect(theirs).toBeGreaterThan(30)
    })
  })

  it('says what was overwritten, whole or in part, and gives no content for it', () => {
    const image2 = join(folder, `overwritten-${kind.bits}.img`)
    writeFileSync(image2, '')
    truncateSync(image2, kind.size)
    run('mkfs.fat', ['-F', String(kind.bits), ...kind.more, image2])
    for (const [name, size] of [
      ['FIRST.BIN', 8192],
      ['SECOND.BIN', 8192],
      ['small.bin', 100],
      ['other.bin', 9000],
    ] as const)
      writeFileSync(join(folder, name), randomBytes(random, size))
    const put = (name: string, to = '::/') => m('mcopy', '-i', image2, join(folder, name), to)
    m('mmd', '-i', image2, '::/kept')
    put('FIRST.BIN')
    put('SECOND.BIN')
    m('mdel', '-i', image2, '::/FIRST.BIN', '::/SECOND.BIN')
    if (kind.bits === 32) forgetNextFree(image2)
    put('small.bin', '::/kept/')
    put('other.bin', '::/kept/')
    listed(image2, ({ entries }) => {
      const removed = entries.filter(({ basis }) => basis === 'assumed-contiguous')
      const said = removed.map((entry) => [
        pathOf(entry),
        entry.status,
        entry.place.kind === 'none' && entry.place.reason,
      ])
      expect(said).toEqual([
        ['_IRST.BIN', 'deleted-overwritten', 'overwritten'],
        ['_ECOND.BIN', 'deleted-overwritten', 'overwritten-in-part'],
      ])
    })
  })

  it('ends on every mutant, loses no byte and no more than what was hit', () => {
    const whole = readFileSync(image).subarray(0, kind.bits === 32 ? 4 << 20 : 1 << 20)
    const hit = seeded(kind.bits)
    let opened = 0
    for (let n = 0; n < 120; n++) {
      const bytes = Buffer.from(whole)
      for (let k = 0; k < 1 + hit(60); k++) {
        const at = hit(2) === 0 ? hit(bytes.length) : 512 + hit(400_000)
        bytes[at] = hit(4) === 0 ? 0xff : hit(256)
      }
      const medium = memoryMedium(hit(8) === 0 ? bytes.subarray(0, hit(bytes.length)) : bytes)
      let listing: ReturnType<typeof listedMedium>
      try {
        listing = listedMedium(medium)
      } catch (error) {
        expect(String(error)).toMatch(/no reader recognises|boot sector/)
        continue
      }
      opened++
      const { classes, free, volume, unallocated } = bytesAccountedFor(listing)
      expect(classes).toBe(volume)
      expect(free).toBe(unallocated)
    }
    expect(opened).toBeGreaterThan(90)
  })
})

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Medium } from '../../../src/contracts/image.ts'
import { contentOf } from '../../../src/formats/image/content/content.ts'
import { NotThisFileSystem } from '../../../src/formats/image/filesystem/common/not-this-file-system.ts'
import { EXT } from '../../../src/formats/image/filesystem/ext/index.ts'
import { bytesOf, canMount, haveTools, makeVolume, mounted, run, sampleTree } from './volumes.ts'

/** Mutants a volume; SEIZED_MUTANTS asks for more. */
const MUTANTS = Number(process.env.SEIZED_MUTANTS ?? 60)

function inMemory(bytes: Buffer): Medium {
  return {
    sizeBytes: bytes.length,
    readInto: (target, offset) =>
      offset >= bytes.length
        ? 0
        : bytes.copy(target, 0, offset, Math.min(bytes.length, offset + target.length)),
    damageIn: () => [],
  }
}

/** Where a reader looks: what is worth damaging. */
function readBy(bytes: Buffer): number[] {
  const looked = new Set<number>()
  const medium = inMemory(bytes)
  const watched: Medium = {
    ...medium,
    readInto(target, offset) {
      for (let at = offset; at < offset + target.length; at += 512) looked.add(Math.floor(at / 512))
      return medium.readInto(target, offset)
    },
  }
  for (const _ of EXT.open(watched).entries());
  return [...looked].filter((sector) =>
    bytes.subarray(sector * 512, sector * 512 + 512).some((byte) => byte !== 0),
  )
}

function random(seed: number): (below: number) => number {
  let value = seed * 2_654_435_761 + 1
  return (below) => {
    value ^= value << 13
    value ^= value >>> 17
    value ^= value << 5
    return (value >>> 0) % below
  }
}

function mutant(bytes: Buffer, sectors: readonly number[], seed: number): Buffer {
  const next = random(seed)
  const place = () => ((sectors[next(sectors.length)] ?? 0) * 512 + next(512)) % bytes.length
  if (seed % 11 === 0) return Buffer.from(bytes.subarray(0, next(bytes.length)))
  const changed = Buffer.from(bytes)
  for (let count = 1 + next(8); count > 0; count--) {
    const at = place()
    switch (next(6)) {
      case 0:
        changed.fill(next(2) * 0xff, at & ~511, (at & ~511) + 512)
        break
      case 1:
        changed.copyWithin(place() & ~1023, at & ~1023, (at & ~1023) + 1024)
        break
      case 2:
        changed.writeUInt32LE(
          [0, 1, 0xffffffff, 0x7fffffff, 0x80000000, next(65_536)][next(6)] ?? 0,
          Math.min(at & ~3, bytes.length - 4),
        )
        break
      default:
        changed[at] = (changed[at] ?? 0) ^ (1 << next(8))
    }
  }
  return changed
}

interface Seen {
  readonly live: number
  readonly all: number
  readonly problems: number
}

/** Reads everything of a volume, and checks what always holds. */
function readAll(bytes: Buffer): Seen | null {
  const medium = inMemory(bytes)
  if (!EXT.recognises(medium)) return null
  let system: ReturnType<typeof EXT.open>
  try {
    system = EXT.open(medium)
  } catch (error) {
    if (error instanceof NotThisFileSystem) return null
    throw error
  }
  let live = 0
  let all = 0
  for (const entry of system.entries()) {
    all += 1
    if (entry.status === 'live') live += 1
    expect(entry.path.every((name) => name.length > 0 && !name.includes('/') && !name.includes(0))).toBe(true)
    expect(Number.isSafeInteger(entry.sizeBytes) && entry.sizeBytes >= 0).toBe(true)
    if (entry.place.kind !== 'none' && all % 7 === 0) {
      const content = contentOf(medium, entry.place, entry.sizeBytes)
      content.readInto(Buffer.alloc(Math.min(entry.sizeBytes, 100_000)), 0)
      content.damageIn(0, entry.sizeBytes)
    }
  }
  const classes = Object.values(system.classes())
  expect(classes.every((count) => count >= 0)).toBe(true)
  expect(classes.reduce((sum, count) => sum + count, 0)).toBe(bytes.length)
  let free = 0
  let end = -1
  for (const { offset, length } of system.unallocated()) {
    expect(offset > end && length > 0 && offset + length <= bytes.length).toBe(true)
    free += length
    end = offset + length
  }
  expect(free).toBe(system.classes().unallocated)
  return { live, all, problems: system.problems().length }
}

const VOLUMES: Readonly<Record<string, readonly string[]>> = {
  'ext2, 1 KiB blocks': ['-t', 'ext2', '-b', '1024', '-I', '128'],
  'ext3, 1 KiB blocks': ['-t', 'ext3', '-b', '1024'],
  'ext4, 1 KiB blocks': ['-t', 'ext4', '-b', '1024'],
  'ext4, inline data, without checksums': ['-t', 'ext4', '-O', 'inline_data,^metadata_csum', '-I', '256'],
  'ext4, bigalloc, no 64 bits': ['-t', 'ext4', '-O', 'bigalloc,^64bit', '-C', '16384'],
}

/** A volume with live, deleted and, where a kernel can make it, unreplayed contents. */
function volumeOf(name: string, options: readonly string[]): Buffer {
  const path = makeVolume(`mutant-${name.replace(/[^a-z0-9]/g, '-')}`, 12_288, sampleTree(60), ...options)
  if (!canMount) return readFileSync(path)
  mounted(path, 'noatime', (root) => {
    for (let index = 0; index < 40; index++)
      writeFileSync(join(root, `new ${index}`), bytesOf(index + 1, 900))
    run('sync', '-f', root)
  })
  return mounted(path, 'noatime', (root) => {
    rmSync(join(root, 'many'), { recursive: true })
    rmSync(join(root, 'large'))
    for (let index = 0; index < 20; index++) rmSync(join(root, `new ${index}`))
    run('sync', '-f', root)
    return readFileSync(path)
  })
}

describe.skipIf(!haveTools)('a damaged volume ends by itself, and its bytes still add up', () => {
  for (const [name, options] of Object.entries(VOLUMES)) {
    it(name, () => {
      const bytes = volumeOf(name, options)
      const whole = readAll(bytes)
      const sectors = readBy(bytes)
      let read = 0
      let kept = 0
      for (let seed = 1; seed <= MUTANTS; seed++) {
        const seen = readAll(mutant(bytes, sectors, seed))
        if (!seen) continue
        read += 1
        if (seen.all > (whole?.all ?? 0) / 2) kept += 1
      }
      expect(read).toBeGreaterThan(MUTANTS * 0.7)
      expect(kept).toBeGreaterThan(read * 0.7)
    }, 120_000)
  }
})

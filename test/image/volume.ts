/** A volume in a file, for tests: opened by whichever reader recognises it, listed whole, contents read. */
import { execFileSync } from 'node:child_process'
import { accessSync, closeSync, fstatSync, mkdtempSync, openSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { FileSystem, Medium, VolumeEntry } from '../../src/contracts/image.ts'
import { contentOf } from '../../src/formats/image/content/content.ts'
import { fileMedium } from '../../src/formats/image/content/file-medium.ts'
import { FILE_SYSTEMS } from '../../src/formats/image/filesystem/index.ts'

export const SYSTEM_PATH = [process.env.PATH ?? '', '/usr/sbin', '/sbin'].join(delimiter)

export function hasTools(...names: readonly string[]): boolean {
  return names.every((name) =>
    SYSTEM_PATH.split(delimiter).some((folder) => {
      try {
        accessSync(join(folder, name))
        return true
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== undefined) return false
        throw error
      }
    }),
  )
}

export function run(program: string, args: readonly string[], env: Record<string, string> = {}): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: SYSTEM_PATH, LC_ALL: 'C.UTF-8', TZ: 'UTC', ...env },
  })
}

export function tempFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `seized-${name}-`))
}

export interface Listing {
  readonly system: FileSystem
  readonly medium: Medium
  readonly entries: readonly VolumeEntry[]
}

export function listed<T>(file: string, use: (listing: Listing) => T): T {
  const fd = openSync(file, 'r')
  try {
    return use(listedMedium(fileMedium(fd, fstatSync(fd).size)))
  } finally {
    closeSync(fd)
  }
}

/** @throws when no reader recognises the volume */
export function listedMedium(medium: Medium): Listing {
  const format = FILE_SYSTEMS.find(({ recognises }) => recognises(medium))
  if (!format) throw new Error('no reader recognises this volume')
  const system = format.open(medium)
  return { system, medium, entries: [...system.entries()] }
}

/** Bytes of a medium that lies in memory: for mutants. */
export function memoryMedium(bytes: Buffer): Medium {
  return {
    sizeBytes: bytes.length,
    readInto: (target, offset) =>
      offset >= bytes.length ? 0 : bytes.copy(target, 0, offset, offset + target.length),
    damageIn: () => [],
  }
}

export const pathOf = (entry: VolumeEntry): string => entry.path.map(String).join('/')

export function bytesOf(medium: Medium, entry: VolumeEntry): Buffer {
  if (entry.place.kind === 'none') throw new Error(`${pathOf(entry)} has no content: ${entry.place.reason}`)
  const target = Buffer.alloc(entry.sizeBytes)
  contentOf(medium, entry.place, entry.sizeBytes).readInto(target, 0)
  return target
}

/** Classes and free ranges of a listing that has ended, held against the size of the volume. */
export function bytesAccountedFor({ system, medium }: Listing): {
  readonly classes: number
  readonly free: number
  readonly volume: number
  readonly unallocated: number
} {
  const classes = system.classes()
  let free = 0
  let end = 0
  for (const { offset, length } of system.unallocated()) {
    if (offset < end || length <= 0) throw new Error(`free range ${offset}+${length} is out of order`)
    end = offset + length
    free += length
  }
  if (end > medium.sizeBytes) throw new Error('a free range leaves the volume')
  const { metadata, allocated, unallocated, slack, bad } = classes
  if (Math.min(metadata, allocated, unallocated, slack, bad) < 0) throw new Error('a class is negative')
  return {
    classes: metadata + allocated + unallocated + slack + bad,
    free,
    volume: medium.sizeBytes,
    unallocated,
  }
}

/** Images for tests of containers: made by the tools of the field where they are installed, and opened by descriptor as a child opens them. */
import { execFileSync } from 'node:child_process'
import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Damage, Medium, OpenImage, Segment } from '../../../src/contracts/image.ts'
import { imageStateOf, wholenessOf } from '../../../src/contracts/image-state.ts'
import { openImage } from '../../../src/formats/image/container/index.ts'
import { extentNamesOf } from '../../../src/formats/image/container/vmdk/descriptor.ts'
import { fileMedium } from '../../../src/formats/image/content/file-medium.ts'
import { verifyImage } from '../../../src/formats/image/verify-image.ts'
import { segmentsOf } from '../../../src/host/held/segments-of.ts'
import { atFileEnd } from '../../at-file-end.ts'

/** A folder of its own, gone when the test file is done. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'seized-image-'))
  atFileEnd(() => rmSync(path, { recursive: true, force: true }))
  return path
}

export function hasTool(name: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' })
    return true
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return false
  }
}

export function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Paths of an image, with the extents that a confined process would name of it. */
export function filesOf(path: string): readonly string[] {
  return segmentsOf(path, extentNamesOf(readFileSync(path).subarray(0, 1 << 16)))
}

/** Bytes that any seed makes again, in any size: xorshift32. */
export function randoms(seed: number): () => number {
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

/** A disk as disks are: zeros, text, and what does not compress, in turns; not a whole number of chunks. */
export function diskBytes(chunks: number, seed = 7): Buffer {
  const random = randoms(seed)
  const disk = Buffer.alloc(chunks * 32768 + 3 * 512)
  for (let chunk = 0; chunk <= chunks; chunk++) {
    const part = disk.subarray(chunk * 32768, (chunk + 1) * 32768)
    if (chunk % 8 >= 6 || chunk === chunks)
      for (let at = 0; at < part.length; at += 4) part.writeUInt32LE(random(), at)
    else if (chunk % 8 >= 3) part.fill(`chunk ${chunk} holds neutral text. `)
  }
  return disk
}

export function diskFile(at: string, chunks: number): Buffer {
  const disk = diskBytes(chunks)
  writeFileSync(join(at, 'disk.raw'), disk)
  return disk
}

export function withImage<T>(path: string, use: (image: OpenImage) => T): T {
  const fds: number[] = []
  try {
    const segments = filesOf(path).map((segment) => {
      const fd = openSync(segment, 'r')
      fds.push(fd)
      return { name: basename(segment), medium: fileMedium(fd, fstatSync(fd).size) }
    })
    return use(openImage(segments))
  } finally {
    for (const fd of fds) closeSync(fd)
  }
}

/** Bytes in memory as a medium: what a mutant is made of. */
export function bytesMedium(bytes: Buffer): Medium {
  return {
    sizeBytes: bytes.length,
    readInto(target, offset) {
      const part = bytes.subarray(Math.min(offset, bytes.length), offset + target.length)
      target.set(part)
      return part.length
    },
    damageIn: (): readonly Damage[] => [],
  }
}

export const segmentsInMemory = (paths: readonly string[]): Segment[] =>
  paths.map((path) => ({ name: basename(path), medium: bytesMedium(readFileSync(path)) }))

export function allOf(medium: Medium): Buffer {
  const bytes = Buffer.alloc(medium.sizeBytes)
  medium.readInto(bytes, 0)
  return bytes
}

/** `no-hash`: the image stores none, so nothing was compared. */
export function verifiedImage(image: OpenImage) {
  const { hashes, damage } = verifyImage(image, [], () => {})
  const bytesOf = (kind: Damage['kind']) =>
    damage.reduce((sum, one) => sum + (one.kind === kind ? one.length : 0), 0)
  const state = imageStateOf({
    stored: image.storedHashes,
    acquisitionHash: null,
    computed: hashes,
    ...wholenessOf(image, bytesOf('damaged')),
  })
  const stored = state.hashes.some((one) => one.stored !== null)
  return {
    hashes: state.hashes.map((one) => ({
      algorithm: one.algorithm,
      hex: one.computed,
      agrees: one.stored === null ? null : one.stored === one.computed,
    })),
    damage,
    damagedBytes: bytesOf('damaged'),
    unreadableBytes: bytesOf('unreadable-at-acquisition'),
    result: !stored ? 'no-hash' : state.kind === 'differs' ? 'different' : 'equal',
  }
}

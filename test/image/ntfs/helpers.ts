/** Images made by mkntfs and ntfs-3g (package ntfs-3g), and what a listing and a mount say of them. */
import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getAttributeSync, listAttributesSync } from '@napi-rs/xattr'
import type { FileSystem, Medium, VolumeEntry } from '../../../src/contracts/image.ts'
import { contentOf } from '../../../src/formats/image/content/content.ts'
import { fileMedium } from '../../../src/formats/image/content/file-medium.ts'
import { NTFS } from '../../../src/formats/image/filesystem/ntfs/ntfs.ts'

/** Mounting needs root, FUSE and the tools. */
export const CAN_MOUNT = (() => {
  try {
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK)
    execFileSync('sh', ['-c', 'command -v mkntfs && command -v ntfs-3g && command -v umount'])
    return process.getuid?.() === 0
  } catch {
    return false
  }
})()

export function workFolder(): string {
  return mkdtempSync(join(tmpdir(), 'seized-ntfs-'))
}

export function makeVolume(file: string, sizeBytes: number, options: readonly string[] = []): void {
  writeFileSync(file, '')
  truncateSync(file, sizeBytes)
  execFileSync('mkntfs', ['-F', '-Q', '-q', ...options, file], { stdio: 'ignore' })
}

/** Mounts the image while `use` runs, and returns when the driver has written everything and ended. */
export async function mounted(file: string, use: (root: string) => void): Promise<void> {
  const root = `${file}.mount`
  mkdirSync(root, { recursive: true })
  const before = statSync(root).dev
  const driver = spawn('ntfs-3g', ['-o', 'no_detach,compression,streams_interface=xattr', file, root], {
    stdio: 'ignore',
  })
  const ended = new Promise((done) => driver.once('exit', done))
  while (statSync(root).dev === before) {
    if (driver.exitCode !== null) throw new Error(`ntfs-3g ended with ${driver.exitCode}`)
    await new Promise((done) => setTimeout(done, 10))
  }
  try {
    use(root)
  } finally {
    execFileSync('umount', [root])
    await ended
    rmSync(root, { recursive: true })
  }
}

/** Path (`:stream` behind it) → digest, or the kind of what is no file; of everything below a mount. */
export function mountListing(root: string): Map<string, string> {
  const out = new Map<string, string>()
  const streams = (path: string, at: Buffer) => {
    for (const name of listAttributesSync(path)) {
      if (!name.startsWith('user.')) continue
      out.set(
        `${at.toString('latin1')}:${latin(name.slice(5))}`,
        md5(getAttributeSync(path, name) ?? Buffer.alloc(0)),
      )
    }
  }
  const walk = (folder: Buffer, at: Buffer) => {
    for (const name of readdirSync(folder, { encoding: 'buffer' })) {
      const path = Buffer.concat([folder, Buffer.from('/'), name])
      const below = at.length > 0 ? Buffer.concat([at, Buffer.from('/'), name]) : name
      const status = lstatSync(path)
      if (status.isSymbolicLink()) out.set(below.toString('latin1'), 'symlink')
      else {
        out.set(below.toString('latin1'), status.isDirectory() ? 'directory' : md5(readFileSync(path)))
        streams(path.toString(), below)
        if (status.isDirectory()) walk(path, below)
      }
    }
  }
  walk(Buffer.from(root), Buffer.alloc(0))
  return out
}

function latin(text: string): string {
  return Buffer.from(text).toString('latin1')
}

export function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex')
}

export interface Listed {
  readonly entries: readonly VolumeEntry[]
  readonly system: FileSystem
  readonly volume: Medium
}

/** Opens the image and lists all of it; the descriptor stays open while `use` runs. */
export function listed<T>(file: string, use: (listed: Listed) => T): T {
  const fd = openSync(file, 'r')
  try {
    const volume = fileMedium(fd, statSync(file).size)
    const system = NTFS.open(volume)
    return use({ entries: [...system.entries()], system, volume })
  } finally {
    closeSync(fd)
  }
}

export function nameOf(entry: VolumeEntry): string {
  const path = entry.path.map((name) => name.toString('latin1')).join('/')
  return entry.stream ? `${path}:${entry.stream.toString('latin1')}` : path
}

/** Digest of a file's content; else its kind, or why there is nothing to read. */
export function told(volume: Medium, entry: VolumeEntry): string {
  if (entry.kind !== 'file') return entry.kind
  if (entry.place.kind === 'none') return `none: ${entry.place.reason}`
  return md5(bytesOf(volume, entry))
}

export function bytesOf(volume: Medium, entry: VolumeEntry): Buffer {
  if (entry.place.kind === 'none') throw new Error(`${nameOf(entry)} cannot be read: ${entry.place.reason}`)
  const content = contentOf(volume, entry.place, entry.sizeBytes)
  const bytes = Buffer.alloc(entry.sizeBytes)
  content.readInto(bytes, 0)
  if (content.damageIn(0, entry.sizeBytes).length > 0) throw new Error(`${nameOf(entry)} is damaged`)
  return bytes
}

/** Every byte of the volume has one class, and what is unallocated is listed. */
export function classesAddUp({ system, volume }: Listed): boolean {
  const classes = system.classes()
  let unallocated = 0
  let end = 0
  for (const range of system.unallocated()) {
    if (range.offset < end || range.length <= 0) return false
    end = range.offset + range.length
    unallocated += range.length
  }
  return (
    Object.values(classes).reduce((sum, bytes) => sum + bytes, 0) === volume.sizeBytes &&
    Object.values(classes).every((bytes) => bytes >= 0) &&
    unallocated === classes.unallocated
  )
}

/**
 * Changes an attribute in a record of the table, as a disk editor would: fix-ups are taken off and put on again.
 * @param change given the record and where in it the first attribute of that type begins
 */
export function patched(
  file: string,
  number: number,
  type: number,
  change: (record: Buffer, at: number) => void,
): void {
  const bytes = readFileSync(file)
  const clusterBytes = bytes.readUInt16LE(11) * bytes.readUInt8(13)
  const from = bytes.readUInt32LE(48) * clusterBytes + number * 1024
  const record = bytes.subarray(from, from + 1024)
  const fixUps = record.readUInt16LE(4)
  for (const sector of [1, 2])
    record.copyWithin(sector * 512 - 2, fixUps + sector * 2, fixUps + sector * 2 + 2)
  let at = record.readUInt16LE(20)
  while (record.readUInt32LE(at) !== type) at += record.readUInt32LE(at + 4)
  change(record, at)
  for (const sector of [1, 2]) {
    record.copyWithin(fixUps + sector * 2, sector * 512 - 2, sector * 512)
    record.copyWithin(sector * 512 - 2, fixUps, fixUps + 2)
  }
  writeFileSync(file, bytes)
}

/**
 * Mounts of this machine, from /proc/self/mountinfo (proc_pid_mountinfo(5)). Paths in it are bytes with four octal
 * escapes. A mount can be covered by a later one on the same point; a path then reaches the later one.
 */
import { readFileSync, readSync } from 'node:fs'
import type { ByteString } from '../base/byte-string.ts'
import { cannotWrite } from './fuse-kind.ts'

export interface Mount {
  /** `major:minor` of st_dev for most file systems; not for btrfs subvolumes and overlays. */
  readonly device: string
  /** The part of the file system that is mounted; not `/` for bind mounts. */
  readonly root: ByteString
  readonly point: ByteString
  /** Options of this mount and of the file system itself. */
  readonly options: readonly string[]
  readonly superOptions: readonly string[]
  readonly fileSystem: string
  readonly source: ByteString
}

export const MOUNT_INFO = '/proc/self/mountinfo'

let held: number | null = null

/** Reads mountinfo from an inherited descriptor from now on: a confined process may not open it. */
export function holdMounts(fd: number): void {
  held = fd
}

export function readMounts(): readonly Mount[] {
  return parseMountInfo(held === null ? readFileSync(MOUNT_INFO, 'latin1') : readFromStart(held))
}

function readFromStart(fd: number): string {
  const pieces: Buffer[] = []
  for (let at = 0; ; ) {
    const piece = Buffer.alloc(1 << 16)
    const got = readSync(fd, piece, 0, piece.length, at)
    if (got === 0) return Buffer.concat(pieces).toString('latin1')
    pieces.push(piece.subarray(0, got))
    at += got
  }
}

/** @throws RangeError on a line that is not of mountinfo's shape */
export function parseMountInfo(text: string): readonly Mount[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(parseLine)
}

/**
 * The mount that an absolute path is on: the longest mount point above it, the newest where several cover each other.
 */
export function mountOf(path: ByteString, mounts: readonly Mount[]): Mount | null {
  let best: Mount | null = null
  for (const mount of mounts)
    if (contains(mount.point, path) && mount.point.length >= (best?.point.length ?? 0)) best = mount
  return best
}

/** Visible mounts strictly below a directory, in path order, each point once. */
export function mountsBelow(path: ByteString, mounts: readonly Mount[]): readonly Mount[] {
  const byPoint = new Map<ByteString, Mount>()
  for (const mount of mounts)
    if (mount.point !== path && contains(path, mount.point)) byPoint.set(mount.point, mount)
  return [...byPoint.values()].sort((a, b) => (a.point < b.point ? -1 : 1))
}

/** Options of the mount and of its file system, each once, as page one shows them. */
export function mountOptions(mount: Mount): string {
  return [...new Set([...mount.options, ...mount.superOptions])].join(',')
}

/**
 * Both flags must be rw: either one makes the kernel refuse writes. Programs in user space that cannot write show rw
 * all the same. It covers no writes below the file system.
 */
export function isWritable(mount: Mount): boolean {
  return !saysReadOnly(mount) && !cannotWrite(mount)
}

function saysReadOnly({ options, superOptions }: Mount): boolean {
  return options.includes('ro') || superOptions.includes('ro')
}

export function isFuse(mount: Mount): boolean {
  return mount.fileSystem === 'fuse' || mount.fileSystem === 'fuseblk' || mount.fileSystem.startsWith('fuse.')
}

/** st_dev as mountinfo writes it (gnu_dev_major, gnu_dev_minor). */
export function deviceNumber(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn)
  const minor = (device & 0xffn) | ((device >> 12n) & ~0xffn)
  return `${major}:${minor & 0xffffffffn}`
}

export function contains(directory: ByteString, path: ByteString): boolean {
  if (directory === '/' || directory === path) return true
  return path.startsWith(directory) && path[directory.length] === '/'
}

function parseLine(line: string): Mount {
  const fields = line.split(' ')
  const dash = fields.indexOf('-', 6)
  if (dash === -1 || fields.length < dash + 4) throw new RangeError('a line of mountinfo has too few fields')
  return {
    device: fields[2]!,
    root: unescapeOctal(fields[3]!),
    point: unescapeOctal(fields[4]!),
    options: fields[5]!.split(','),
    fileSystem: unescapeOctal(fields[dash + 1]!),
    source: unescapeOctal(fields[dash + 2]!),
    superOptions: fields[dash + 3]!.split(','),
  }
}

function unescapeOctal(text: string): ByteString {
  return text.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)))
}

/** Facts from sysfs about the block device of a mount. */
export interface BlockDevice {
  readonly readOnly: boolean
  /** File behind a loop device, else null. */
  readonly backingFile: string | null
}

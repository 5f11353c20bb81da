/** Volumes of ext made by mke2fs, and what a kernel's mount shows of them. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { FileSystem, Medium, VolumeEntry } from '../../../src/contracts/image.ts'
import { contentOf } from '../../../src/formats/image/content/content.ts'
import { fileMedium } from '../../../src/formats/image/content/file-medium.ts'
import { EXT } from '../../../src/formats/image/filesystem/ext/index.ts'

const scratch = mkdtempSync(join(tmpdir(), 'seized-ext-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** Path in a folder that is removed after the file. Files that share a process share this module: a later one makes it again. */
export function inScratch(name = ''): string {
  mkdirSync(scratch, { recursive: true })
  return join(scratch, name)
}

export function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  })
}

export function works(program: string, ...args: readonly string[]): boolean {
  try {
    run(program, ...args)
    return true
  } catch {
    return false
  }
}

export const haveTools = works('mke2fs', '-V') && works('debugfs', '-V')

/** Bytes that a seed gives, the same every time. */
export function bytesOf(seed: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let value = seed | 1
  for (let at = 0; at < length; at++) {
    value ^= value << 13
    value ^= value >>> 17
    value ^= value << 5
    bytes[at] = value
  }
  return bytes
}

/** A folder with what a file system can hold: small and large files, holes, long and odd names, links, many names. */
export function sampleTree(names = 300): string {
  const folder = mkdtempSync(inScratch('tree-'))
  const put = (name: string | Buffer, bytes: Buffer) =>
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)]), bytes)
  put('empty', Buffer.alloc(0))
  put('one-byte', Buffer.from('x'))
  put('sixty', bytesOf(1, 60))
  put('inline', bytesOf(2, 130))
  put('block', bytesOf(3, 4096))
  put('odd', bytesOf(4, 12_345))
  put('large', bytesOf(5, 700_001))
  put(Buffer.from([0x62, 0xff, 0xfe, 0x20]), bytesOf(6, 33))
  put('n'.repeat(255), bytesOf(7, 20))
  const hole = join(folder, 'hole')
  writeFileSync(hole, bytesOf(8, 5000))
  const fd = openSync(hole, 'r+')
  ftruncateSync(fd, 300_000)
  closeSync(fd)
  mkdirSync(join(folder, 'deep', 'er', 'still'), { recursive: true })
  put('deep/er/still/leaf', bytesOf(9, 777))
  mkdirSync(join(folder, 'many'))
  for (let index = 0; index < names; index++) {
    put(`many/${index}-${'m'.repeat(index % 60)}`, bytesOf(index + 10, index % 90))
  }
  run('ln', '-s', 'one-byte', join(folder, 'short-link'))
  run('ln', '-s', 'd/'.repeat(60), join(folder, 'long-link'))
  run('ln', join(folder, 'odd'), join(folder, 'deep', 'hard-link'))
  run('mkfifo', join(folder, 'pipe'))
  return folder
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

export function makeVolume(
  name: string,
  sizeKiB: number,
  tree: string | null,
  ...options: readonly string[]
): string {
  const path = inScratch(name)
  const from = tree === null ? [] : ['-d', tree]
  run('mke2fs', '-q', '-F', ...options, ...from, path, `${sizeKiB}k`)
  return path
}

export interface Open {
  readonly medium: Medium
  readonly system: FileSystem
  readonly entries: readonly VolumeEntry[]
}

export function openVolume(path: string): Open {
  const medium = fileMedium(openSync(path, 'r'), lstatSync(path).size)
  const system = EXT.open(medium)
  return { medium, system, entries: [...system.entries()] }
}

export function digestOf(medium: Medium, entry: VolumeEntry): string {
  if (entry.place.kind === 'none') return entry.place.reason
  const content = contentOf(medium, entry.place, entry.sizeBytes)
  const bytes = Buffer.alloc(entry.sizeBytes)
  content.readInto(bytes, 0)
  const damaged = content.damageIn(0, entry.sizeBytes).length > 0 ? 'damaged ' : ''
  return damaged + createHash('sha256').update(bytes).digest('hex')
}

/** A slot of an inode holds less than a block: runs that together are no longer, and begin off the blocks. */
const isInline = ({ place }: VolumeEntry): boolean =>
  place.kind === 'runs' && place.runs.some(({ offset }) => offset !== null && offset % 128 === 40)

/** One line an entry: path in hex, kind, size, times, owner, links, target, content. */
function lineOf(medium: Medium, entry: VolumeEntry): string {
  const path = Buffer.from(entry.path.map((name) => name.toString('latin1')).join('/'), 'latin1')
  const file = entry.kind === 'file'
  return [
    path.toString('latin1'),
    entry.kind,
    entry.record,
    file || entry.kind === 'symlink' ? entry.sizeBytes : '-',
    entry.times.modifiedNs,
    entry.times.changedNs,
    entry.mode?.toString(8),
    entry.uid,
    entry.gid,
    entry.links,
    file && entry.sizeBytes > 0 && entry.allocatedBytes === 0 && isInline(entry)
      ? Math.ceil(entry.sizeBytes / 512) * 512 // What a kernel makes up for contents inside inodes (ext4_getattr).
      : file || entry.kind === 'symlink'
        ? entry.allocatedBytes
        : '-',
    entry.linkTarget?.toString('latin1') ?? '',
    file ? digestOf(medium, entry) : '',
  ].join(' ')
}

/** The lines of what is live. */
export const linesOf = (medium: Medium, entries: readonly VolumeEntry[]): string[] =>
  entries.filter(({ status }) => status === 'live').map((entry) => lineOf(medium, entry))

/** Lines that one side has and the other has not. */
export function differences(read: readonly string[], shown: readonly string[]): string[] {
  const ours = new Set(read)
  const theirs = new Set(shown)
  return [
    ...read.filter((line) => !theirs.has(line)).map((line) => `only read: ${line}`),
    ...shown.filter((line) => !ours.has(line)).map((line) => `only shown: ${line}`),
  ]
}

/** The same lines of a folder that a kernel shows. */
export function linesOfMount(root: string): string[] {
  const lines: string[] = []
  const pending: Buffer[] = [Buffer.alloc(0)]
  for (let folder = pending.pop(); folder; folder = pending.pop()) {
    const at = Buffer.concat([Buffer.from(`${root}/`), folder])
    for (const name of readdirSync(at, { encoding: 'buffer' })) {
      const path = folder.length === 0 ? name : Buffer.concat([folder, Buffer.from('/'), name])
      const absolute = Buffer.concat([Buffer.from(`${root}/`), path])
      const stat = lstatSync(absolute, { bigint: true })
      if (stat.isDirectory()) pending.push(path)
      const file = stat.isFile()
      const link = stat.isSymbolicLink()
      const kind = file
        ? 'file'
        : stat.isDirectory()
          ? 'directory'
          : link
            ? 'symlink'
            : stat.isFIFO()
              ? 'fifo'
              : stat.isSocket()
                ? 'socket'
                : stat.isBlockDevice()
                  ? 'block-device'
                  : 'character-device'
      lines.push(
        [
          path.toString('latin1'),
          kind,
          stat.ino,
          file || link ? stat.size : '-',
          stat.mtimeNs,
          stat.ctimeNs,
          stat.mode.toString(8),
          stat.uid,
          stat.gid,
          stat.nlink,
          file || link ? stat.blocks * 512n : '-',
          link ? readlinkSync(absolute, { encoding: 'buffer' }).toString('latin1') : '',
          file ? createHash('sha256').update(readFileSync(absolute)).digest('hex') : '',
        ].join(' '),
      )
    }
  }
  return lines.sort()
}

/** Mounts a copy of the volume while `use` runs; a mount that is writable changes the copy alone. */
export function mounted<T>(path: string, options: string, use: (root: string) => T): T {
  const root = mkdtempSync(inScratch('mount-'))
  run('mount', '-o', `loop,${options}`, path, root)
  try {
    return use(root)
  } finally {
    run('umount', root)
  }
}

export const canMount = ((): boolean => {
  if (!haveTools || process.getuid?.() !== 0) return false
  try {
    return mounted(makeVolume('probe', 1024, null), 'ro', () => true)
  } catch {
    return false
  }
})()

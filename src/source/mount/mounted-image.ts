/**
 * Finds the files behind a mount: the file of a loop device, the source of a FUSE mount, arguments of the program that
 * serves it.
 * Nearest first. A raw file that is itself on a FUSE mount (ewfmount) leads to the image below it.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { byteString, bytesOf } from '../../base/byte-string.ts'
import { errnoOf } from '../../base/errno.ts'
import { deviceNumber, isFuse, type Mount, mountOf, readMounts } from '../../mounts/mounts.ts'

/** Longer chains are made, not met. */
const MOST_STEPS = 8

/** Absolute paths; empty where the system shows none. */
export function mountedFrom(root: string): readonly string[] {
  const mounts = readMounts()
  const files: string[] = []
  let mount = mountOf(byteString(realpathSync.native(root)), mounts)
  while (mount !== null && files.length < MOST_STEPS) {
    const below = filesBelow(mount).filter((file) => !files.includes(file))
    if (below.length === 0) break
    files.push(...below)
    const next: Mount | null = mountOf(byteString(realpathSync.native(below[0]!)), mounts)
    mount = next !== null && next !== mount && isFuse(next) ? next : null
  }
  return files
}

/** True where one of the files is the same by device and inode. */
export function isAmong(image: string, files: readonly string[]): boolean {
  const wanted = statSync(image, { bigint: true })
  return files.some((file) => {
    const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
    return stat?.dev === wanted.dev && stat.ino === wanted.ino
  })
}

function filesBelow(mount: Mount): readonly string[] {
  const source = bytesOf(mount.source).toString('utf8')
  const stat = source.startsWith('/') ? statSync(source, { bigint: true, throwIfNoEntry: false }) : undefined
  if (stat?.isFile()) return [realpathSync.native(source)]
  const behindLoop = loopFile(stat?.isBlockDevice() ? deviceNumber(stat.rdev) : mount.device)
  if (behindLoop !== null) return [behindLoop]
  return isFuse(mount) ? filesOfProgram(bytesOf(mount.point).toString('utf8')) : []
}

/** Of a loop device, or the one that a partition is part of. */
function loopFile(device: string): string | null {
  const folder = `/sys/dev/block/${device}`
  if (!existsSync(folder)) return null
  const real = realpathSync.native(folder)
  for (const place of [real, dirname(real)]) {
    const backing = `${place}/loop/backing_file`
    if (!existsSync(backing)) continue
    const file = readFileSync(backing, 'utf8').replace(/\n$/, '')
    return existsSync(file) ? file : null
  }
  return null
}

/** Files among the arguments of the running program that serves this mount point: `ewfmount case.E01 /mnt/ewf`. */
function filesOfProgram(point: string): readonly string[] {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const started = commandOf(pid)
    if (started === null) continue
    const paths = started.words.map((word) => resolve(started.folder, word))
    if (!paths.includes(point)) continue
    const files = paths.filter((path) => path !== point && isFile(path))
    if (files.length > 0) return files
  }
  return []
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch (error) {
    if (GONE.has(errnoOf(error))) return false
    throw error
  }
}

/** Null where the process has ended or may not be read. */
function commandOf(pid: string): { readonly words: readonly string[]; readonly folder: string } | null {
  try {
    const [, ...words] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, 200)
    if (words.length < 2) return null
    return { words: words.filter((word) => word !== ''), folder: readlinkSync(`/proc/${pid}/cwd`) }
  } catch (error) {
    if (GONE.has(errnoOf(error))) return null
    throw error
  }
}

const GONE: ReadonlySet<string> = new Set([
  'ENOENT',
  'ENOTDIR',
  'ESRCH',
  'EACCES',
  'EPERM',
  'ENAMETOOLONG',
  'ELOOP',
])

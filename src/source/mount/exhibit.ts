/**
 * How the exhibit is mounted, and the facts that this does and does not prove. All values are read from the kernel
 * (mountinfo, sysfs) before the walk, and each remark states its limits.
 */

import { spawnSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type ByteString, byteString, bytesOf } from '../../base/byte-string.ts'
import { errnoOf } from '../../base/errno.ts'
import { UsageError } from '../../base/errors.ts'
import { printName, printText } from '../../base/evidence-path.ts'
import type { Exhibit } from '../../contracts/case.ts'
import { canListExtendedAttributes } from '../../mounts/attribute-library.ts'
import { clockOf } from '../../mounts/file-times.ts'
import { cannotWrite } from '../../mounts/fuse-kind.ts'
import type { BlockDevice } from '../../mounts/mounts.ts'
import {
  contains,
  deviceNumber,
  isFuse,
  isWritable,
  type Mount,
  mountOf,
  mountOptions,
  mountsBelow,
  readMounts,
} from '../../mounts/mounts.ts'
import { remarksOn } from './remarks.ts'

/** @throws UsageError when the root is not a directory that can be examined */
export async function describeExhibit(root: string): Promise<Exhibit> {
  const real = realRoot(root)
  const stats = statSync(real, { bigint: true })
  if (!stats.isDirectory())
    throw new UsageError(
      `The exhibit ${printText(root)} is not a directory. Mount the image read-only and give the mount point.`,
    )
  const mounts = readMounts()
  const path = byteString(real)
  const mount = mountOf(path, mounts)
  if (mount === null) throw new UsageError(`No mount holds ${printText(root)}: is /proc mounted?`)
  const device = blockDevice(stats.dev)
  const below = mountsBelow(path, mounts)
  const probed = probe(mount)
  const exhibit = {
    root: real,
    rootInode: stats.ino,
    rootDevice: stats.dev,
    fileSystem: mount.fileSystem,
    uuid: probed.uuid,
    mountSource: printName(bytesOf(mount.source)),
    mountOptions: mountOptions(mount),
    writable: isWritable(mount),
    viaLoop: device?.backingFile != null,
    viaFuse: isFuse(mount),
    submounts: below.map((sub) => ({
      path: printName(bytesOf(path === '/' ? sub.point.slice(1) : sub.point.slice(path.length + 1))),
      fileSystem: sub.fileSystem,
      options: mountOptions(sub),
      writable: isWritable(sub),
    })),
  }
  const remarks = remarksOn(exhibit, {
    device,
    probedType: probed.type,
    cannotWrite: cannotWrite(mount),
    mountPoint: printName(bytesOf(mount.point)),
    isMountPoint: mount.point === path && mount.root === '/',
    asRoot: process.geteuid?.() === 0,
    zonelessTimes: clockOf(mount).modified.zone === 'local-unknown',
    listsAttributes: canListExtendedAttributes,
  })
  return { ...exhibit, remarks }
}

/**
 * Would writing this path write into the exhibit? Also true for paths that reach it by another mount or a link.
 * The output need not exist: its nearest existing ancestor decides.
 */
export function isInside(exhibitRoot: string, outputPath: string): boolean {
  const root = realpathSync.native(exhibitRoot)
  const output = nearestReal(outputPath)
  const rootStats = statSync(root, { bigint: true })
  for (let at = output; ; at = dirname(at)) {
    const stats = statSync(at, { bigint: true })
    if (stats.dev === rootStats.dev && stats.ino === rootStats.ino) return true
    if (dirname(at) === at) break
  }
  const mounts = readMounts()
  const [inner, outer] = [placeOnDevice(byteString(output), mounts), placeOnDevice(byteString(root), mounts)]
  if (inner === null || outer === null) return false
  if (inner.device === outer.device && contains(outer.path, inner.path)) return true
  // True where the output is on a file system that is also mounted below the exhibit.
  return mountsBelow(byteString(root), mounts).some(
    (sub) => sub.device === inner.device && contains(sub.root, inner.path),
  )
}

/** A path inside its own file system, independent of the mount through which it is reached. */
function placeOnDevice(
  path: ByteString,
  mounts: readonly Mount[],
): { device: string; path: ByteString } | null {
  const mount = mountOf(path, mounts)
  if (mount === null) return null
  const rest = mount.point === '/' ? path : path.slice(mount.point.length)
  const joined = mount.root === '/' ? rest : mount.root + rest
  return { device: mount.device, path: joined === '' ? '/' : joined.replace(/(.)\/$/, '$1') }
}

function nearestReal(path: string): string {
  for (let at = resolve(path); ; at = dirname(at)) {
    try {
      return realpathSync.native(at)
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' || dirname(at) === at) throw error
    }
    // Opening a dangling link creates its target, so the target decides.
    if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink())
      return nearestReal(resolve(dirname(at), readlinkSync(at)))
  }
}

function realRoot(root: string): string {
  let bytes: Buffer
  try {
    bytes = realpathSync.native(root, { encoding: 'buffer' })
  } catch (error) {
    throw new UsageError(`The exhibit ${printText(root)} could not be found (${errnoOf(error)}).`, {
      cause: error,
    })
  }
  const real = bytes.toString('utf8')
  if (!Buffer.from(real).equals(bytes))
    throw new UsageError(
      `The exhibit's mount point ${printName(bytes)} is not UTF-8: mount it under a plain name.`,
    )
  return real
}

function blockDevice(device: bigint): BlockDevice | null {
  const folder = `/sys/dev/block/${deviceNumber(device)}`
  if (!existsSync(folder)) return null
  const backing = `${folder}/loop/backing_file`
  return {
    readOnly: readFileSync(`${folder}/ro`, 'utf8').trim() === '1',
    backingFile: existsSync(backing) ? readFileSync(backing, 'utf8').trim() : null,
  }
}

// A probe reads the device; a damaged one can take long over it.
const PROBE_MS = 5000

/** UUID and type of the file system, from udev's links or from blkid; null where both are silent. */
function probe(mount: Mount): { readonly uuid: string | null; readonly type: string | null } {
  const nothing = { uuid: null, type: null }
  if (!mount.source.startsWith('/') || !existsSync(bytesOf(mount.source))) return nothing
  const linked = linkedUuid(mount.source)
  const run = spawnSync('blkid', ['-p', '-o', 'export', '--', bytesOf(mount.source).toString()], {
    encoding: 'utf8',
    timeout: PROBE_MS,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
  })
  // No blkid, no right to read the device, or no file system recognised: the UUID is unknown.
  if (run.status !== 0) return { ...nothing, uuid: linked }
  const field = (name: string) =>
    new RegExp(`^${name}=([A-Za-z0-9_.-]{1,64})$`, 'm').exec(run.stdout)?.[1] ?? null
  return { uuid: linked ?? field('UUID'), type: field('TYPE') }
}

function linkedUuid(source: ByteString): string | null {
  const folder = '/dev/disk/by-uuid'
  if (!existsSync(folder)) return null
  const device = realpathSync.native(bytesOf(source))
  const match = readdirSync(folder).find((name) => {
    const link = `${folder}/${name}`
    return existsSync(link) && realpathSync.native(link) === device
  })
  return match ?? null
}

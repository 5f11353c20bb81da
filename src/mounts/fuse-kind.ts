/** Kinds of FUSE mounts. The mount flags report rw even if the program cannot write. */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import { type ByteString, bytesOf } from '../base/byte-string.ts'
import { errnoOf } from '../base/errno.ts'

/**
 * Programs without a way to write.
 * @see their sources: none of them has an operation `write` (fuseiso, libyal's mount tools, affuse, squashfuse,
 * apfs-fuse)
 */
const CANNOT_WRITE: ReadonlySet<string> = new Set([
  ...['fuseiso', 'affuse', 'squashfuse', 'squashfuse_ll', 'apfs-fuse'],
  // libyal: images, volumes and file systems.
  ...['ewfmount', 'qcowmount', 'vhdimount', 'vmdkmount', 'modimount', 'phdimount', 'bdemount', 'fvdemount'],
  ...['luksdemount', 'vshadowmount', 'vslvmmount', 'vsapmmount', 'vsgptmount', 'vsmbrmount'],
  ...['fsapfsmount', 'fsextmount', 'fsfatmount', 'fshfsmount', 'fsntfsmount', 'fsxfsmount'],
])

/** True of a FUSE mount whose program is known and has no way to write. */
export function cannotWrite(mount: { readonly fileSystem: string; readonly point: ByteString }): boolean {
  const program =
    mount.fileSystem === 'fuse' ? programServing(mount.point) : /^fuse\.(.+)$/.exec(mount.fileSystem)?.[1]
  return program !== undefined && CANNOT_WRITE.has(program)
}

/**
 * Where mountinfo names no program (libyal's tools set no subtype): the process that holds /dev/fuse and was told this
 * mount point, also as a path relative to where it was started.
 */
function programServing(point: ByteString): string | undefined {
  const pid = readdirSync('/proc').find(
    (name) => /^\d+$/.test(name) && holdsFuse(name) && wasTold(name, point),
  )
  return pid && basename(argumentsOf(pid)[0] ?? '')
}

function wasTold(pid: string, point: ByteString): boolean {
  return argumentsOf(pid)
    .slice(1)
    .map((argument) => argument.replace(/^(?:\.\.?\/)+/, '').replace(/(.)\/+$/, '$1'))
    .some((argument) => argument === point || (argument !== '' && point.endsWith(`/${argument}`)))
}

function argumentsOf(pid: string): readonly string[] {
  return unlessGone([], () => readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0'))
}

function holdsFuse(pid: string): boolean {
  return unlessGone([], () => readdirSync(`/proc/${pid}/fd`)).some((fd) =>
    unlessGone(false, () => readlinkSync(`/proc/${pid}/fd/${fd}`) === '/dev/fuse'),
  )
}

/** Ignores processes that end during the check, and processes of other users, whose descriptors are not readable. */
function unlessGone<T>(otherwise: T, look: () => T): T {
  try {
    return look()
  } catch (error) {
    errnoOf(error)
    return otherwise
  }
}

// Both formats have their name at byte 3 of the first sector (Microsoft, exFAT specification 3.1.2; NTFS boot sector,
// OEM ID).
const NAME_AT = 3
const NAMES: Readonly<Record<string, string>> = {
  'NTFS    ': 'fuse.ntfs-3g',
  'EXFAT   ': 'fuse.exfat',
}

/**
 * The file system of a block device that FUSE presents; `fuseblk` where the device does not state it or may not be
 * read.
 */
export function kindOnDevice(source: ByteString): string {
  const name = Buffer.alloc(8)
  unlessGone(undefined, () => {
    const fd = openSync(bytesOf(source), 'r')
    try {
      readSync(fd, name, 0, name.length, NAME_AT)
    } finally {
      closeSync(fd)
    }
  })
  return NAMES[name.toString('latin1')] ?? 'fuseblk'
}

/**
 * Opens files below the exhibit's root without ever following a symbolic link, at any depth: component by component
 * through /proc/self/fd, with the directories used last kept open.
 */
import { closeSync, constants, openSync } from 'node:fs'
import { type ByteString, bytesOf } from '../base/byte-string.ts'
import { errnoOf } from '../base/errno.ts'
import { retried } from '../base/scarce.ts'

// A path through a directory needs no right to list it: O_PATH (open(2)), which Node does not name.
const O_PATH = 0o10000000
export const OPEN_ROOT = O_PATH | constants.O_DIRECTORY
export const OPEN_DIRECTORY = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW
export const OPEN_FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
// Files come in inode order, and a disk fills many directories at once: too few cost two system calls a file. Well
// below the 1024 descriptors that a process may have where nobody raised the limit.
const MAX_DIRECTORIES = 768
const KEPT_ABOVE = 32

export class Extractor {
  readonly #root: number
  /** Oldest use first: a Map keeps the order in which keys were set. */
  readonly #directories = new Map<ByteString, number>()
  #flags = OPEN_FILE | constants.O_NOATIME
  /** Descriptors of the directory used last and of the working directory, -1 for none. */
  #last = -1
  #inside = -1
  atimeTouched = false

  constructor(root: ByteString) {
    this.#root = openSync(bytesOf(root), OPEN_ROOT)
  }

  /** @returns a descriptor that may be of anything but a link: look before reading. @throws errors of open(2) */
  open(path: ByteString): number {
    return retried(
      () => this.#open(path),
      () => this.#relieve(),
    )
  }

  /** A path without links on its way, to look at a name by: good until the next call. @throws errors of open(2) */
  at(path: ByteString): Buffer {
    return retried(
      () => this.#at(path),
      () => this.#relieve(),
    )
  }

  #at(path: ByteString): Buffer {
    const slash = path.lastIndexOf('/')
    const directory = slash === -1 ? this.#root : this.#directory(path.slice(0, slash))
    return bytesOf(this.#reach(directory) + path.slice(slash + 1))
  }

  #open(path: ByteString): number {
    const at = this.#at(path)
    try {
      return openSync(at, this.#flags)
    } catch (error) {
      // Only an owner (or root) may ask that the access time stays as it is.
      if (errnoOf(error) !== 'EPERM' || !(this.#flags & constants.O_NOATIME)) throw error
      const fd = openSync(at, OPEN_FILE)
      this.atimeTouched = true
      this.#flags = OPEN_FILE
      return fd
    }
  }

  /** Prefix for a name. Many files of one directory are opened from inside it, which halves the work of the kernel. */
  #reach(directory: number): ByteString {
    if (directory === this.#inside) return './'
    if (directory === this.#last) {
      process.chdir(`/proc/self/fd/${directory}`)
      this.#inside = directory
      return './'
    }
    this.#last = directory
    return `/proc/self/fd/${directory}/`
  }

  #directory(path: ByteString): number {
    const cached = this.#directories.get(path)
    if (cached !== undefined) {
      this.#directories.delete(path)
      this.#directories.set(path, cached)
      return cached
    }
    // Nearest cached ancestor, then one name at a time.
    let reached = path.lastIndexOf('/')
    while (reached !== -1 && !this.#directories.has(path.slice(0, reached)))
      reached = path.lastIndexOf('/', reached - 1)
    let fd = reached === -1 ? this.#root : this.#directories.get(path.slice(0, reached))!
    let held = true
    const names = path.slice(reached + 1).split('/')
    for (const [i, name] of names.entries()) {
      const parent = fd
      try {
        fd = openSync(bytesOf(`/proc/self/fd/${parent}/${name}`), OPEN_DIRECTORY)
      } finally {
        if (!held) closeSync(parent)
      }
      reached += 1 + name.length
      // Those above are kept too, as far as a file beside them is likely to come next.
      held = i >= names.length - KEPT_ABOVE
      if (held) this.#keep(path.slice(0, reached), fd)
    }
    return fd
  }

  /** Closes every descriptor that is only kept for speed. @returns whether there were any */
  #relieve(): boolean {
    const kept = [...this.#directories.values()]
    this.#directories.clear()
    for (const fd of kept) closeSync(fd)
    this.#last = -1
    this.#inside = -1
    return kept.length > 0
  }

  #keep(path: ByteString, fd: number): void {
    this.#directories.set(path, fd)
    if (this.#directories.size <= MAX_DIRECTORIES) return
    const [oldest, oldFd] = this.#directories.entries().next().value!
    this.#directories.delete(oldest)
    closeSync(oldFd)
    // The number can come again for another directory.
    if (oldFd === this.#last) this.#last = -1
    if (oldFd === this.#inside) this.#inside = -1
  }
}

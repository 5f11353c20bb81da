/**
 * Opens files below the exhibit's root without ever following a symbolic link, at any depth: component by component
 * through /proc/self/fd, with the directories used last kept open.
 */
import { closeSync, constants, openSync } from 'node:fs'
import { type ByteString, bytesOf } from './byte-string.ts'
import { errnoOf } from './errno.ts'

// A path through a directory needs no right to list it: O_PATH (open(2)), which Node does not name.
const O_PATH = 0o10000000
const OPEN_DIRECTORY = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW
const OPEN_FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
// Files come in inode order, so the same few directories come again and again.
const MAX_DIRECTORIES = 128

export class Opener {
  readonly #root: number
  /** Oldest use first: a Map keeps the order in which keys were set. */
  readonly #directories = new Map<ByteString, number>()
  #flags = OPEN_FILE | constants.O_NOATIME
  atimeTouched = false

  constructor(root: ByteString) {
    this.#root = openSync(bytesOf(root), O_PATH | constants.O_DIRECTORY)
  }

  /** @returns a descriptor that may be of anything but a link: look before reading. @throws errors of open(2) */
  open(path: ByteString): number {
    const slash = path.lastIndexOf('/')
    const directory = slash === -1 ? this.#root : this.#directory(path.slice(0, slash))
    const at = bytesOf(`/proc/self/fd/${directory}/${path.slice(slash + 1)}`)
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

  #directory(path: ByteString): number {
    const cached = this.#directories.get(path)
    if (cached !== undefined) {
      this.#directories.delete(path)
      this.#directories.set(path, cached)
      return cached
    }
    const names = path.split('/')
    // Nearest cached ancestor, then one name at a time; only the wanted directory is kept.
    let depth = names.length - 1
    let fd = this.#root
    for (; depth > 0; depth--) {
      const ancestor = this.#directories.get(names.slice(0, depth).join('/'))
      if (ancestor === undefined) continue
      fd = ancestor
      break
    }
    const from = fd
    for (; depth < names.length; depth++) {
      const parent = fd
      try {
        fd = openSync(bytesOf(`/proc/self/fd/${parent}/${names[depth]}`), OPEN_DIRECTORY)
      } finally {
        if (parent !== from) closeSync(parent)
      }
    }
    this.#keep(path, fd)
    return fd
  }

  #keep(path: ByteString, fd: number): void {
    this.#directories.set(path, fd)
    if (this.#directories.size <= MAX_DIRECTORIES) return
    const [oldest, oldFd] = this.#directories.entries().next().value!
    this.#directories.delete(oldest)
    closeSync(oldFd)
  }
}

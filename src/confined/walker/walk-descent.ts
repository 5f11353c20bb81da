/**
 * The directories from the root to the current position of a walk. Few of them are open, and the last is the working
 * directory.
 *
 * A directory that was closed to save descriptors is reopened from the nearest open ancestor, and must be the same
 * directory. The process's working directory moves with the walk until the walk is closed.
 */
import { constants, fstatSync, openSync } from 'node:fs'
import { type ByteString, bytesOf } from '../../base/byte-string.ts'
import { closeFrame, type Frame } from './walk-frame.ts'

// Open descriptors for directories; directories further up are reopened on the way back.
const MAX_OPEN_DIRECTORIES = 64
export const OPEN_DIRECTORY =
  constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW | constants.O_NONBLOCK

export class Descent {
  /** The working directory before the walk, and the current one. */
  readonly #outside = process.cwd()
  #inside: Frame | null = null
  readonly #stack: Frame[] = []
  /** `dev:inode` of every directory on the stack. */
  readonly #ancestors = new Set<string>()

  /** The directory that the walk is in. */
  get top(): Frame | undefined {
    return this.#stack.at(-1)
  }

  /** Whether this directory is the current one or one of its ancestors. */
  holds(device: bigint, inode: bigint): boolean {
    return this.#ancestors.has(`${device}:${inode}`)
  }

  enter(frame: Frame): void {
    this.#stack.push(frame)
    this.#ancestors.add(`${frame.device}:${frame.inode}`)
    const surplus = this.#stack.length - MAX_OPEN_DIRECTORIES
    // The root stays open: everything can be reached from it again.
    if (surplus <= 0) return
    for (const open of [this.#stack[surplus]!, ...this.#stack[surplus]!.pending]) closeFrame(open)
  }

  /** Closes all descriptors except those of the root and the current directory. @returns whether any was closed */
  readonly relieve = (): boolean => {
    let any = false
    for (const [depth, frame] of this.#stack.entries())
      for (const open of depth === 0 || depth === this.#stack.length - 1
        ? frame.pending
        : [frame, ...frame.pending]) {
        any ||= open.fd !== null
        closeFrame(open)
      }
    return any
  }

  leave(): void {
    const frame = this.#stack.pop()!
    closeFrame(frame)
    this.#ancestors.delete(`${frame.device}:${frame.inode}`)
  }

  /** Prefix for names in the current directory. Access from inside the directory costs half. */
  reach(frame: Frame): ByteString {
    if (this.#inside === frame) return './'
    const there = `/proc/self/fd/${this.#descriptor(this.#stack.length - 1)}`
    try {
      process.chdir(there)
    } catch {
      // A worker thread may not change the directory, and some directories can be listed but not entered: then each
      // name is reached through the descriptor.
      return `${there}/`
    }
    this.#inside = frame
    return './'
  }

  /** An open descriptor of the directory at this depth, reopened from the nearest open ancestor when it was closed. */
  #descriptor(depth: number): number {
    const frame = this.#stack[depth]!
    if (frame.fd !== null) return frame.fd
    let nearest = depth - 1
    while (this.#stack[nearest]!.fd === null) nearest--
    let fd = this.#stack[nearest]!.fd!
    for (let i = nearest + 1; i <= depth; i++) {
      const step = this.#stack[i]!
      const opened = openSync(bytesOf(`/proc/self/fd/${fd}/${step.name}`), OPEN_DIRECTORY)
      if (i > nearest + 1 && i - 1 <= depth - MAX_OPEN_DIRECTORIES / 2) closeFrame(this.#stack[i - 1]!)
      step.fd = fd = opened
      const stats = fstatSync(fd, { bigint: true })
      if (stats.dev !== step.device || stats.ino !== step.inode) {
        closeFrame(step)
        throw Object.assign(new Error('the directory was replaced during the walk'), {
          code: 'ENOENT',
          errno: -2,
        })
      }
    }
    return fd
  }

  close(): void {
    for (const frame of this.#stack) for (const open of [frame, ...frame.pending]) closeFrame(open)
    this.#stack.length = 0
    if (this.#inside !== null) process.chdir(this.#outside)
    this.#inside = null
  }
}

/**
 * The names of one directory, in raw-byte order. Names are bytes, held packed: a folder of a million names as strings
 * would cost more memory than all the rest of the program.
 */
import { opendirSync } from 'node:fs'
import type { ByteString } from '../../base/byte-string.ts'
import { errnoOf } from '../../base/errno.ts'
import { isScarce, retried } from '../../base/scarce.ts'
import { notApplicable, notDone, type StageResult } from '../../contracts/stage.ts'

export interface Listing {
  readonly names: Names
  readonly result: StageResult
}

/**
 * Every name of an open directory. If the listing breaks off (EIO, a damaged directory block, a name with `/` in it),
 * the names that the kernel returned before are kept, and the result reports the error.
 * @param moved called at intervals with the number of names so far, so a long listing is not mistaken for a hanging one
 * @param relieve closes descriptors if there are too few; false if no descriptor can be closed
 */
export function list(fd: number, moved: (names: number) => void, relieve: () => boolean): Listing {
  const at = `/proc/self/fd/${fd}`
  let broken: unknown
  let read = new NameBuffer()
  const readAll = (bufferSize: number) =>
    retried(() => {
      read = new NameBuffer()
      readNames(at, read, bufferSize, moved)
    }, relieve)
  try {
    readAll(64)
  } catch {
    // libuv drops the names of the batch in which the error came: ask again one by one.
    try {
      readAll(1)
    } catch (again) {
      broken = again
    }
  }
  const names = read.sorted()
  const listed = read.count
  if (broken !== undefined) {
    const params = { errno: errnoOf(broken), ...(listed > 0 && { names: listed }) }
    const reason = isScarce(broken) ? 'machine-short' : 'directory-unreadable'
    return { names, result: notDone(reason, { code: 'errno', params }) }
  }
  if (listed > names.length) {
    const params = { names: listed - names.length }
    return { names, result: notApplicable('directory', { code: 'names-listed-again', params }) }
  }
  return { names, result: DIRECTORY }
}

const DIRECTORY: StageResult = notApplicable('directory')
const NAMES_A_MOVE = 1024

function readNames(at: string, names: NameBuffer, bufferSize: number, moved: (names: number) => void): void {
  const directory = opendirSync(at, { encoding: 'latin1', bufferSize })
  try {
    for (let item = directory.readSync(); item !== null; item = directory.readSync()) {
      names.add(item.name)
      if (names.count % NAMES_A_MOVE === 0) moved(names.count)
    }
  } finally {
    directory.closeSync()
  }
}

/** Sorted, each once. */
export class Names {
  readonly #bytes: Buffer
  /** Start of each name, in order of listing, and the end of the last name. */
  readonly #starts: Uint32Array
  readonly #order: Uint32Array

  constructor(bytes: Buffer, starts: Uint32Array, order: Uint32Array) {
    this.#bytes = bytes
    this.#starts = starts
    this.#order = order
  }

  static readonly NONE = new Names(Buffer.alloc(0), Uint32Array.of(0), new Uint32Array(0))

  get length(): number {
    return this.#order.length
  }

  at(index: number): ByteString | undefined {
    const i = this.#order[index]
    return i === undefined
      ? undefined
      : this.#bytes.toString('latin1', this.#starts[i]!, this.#starts[i + 1]!)
  }
}

class NameBuffer {
  #bytes: Buffer = Buffer.allocUnsafe(1024)
  #used = 0
  #starts = new Uint32Array(65)
  count = 0

  add(name: ByteString): void {
    // A name has at most 255 bytes on every file system that Linux mounts (NAME_MAX); a network one may give more.
    while (this.#used + name.length > this.#bytes.length) this.#bytes = doubled(this.#bytes)
    this.#used += this.#bytes.write(name, this.#used, 'latin1')
    this.count++
    if (this.count === this.#starts.length) {
      const grown = new Uint32Array(this.#starts.length * 2)
      grown.set(this.#starts)
      this.#starts = grown
    }
    this.#starts[this.count] = this.#used
  }

  sorted(): Names {
    const [bytes, starts] = [this.#bytes, this.#starts]
    const compare: Compare = (a, b) => {
      const [endA, endB] = [starts[a + 1]!, starts[b + 1]!]
      let [atA, atB] = [starts[a]!, starts[b]!]
      for (; atA < endA && atB < endB; atA++, atB++)
        if (bytes[atA] !== bytes[atB]) return bytes[atA]! - bytes[atB]!
      return endA - atA - (endB - atB)
    }
    const order = sortedOrder(this.count, compare)
    let kept = 0
    for (let at = 0; at < order.length; at++)
      if (at === 0 || compare(order[kept - 1]!, order[at]!) !== 0) order[kept++] = order[at]!
    return new Names(bytes, starts, order.subarray(0, kept))
  }
}

type Compare = (a: number, b: number) => number

/** Merge sort in two arrays of four bytes a name: the built-in sort with a comparison takes several times as much. */
function sortedOrder(count: number, compare: Compare): Uint32Array {
  let from = new Uint32Array(count)
  let to = new Uint32Array(count)
  for (let i = 0; i < count; i++) from[i] = i
  for (let width = 1; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width)
      merge(from, to, start, Math.min(start + width, count), Math.min(start + 2 * width, count), compare)
    ;[from, to] = [to, from]
  }
  return from
}

function merge(
  from: Uint32Array,
  to: Uint32Array,
  start: number,
  middle: number,
  end: number,
  compare: Compare,
): void {
  let [left, right] = [start, middle]
  for (let at = start; at < end; at++) {
    const takeLeft = left < middle && (right >= end || compare(from[left]!, from[right]!) <= 0)
    to[at] = takeLeft ? from[left++]! : from[right++]!
  }
}

function doubled(bytes: Buffer): Buffer {
  const grown = Buffer.allocUnsafe(bytes.length * 2)
  bytes.copy(grown)
  return grown
}

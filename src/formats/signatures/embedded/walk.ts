/**
 * Runs a walk over the bytes of a content. A walk is written once and works on bytes in memory, on a descriptor and
 * on a stream of chunks. It yields the offset it wants to read, and receives the available bytes from there.
 */

export interface Wanted {
  readonly at: number
  /** Minimum count of bytes. The walk receives fewer only at the end of the content. */
  readonly least: number
}

export type Walk<T> = Generator<Wanted, T, Buffer>

/** @param read returns at least `least` bytes from `at`; fewer only at the end */
export function walked<T>(walk: Walk<T>, read: (at: number, least: number) => Buffer): T {
  let step = walk.next()
  while (!step.done) step = walk.next(read(step.value.at, step.value.least))
  return step.value
}

/** Like {@link walked}, for a content in memory. */
export function walkedIn<T>(walk: Walk<T>, whole: Buffer): T {
  return walked(walk, (at) => whole.subarray(at))
}

const NOTHING = Buffer.alloc(0)

/** A walk over a stream of chunks in order; no chunk is kept. */
export class WalkAsItPasses<T> {
  readonly #walk: Walk<T>
  #step: IteratorResult<Wanted, T>
  /** First part of a read that crosses two chunks. */
  #kept: Buffer = NOTHING
  /** Bytes returned for the last such read: the next read may start within them. */
  #given: { readonly at: number; readonly bytes: Buffer } = { at: 0, bytes: NOTHING }
  /** The walk wanted bytes that had already passed. */
  #isLost = false

  constructor(walk: Walk<T>) {
    this.#walk = walk
    this.#step = walk.next()
  }

  take(chunk: Buffer, offset: number): void {
    while (!this.#step.done && !this.#isLost) {
      const { at, least } = this.#step.value
      if (at + this.#kept.length < offset && !this.#goesBack(at)) {
        this.#isLost = true
        return
      }
      const from = at + this.#kept.length - offset
      if (from >= chunk.length) return
      const here = chunk.subarray(from)
      if (this.#kept.length + here.length < least) {
        this.#kept = Buffer.concat([this.#kept, here])
        return
      }
      if (this.#kept.length === 0) this.#go(here)
      else {
        this.#given = { at, bytes: Buffer.concat([this.#kept, here.subarray(0, least)]) }
        this.#go(this.#given.bytes)
      }
    }
  }

  /** @returns null when the walk wanted to go back */
  finish(): { readonly found: T } | null {
    while (!this.#step.done && !this.#isLost) this.#go(this.#kept)
    return this.#step.done ? { found: this.#step.value } : null
  }

  #goesBack(to: number): boolean {
    const { at, bytes } = this.#given
    if (to < at || to > at + bytes.length) return false
    this.#kept = bytes.subarray(to - at)
    return true
  }

  #go(bytes: Buffer): void {
    this.#kept = NOTHING
    this.#step = this.#walk.next(bytes)
  }
}

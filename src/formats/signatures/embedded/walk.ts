/**
 * Walks through a content from place to place, written once for bytes in memory, for a descriptor and for what goes by in chunks: a
 * walk yields where it wants to read, and is given the bytes from there, as many as are at hand.
 */

export interface Wanted {
  readonly at: number
  /** Fewer are given only where the content ends. */
  readonly least: number
}

export type Walk<T> = Generator<Wanted, T, Buffer>

/** @param read gives at least `least` bytes from `at`, fewer only at the end */
export function walked<T>(walk: Walk<T>, read: (at: number, least: number) => Buffer): T {
  let step = walk.next()
  while (!step.done) step = walk.next(read(step.value.at, step.value.least))
  return step.value
}

/** As {@link walked}, in memory. */
export function walkedIn<T>(walk: Walk<T>, whole: Buffer): T {
  return walked(walk, (at) => whole.subarray(at))
}

const NOTHING = Buffer.alloc(0)

/** A walk through chunks in their order, none of which is kept. */
export class WalkAsItPasses<T> {
  readonly #walk: Walk<T>
  #step: IteratorResult<Wanted, T>
  /** What was there of a place that lies across two chunks. */
  #kept: Buffer = NOTHING
  /** What was given last of such a place: the next one may begin within it. */
  #given: { readonly at: number; readonly bytes: Buffer } = { at: 0, bytes: NOTHING }
  /** Wanted something that had gone by. */
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

  /** @returns null where the walk wanted to go back */
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

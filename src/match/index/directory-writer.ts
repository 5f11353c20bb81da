/** Counts members into buckets as they are written in order, and writes the start of each bucket. */
import { bucketOf, type DirectorySection } from './index-layout.ts'
import type { IndexWriter } from './index-writer.ts'

export class DirectoryWriter {
  members = 0
  readonly #bits: number
  readonly #starts: Uint32Array

  constructor(bits: number) {
    this.#bits = bits
    this.#starts = new Uint32Array(2 ** bits + 1)
  }

  /** @returns the member's number */
  add(first: number): number {
    this.#starts[bucketOf(first, this.#bits) + 1]!++
    return this.members++
  }

  write(writer: IndexWriter): DirectorySection {
    for (let i = 1; i < this.#starts.length; i++) this.#starts[i]! += this.#starts[i - 1]!
    writer.writeWords(this.#starts)
    return { ...writer.endSection(), bits: this.#bits }
  }
}

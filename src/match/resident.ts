/** Sections of an index that stay in memory: filters and directories, block by block as they are needed. */
import type { BlockFile } from './block-file.ts'
import {
  BLOCK_BYTES,
  BLOCK_WORDS,
  bucketOf,
  type DirectorySection,
  HEADER_BYTES,
  type Section,
} from './index-layout.ts'

export class ResidentWords {
  readonly words: Int32Array
  readonly #loaded: Uint8Array
  readonly #blocks: BlockFile
  readonly #section: Section

  constructor(blocks: BlockFile, section: Section) {
    this.#blocks = blocks
    this.#section = section
    // Untouched memory of a large allocation costs nothing.
    this.words = new Int32Array(Math.ceil(section.bytes / BLOCK_BYTES) * BLOCK_WORDS)
    this.#loaded = new Uint8Array(Math.ceil(section.bytes / BLOCK_BYTES))
  }

  load(word: number): void {
    const block = word >>> 14
    if (this.#loaded[block] === 1) return
    const into = new Uint8Array(this.words.buffer, block * BLOCK_BYTES, BLOCK_BYTES)
    this.#blocks.readBlock((this.#section.offset - HEADER_BYTES) / BLOCK_BYTES + block, into)
    this.#loaded[block] = 1
  }
}

/** Where the rows or entries of a first word begin and end. */
export class Directory {
  readonly #bits: number
  readonly #starts: ResidentWords

  constructor(blocks: BlockFile, section: DirectorySection) {
    this.#bits = section.bits
    this.#starts = new ResidentWords(blocks, section)
  }

  start(first: number): number {
    const bucket = bucketOf(first, this.#bits)
    this.#starts.load(bucket)
    return this.#starts.words[bucket]! >>> 0
  }

  end(first: number): number {
    const bucket = bucketOf(first, this.#bits) + 1
    this.#starts.load(bucket)
    return this.#starts.words[bucket]! >>> 0
  }
}

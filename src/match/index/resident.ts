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

const BLOCK_BITS = Math.log2(BLOCK_WORDS)
export const BLOCK_MASK = BLOCK_WORDS - 1

export class ResidentWords {
  readonly #file: BlockFile
  readonly #firstBlock: number
  // One array for the whole would be filled with zeros at opening: measured, 0.6 s for a hundred million records.
  readonly #blocks: (Int32Array | undefined)[]

  constructor(file: BlockFile, section: Section) {
    this.#file = file
    this.#firstBlock = (section.offset - HEADER_BYTES) / BLOCK_BYTES
    this.#blocks = new Array(Math.ceil(section.bytes / BLOCK_BYTES)).fill(undefined)
  }

  /** The block with a word of the section; the word is at `word & BLOCK_MASK` in it. */
  block(word: number): Int32Array {
    return this.#blocks[word >>> BLOCK_BITS] ?? this.#load(word >>> BLOCK_BITS)
  }

  #load(block: number): Int32Array {
    const words = new Int32Array(BLOCK_WORDS)
    this.#file.readBlock(this.#firstBlock + block, new Uint8Array(words.buffer))
    this.#blocks[block] = words
    return words
  }
}

/** First and last row or entry of a first word. */
export class Directory {
  readonly #bits: number
  readonly #starts: ResidentWords

  constructor(file: BlockFile, section: DirectorySection) {
    this.#bits = section.bits
    this.#starts = new ResidentWords(file, section)
  }

  start(first: number): number {
    return this.#at(bucketOf(first, this.#bits))
  }

  end(first: number): number {
    return this.#at(bucketOf(first, this.#bits) + 1)
  }

  #at(bucket: number): number {
    return this.#starts.block(bucket)[bucket & BLOCK_MASK]! >>> 0
  }
}

/**
 * A blocked Bloom filter: answers "certainly not" for a digest that no record has, with one cache line.
 *
 * It is the split-block filter of Apache Parquet: 256 bits a block, one bit in each of eight words. The digest's first
 * word selects the block in order, so that a sorted list fills its filter from front to back.
 * 12 bits a key give about one false "perhaps" in 200.
 *
 * @see https://github.com/apache/parquet-format/blob/master/BloomFilter.md
 */

const BITS_PER_KEY = 12
const WORDS_PER_BLOCK = 8
const SALT = Int32Array.of(
  0x47b6137b,
  0x44974d91,
  0x8824ad5b | 0,
  0xa2b7289d | 0,
  0x705495c7,
  0x2df1424b,
  0x9efc4947 | 0,
  0x5c6bfb31,
)

export function bloomBlocks(keys: number): number {
  return Math.max(1, Math.ceil((keys * BITS_PER_KEY) / 256))
}

/** Index of the block's first word. @param first the digest's first four bytes */
export function bloomWord(blocks: number, first: number): number {
  return (((first * blocks) / 0x1_0000_0000) >>> 0) * WORDS_PER_BLOCK
}

export class Bloom {
  readonly words: Int32Array
  readonly #blocks: number

  constructor(keys: number) {
    this.#blocks = bloomBlocks(keys)
    this.words = new Int32Array(this.#blocks * WORDS_PER_BLOCK)
  }

  /** @param first, second the digest's first eight bytes, as two unsigned words */
  add(first: number, second: number): void {
    const at = bloomWord(this.#blocks, first)
    for (let i = 0; i < WORDS_PER_BLOCK; i++) {
      this.words[at + i]! |= 1 << (Math.imul(second, SALT[i]!) >>> 27)
    }
  }

  mayHold(first: number, second: number): boolean {
    return blockHolds(this.words, bloomWord(this.#blocks, first), second)
  }
}

export function blockHolds(words: Int32Array, at: number, second: number): boolean {
  for (let i = 0; i < WORDS_PER_BLOCK; i++) {
    if ((words[at + i]! & (1 << (Math.imul(second, SALT[i]!) >>> 27))) === 0) return false
  }
  return true
}

/**
 * Random draw with a key. Each entry gets a number that is unpredictable without the key and reproducible with it.
 *
 * AES-256 in counter mode over zeros: the number of entry n is bytes 4n to 4n + 3, big-endian.
 */
import { createCipheriv } from 'node:crypto'

const BLOCK_BYTES = 16
const PAGE_ENTRIES = 1024
const ZEROS = Buffer.alloc(PAGE_ENTRIES * 4)
/** Entries arrive in order of their location on the medium, which is nearly the order of their numbers. */
const PAGES_KEPT = 64

export class KeyedDraw {
  readonly #key: Buffer
  readonly #pages = new Map<number, Buffer>()

  /** @param key 32 bytes */
  constructor(key: Buffer) {
    this.#key = key
  }

  /** @param share 0 to 1 */
  isDrawn(entry: number, share: number): boolean {
    return this.#numberOf(entry) < share * 2 ** 32
  }

  #numberOf(entry: number): number {
    const page = Math.floor(entry / PAGE_ENTRIES)
    let numbers = this.#pages.get(page)
    if (numbers === undefined) {
      const counter = Buffer.alloc(BLOCK_BYTES)
      counter.writeBigUInt64BE(BigInt(page) * BigInt(ZEROS.length / BLOCK_BYTES), 8)
      numbers = createCipheriv('aes-256-ctr', this.#key, counter).update(ZEROS)
      if (this.#pages.size >= PAGES_KEPT) this.#pages.clear()
      this.#pages.set(page, numbers)
    }
    return numbers.readUInt32BE((entry % PAGE_ENTRIES) * 4)
  }
}

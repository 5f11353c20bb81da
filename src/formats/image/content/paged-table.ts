/** A table of numbers in a container, read page by page on demand: a hostile header may state any length. */
import type { Medium } from '../../../contracts/image.ts'
import { readAt } from './read-at.ts'
import { Recent } from './recent.ts'

const PAGE_BYTES = 1 << 16
const PAGES_KEPT = 64

export class PagedTable {
  readonly #medium: Medium
  readonly #offset: number
  readonly #lengthBytes: number
  readonly #entryBytes: number
  /** A multiple of the entry's size, so that no entry spans two pages. */
  readonly #pageBytes: number
  readonly #pages: Recent<number, Buffer>

  constructor(medium: Medium, offset: number, entries: number, entryBytes: number, pagesKept = PAGES_KEPT) {
    this.#medium = medium
    this.#offset = offset
    this.#lengthBytes = entries * entryBytes
    this.#entryBytes = entryBytes
    this.#pageBytes = Math.floor(PAGE_BYTES / entryBytes) * entryBytes
    this.#pages = new Recent(pagesKept)
  }

  /** @returns the bytes of entry `index`; null when the table or the medium ends before it */
  entry(index: number): Buffer | null {
    const at = index * this.#entryBytes
    if (at < 0 || at + this.#entryBytes > this.#lengthBytes) return null
    const page = Math.floor(at / this.#pageBytes)
    const from = page * this.#pageBytes
    const bytes = this.#pages.get(page, () =>
      readAt(this.#medium, this.#offset + from, Math.min(this.#pageBytes, this.#lengthBytes - from)),
    )
    return at - from + this.#entryBytes <= bytes.length
      ? bytes.subarray(at - from, at - from + this.#entryBytes)
      : null
  }
}

/** Clusters in use on an exFAT volume: one bit each, read in pages. */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type { Medium } from '../../../../contracts/image.ts'
import { runsContent } from '../../content/content.ts'
import { FIRST_CLUSTER } from '../clusters/heap.ts'

const PAGE_BYTES = 1 << 16

export class AllocationBitmap {
  readonly #bytes: Medium
  readonly #page = Buffer.alloc(PAGE_BYTES)
  #pageNumber = -1

  constructor(volume: Medium, runs: readonly DataRun[], sizeBytes: number) {
    this.#bytes = runsContent(volume, runs, sizeBytes, sizeBytes)
  }

  /** Clusters behind the end of the bitmap count as free. */
  has(cluster: number): boolean {
    const bit = cluster - FIRST_CLUSTER
    const byte = Math.floor(bit / 8)
    const number = Math.floor(byte / PAGE_BYTES)
    if (number !== this.#pageNumber) {
      this.#page.fill(0)
      this.#bytes.readInto(this.#page, number * PAGE_BYTES)
      this.#pageNumber = number
    }
    return ((this.#page[byte % PAGE_BYTES] ?? 0) & (1 << (bit & 7))) !== 0
  }
}

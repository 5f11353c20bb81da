/** The unfinished files of an index that is being built, each sorted partition by partition. */
import { rmSync } from 'node:fs'
import { Spool } from './spool.ts'

/** A partition of this size is sorted within the processor's cache. */
const PARTITION_BYTES = 8 * 1024 * 1024
const MOST_PARTITION_BITS = 10

export class SpoolFiles {
  readonly #target: string
  #made = 0

  constructor(target: string) {
    this.#target = target
  }

  /** @param sizeBytes about as much will be in it */
  create(what: string, sizeBytes: number): Spool {
    return this.#newSpool(what, partitionBits(sizeBytes))
  }

  /** Spool for a partition that is still too large to be sorted at once. */
  readonly part = (bits: number): Spool => this.#newSpool('part', bits)

  #newSpool(what: string, bits: number): Spool {
    const path = `${this.#target}.unfinished-${what}${++this.#made}`
    // Left by an import that was killed. The index's own unfinished file, opened before, shows that no import is
    // running.
    rmSync(path, { force: true })
    return new Spool(path, bits)
  }
}

function partitionBits(bytes: number): number {
  return Math.min(MOST_PARTITION_BITS, Math.ceil(Math.log2(Math.max(1, bytes / PARTITION_BYTES))))
}

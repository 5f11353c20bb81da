/** Finds missing parts of a container's file from its tables alone, table by table, without reading contents. */
import type { Damage, Medium } from '../../../contracts/image.ts'
import { DamageLog } from './damage-log.ts'

/** Stored form of a block. `slack`: bytes by which a stated length may exceed the stored data. */
export interface StoredAt {
  readonly offset: number
  readonly length: number
  readonly coded: boolean
  readonly slack?: number
}

/**
 * A sound container has no more entries than fit into its file. This bound ends a search through overlapping tables.
 */
const ENTRY_BYTES = 4

/** Counts down the entries that may be read. */
export class Steps {
  #left: number

  constructor(medium: Medium) {
    this.#left = Math.ceil(medium.sizeBytes / ENTRY_BYTES)
  }

  /** @returns whether there is one left */
  take(): boolean {
    return this.#left-- > 0
  }
}

/** In order, joined, on the medium of `sizeBytes`. */
export function damageOf(sizeBytes: number, told: Iterable<Damage>): readonly Damage[] {
  const log = new DamageLog()
  for (const damage of told) if (damage.length > 0) log.add(damage)
  return log.within(0, sizeBytes)
}

export function lost(offset: number, length: number, cause: string): Damage {
  return { offset, length, kind: 'damaged', cause }
}

/**
 * The missing part of a block of `blockBytes` at `at`; a compressed block is missing as a whole.
 * @returns null when the file has all of it
 */
export function cutOf(file: Medium, stored: StoredAt, at: number, blockBytes: number): Damage | null {
  const held = Math.max(0, file.sizeBytes - stored.offset)
  if (stored.coded) {
    const needed = Math.max(1, stored.length - (stored.slack ?? 0))
    return held < needed ? lost(at, blockBytes, 'cut') : null
  }
  return held < blockBytes ? lost(at + held, blockBytes - held, 'cut') : null
}

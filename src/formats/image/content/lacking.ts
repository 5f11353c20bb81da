/** What the tables of a container say that a file lacks, told table by table: nothing of a content is read for it. */
import type { Damage, Medium } from '../../../contracts/image.ts'
import { DamageLog } from './damage-log.ts'

/** What a block of the medium is stored as. `slack`: bytes that a stated length may be longer than what is there. */
export interface StoredAt {
  readonly offset: number
  readonly length: number
  readonly coded: boolean
  readonly slack?: number
}

/** No sound container has more entries than fit into its file: tables that lie over each other make no end. */
const ENTRY_BYTES = 4

/** Counts down what may be looked at of a file. */
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
 * What the file has not of a block of `blockBytes` at `at`: of one that is coded all or nothing.
 * @returns null when it has all of it
 */
export function cutOf(file: Medium, stored: StoredAt, at: number, blockBytes: number): Damage | null {
  const held = Math.max(0, file.sizeBytes - stored.offset)
  if (stored.coded) {
    const needed = Math.max(1, stored.length - (stored.slack ?? 0))
    return held < needed ? lost(at, blockBytes, 'cut') : null
  }
  return held < blockBytes ? lost(at + held, blockBytes - held, 'cut') : null
}

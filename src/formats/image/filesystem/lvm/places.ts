/** Places on a physical volume: which logical volume holds them, and which none holds. */
import type { ByteRange } from '../../../../contracts/image.ts'

/** Each place belongs to one logical volume at most. */
export class Places {
  readonly #taken: ByteRange[] = []
  readonly #sizeBytes: number

  constructor(sizeBytes: number) {
    this.#sizeBytes = sizeBytes
  }

  /** @returns false, and takes nothing, where a run overlaps one that is taken, or leaves the volume */
  take(runs: readonly ByteRange[]): boolean {
    const all = [...this.#taken, ...runs].sort((a, b) => a.offset - b.offset)
    const isApart = all.every(
      ({ offset, length }, i) => offset + length <= (all[i + 1]?.offset ?? this.#sizeBytes),
    )
    if (isApart) this.#taken.push(...runs)
    return isApart
  }

  /** Where data may begin: as the metadata states, but not behind the first place that is taken or the end. */
  firstByte(stated: number): number {
    return this.#taken.reduce(
      (least, { offset }) => Math.min(least, offset),
      Math.min(stated, this.#sizeBytes),
    )
  }

  /** Ranges from `start` that no run takes, in order. */
  restFrom(start: number): ByteRange[] {
    const rest: ByteRange[] = []
    let at = start
    for (const { offset, length } of this.#taken.sort((a, b) => a.offset - b.offset)) {
      if (offset > at) rest.push({ offset: at, length: offset - at })
      at = Math.max(at, offset + length)
    }
    if (at < this.#sizeBytes) rest.push({ offset: at, length: this.#sizeBytes - at })
    return rest
  }
}

/** Adjacent ranges as one. @param ranges in order, without overlap */
export function* joined(ranges: readonly ByteRange[]): Iterable<ByteRange> {
  let last: ByteRange | null = null
  for (const { offset, length } of ranges) {
    if (last !== null && last.offset + last.length === offset) {
      last = { offset: last.offset, length: last.length + length }
      continue
    }
    if (last !== null) yield last
    last = { offset, length }
  }
  if (last !== null) yield last
}

export function bytesOf(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, { length }) => sum + length, 0)
}

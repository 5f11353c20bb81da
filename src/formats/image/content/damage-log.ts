/** Collects damage of a medium in order: each byte at most once, neighbours with one cause joined. */
import type { Damage } from '../../../contracts/image.ts'

export class DamageLog {
  readonly #ranges: Damage[] = []

  /** Bytes that are already in the log keep their first cause. */
  add(damage: Damage): void {
    const end = damage.offset + damage.length
    let offset = damage.offset
    let index = this.#firstEndingAfter(offset)
    while (offset < end) {
      const next = this.#ranges[index]
      if (next && next.offset <= offset) {
        offset = next.offset + next.length
        index++
        continue
      }
      const length = Math.min(end, next?.offset ?? end) - offset
      index = this.#insert(index, { ...damage, offset, length })
      offset += length
    }
  }

  /** Damage in [offset, offset + length), in order, cut to it. */
  within(offset: number, length: number): Damage[] {
    const found: Damage[] = []
    const end = offset + length
    for (let index = this.#firstEndingAfter(offset); index < this.#ranges.length; index++) {
      const range = this.#ranges[index]!
      if (range.offset >= end) break
      const from = Math.max(offset, range.offset)
      found.push({ ...range, offset: from, length: Math.min(end, range.offset + range.length) - from })
    }
    return found
  }

  /** @returns the index after the inserted or joined range */
  #insert(index: number, damage: Damage): number {
    const before = this.#ranges[index - 1]
    if (before && before.offset + before.length === damage.offset && alike(before, damage)) {
      this.#ranges[index - 1] = { ...before, length: before.length + damage.length }
      return index
    }
    this.#ranges.splice(index, 0, damage)
    return index + 1
  }

  #firstEndingAfter(offset: number): number {
    let low = 0
    let high = this.#ranges.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const range = this.#ranges[middle]!
      if (range.offset + range.length <= offset) low = middle + 1
      else high = middle
    }
    return low
  }
}

const alike = (a: Damage, b: Damage): boolean => a.kind === b.kind && a.cause === b.cause

/**
 * Bytes of an opened volume that belong to its encryption: its header, and places inside that read as zeros. A file system may
 * count these places as allocated (Windows lays files over them), as free or as its own records; they are of no class but theirs.
 */
import type { ByteRange, VolumeClasses, VolumeEntry } from '../../contracts/image.ts'

export class EncryptionMetadata {
  readonly #places: readonly ByteRange[]
  readonly #bytes: number
  #allocated = 0

  /** @param places on the opened volume, without overlap */
  constructor(places: readonly ByteRange[]) {
    this.#places = places
    this.#bytes = places.reduce((sum, { length }) => sum + length, 0)
  }

  see({ status, place }: VolumeEntry): void {
    if (this.#bytes === 0 || status !== 'live' || place.kind === 'none' || !('runs' in place)) return
    for (const { offset, length } of place.runs)
      if (offset !== null) this.#allocated += this.#within(offset, length)
  }

  /** @param outsideBytes of the range that are not of the opened volume */
  taken(classes: VolumeClasses, outsideBytes: number, free: () => Iterable<ByteRange>): VolumeClasses {
    if (this.#bytes + outsideBytes === 0) return classes
    let unallocated = 0
    if (this.#bytes > 0) for (const { offset, length } of free()) unallocated += this.#within(offset, length)
    const left = { ...classes }
    let rest = this.#bytes
    const take = (name: 'allocated' | 'unallocated' | 'metadata' | 'slack', most: number) => {
      const bytes = Math.min(rest, most, left[name])
      left[name] -= bytes
      rest -= bytes
    }
    take('allocated', this.#allocated)
    take('unallocated', unallocated)
    take('metadata', rest)
    for (const name of ['allocated', 'unallocated', 'slack'] as const) take(name, rest)
    return { ...left, encryption: this.#bytes - rest + outsideBytes }
  }

  #within(offset: number, length: number): number {
    let bytes = 0
    for (const place of this.#places)
      bytes += Math.max(
        0,
        Math.min(offset + length, place.offset + place.length) - Math.max(offset, place.offset),
      )
    return bytes
  }
}

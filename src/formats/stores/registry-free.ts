/**
 * Deleted keys and values of a registry hive: they stay in cells that are free until these are used again. A key or value is
 * believed where it and all that it names lie in free cells; a cell that was used again belongs to another key.
 *
 * @see libregf, "Windows NT Registry File (REGF) format specification", 4 (hive bins and cells); T. Morgan, "Recovering
 *   deleted data from the Windows registry", Digital Investigation 5 (2008)
 */
import type { RegistryKey, RegistryValue } from './registry-file.ts'

export interface DeletedKey extends RegistryKey {
  /** Names from the highest that is known to its own. */
  readonly path: readonly string[]
}

const BINS_AT = 4096
const BIN_HEAD = 32
const KEY_BYTES = 80
const VALUE_BYTES = 24
const MOST_VALUES = 65_536
const MOST_BYTES = 1 << 20
const MOST_DEPTH = 512
const MOST_KEYS = 100_000
const KEY = 0x6b6e
const VALUE = 0x6b76

export class FreeCells {
  readonly #bytes: Buffer
  /** Neighbours joined, in order: [from, to). */
  readonly #ranges: readonly (readonly [from: number, to: number])[]
  /** More keys lie in free cells than were given. */
  isCut = false

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#ranges = freeRanges(bytes)
  }

  *keys(): Generator<DeletedKey> {
    let keys = 0
    for (const [from, to] of this.#ranges)
      for (let at = from; at + KEY_BYTES <= to; at += 8) {
        const key = this.#bytes.readUInt16LE(at + 4) === KEY ? this.#keyAt(at, to) : null
        if (key === null) continue
        if (++keys > MOST_KEYS) {
          this.isCut = true
          return
        }
        yield key
      }
  }

  /** @param at of the cell; its length field stands before the key */
  #keyAt(at: number, to: number): DeletedKey | null {
    const name = nameAt(this.#bytes, at + 4, to)
    if (name === null) return null
    const parent = this.#bytes.readUInt32LE(at + 20)
    const written = this.#bytes.readBigUInt64LE(at + 8)
    return { name, written, offset: at - BINS_AT, path: [...this.#namesAbove(parent), name] }
  }

  /** Live keys too: the key above a deleted one may live. */
  #namesAbove(offset: number): readonly string[] {
    const names: string[] = []
    const seen = new Set<number>()
    for (let at = offset; !seen.has(at) && seen.size < MOST_DEPTH; ) {
      seen.add(at)
      const cell = BINS_AT + at
      if (cell + KEY_BYTES > this.#bytes.length || this.#bytes.readUInt16LE(cell + 4) !== KEY) break
      const name = nameAt(this.#bytes, cell + 4, this.#bytes.length)
      if (name === null) break
      names.unshift(name)
      at = this.#bytes.readUInt32LE(cell + 20)
    }
    return names
  }

  /** Values of a deleted key that can still be read. */
  values({ offset }: DeletedKey): RegistryValue[] {
    const at = BINS_AT + offset
    const count = Math.min(this.#bytes.readUInt32LE(at + 40), MOST_VALUES)
    const list = BINS_AT + this.#bytes.readUInt32LE(at + 44)
    if (count === 0 || !this.#isFree(list, list + 4)) return []
    const there: number[] = []
    for (let i = 0; i < count && this.#isFree(list, list + 8 + 4 * i); i++)
      there.push(this.#bytes.readUInt32LE(list + 4 + 4 * i))
    return this.valuesAt(there)
  }

  /** @param offsets of cells that may hold deleted values */
  valuesAt(offsets: readonly number[]): RegistryValue[] {
    return [...new Set(offsets)].flatMap((offset) => this.#valueAt(BINS_AT + offset) ?? [])
  }

  #valueAt(at: number): RegistryValue | null {
    if (!this.#isFree(at, at + VALUE_BYTES) || this.#bytes.readUInt16LE(at + 4) !== VALUE) return null
    const length = this.#bytes.readUInt16LE(at + 6)
    const [from, to] = [at + VALUE_BYTES, at + VALUE_BYTES + length]
    if (!this.#isFree(at, to)) return null
    const isNarrow = (this.#bytes.readUInt16LE(at + 20) & 1) !== 0
    const name = this.#bytes.toString(isNarrow ? 'latin1' : 'utf16le', from, to)
    const size = this.#bytes.readUInt32LE(at + 8)
    const bytes =
      size >= 0x80000000
        ? this.#bytes.subarray(at + 12, at + 12 + Math.min(4, size - 0x80000000))
        : this.#dataAt(BINS_AT + this.#bytes.readUInt32LE(at + 12), size)
    return bytes === null ? null : { name, type: this.#bytes.readUInt32LE(at + 16), bytes }
  }

  #dataAt(at: number, size: number): Buffer | null {
    if (size === 0) return Buffer.alloc(0)
    if (size > MOST_BYTES || !this.#isFree(at, at + 4 + size)) return null
    return this.#bytes.subarray(at + 4, at + 4 + size)
  }

  #isFree(from: number, to: number): boolean {
    let [low, high] = [0, this.#ranges.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#ranges[middle]![0] <= from) low = middle + 1
      else high = middle
    }
    const range = this.#ranges[low - 1]
    return range !== undefined && from >= range[0] && to <= range[1]
  }
}

/** A bin that is damaged ends where its cells make no sense. */
function freeRanges(bytes: Buffer): (readonly [number, number])[] {
  const ranges: [number, number][] = []
  for (let bin = BINS_AT; bin + BIN_HEAD <= bytes.length; ) {
    const size = bytes.toString('latin1', bin, bin + 4) === 'hbin' ? bytes.readUInt32LE(bin + 8) : 0
    const end = Math.min(bytes.length, bin + Math.max(size, BINS_AT))
    if (size > 0)
      for (let at = bin + BIN_HEAD; at + 8 <= end; ) {
        const cell = bytes.readInt32LE(at)
        const length = Math.abs(cell)
        if (length < 8 || length % 8 !== 0 || at + length > end) break
        const last = ranges.at(-1)
        if (cell > 0 && last !== undefined && last[1] === at) last[1] = at + length
        else if (cell > 0) ranges.push([at, at + length])
        at += length
      }
    bin = end
  }
  return ranges
}

/** @param at of the key behind the length field; @returns null: no name that a key can have */
function nameAt(bytes: Buffer, at: number, to: number): string | null {
  const length = bytes.readUInt16LE(at + 72)
  if (length === 0 || length > 512 || at + 76 + length > to) return null
  const isNarrow = (bytes.readUInt16LE(at + 2) & 0x20) !== 0
  const name = bytes.toString(isNarrow ? 'latin1' : 'utf16le', at + 76, at + 76 + length)
  return /[\0-\x1f\\]/.test(name) ? null : name
}

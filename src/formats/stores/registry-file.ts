/**
 * Reads keys and values of Windows registry hives (regf). Every offset is limited by the file; no key is visited
 * twice. Companion logs (`.LOG1`): registry-log.ts; free cells: registry-free.ts.
 *
 * @see libregf, "Windows NT Registry File (REGF) format specification", sections 3 to 5
 */
import { NotAnArtefact } from '../records/artefact.ts'

export interface RegistryKey {
  readonly name: string
  /** FILETIME of the last change of the key or one of its values. */
  readonly written: bigint
  readonly offset: number
}

export interface RegistryValue {
  readonly name: string
  /** 1 text, 3 bytes, 4 a number. */
  readonly type: number
  readonly bytes: Buffer
}

const BINS_AT = 4096
const NONE = 0xffffffff
const MOST_KEYS = 1_000_000
const MOST_VALUES = 65_536
const MOST_BYTES = 1 << 20
const MOST_DEPTH = 512

export class RegistryFile {
  readonly #bytes: Buffer
  readonly #seen = new Set<number>()
  /** Count of cells that have not the expected type. */
  damaged = 0
  firstDamagedAt: number | null = null
  /** Count of keys and values above the limits of number, depth or length. */
  left = 0

  /** @throws NotAnArtefact */
  constructor(bytes: Buffer) {
    if (bytes.length < BINS_AT + 32 || bytes.toString('latin1', 0, 4) !== 'regf') throw new NotAnArtefact()
    this.#bytes = bytes
  }

  /** Every key in stored order, with the names that lead to it, without the name of the root. */
  *keys(): Generator<{ readonly path: readonly string[]; readonly key: RegistryKey }> {
    const root = this.#key(this.#bytes.readUInt32LE(36))
    if (root !== null) yield* this.#below(root, [])
  }

  *#below(
    key: RegistryKey,
    path: readonly string[],
  ): Generator<{ readonly path: readonly string[]; readonly key: RegistryKey }> {
    yield { path, key }
    if (path.length > MOST_DEPTH) {
      this.left++
      return
    }
    for (const inner of this.#children(key)) yield* this.#below(inner, [...path, inner.name])
  }

  #children({ offset }: RegistryKey): RegistryKey[] {
    const cell = this.#cell(offset)!
    const count = cell.readUInt32LE(20)
    if (count === 0) return []
    const before = this.damaged
    const listed = { count: 0 }
    const keys = this.#list(cell.readUInt32LE(28), 0, listed)
    if (listed.count < count && this.damaged === before) this.#spoiled(offset)
    return keys
  }

  /** @param listed counts the offsets of keys in it */
  #list(at: number, depth: number, listed: { count: number }): RegistryKey[] {
    const cell = depth > 4 ? null : this.#cell(at)
    if (cell === null || cell.length < 4) return this.#spoiled(at)
    const kind = cell.toString('latin1', 0, 2)
    const step = kind === 'lf' || kind === 'lh' ? 8 : kind === 'li' || kind === 'ri' ? 4 : 0
    if (step === 0) return this.#spoiled(at)
    const count = Math.min(cell.readUInt16LE(2), Math.floor((cell.length - 4) / step))
    const keys: RegistryKey[] = []
    for (let i = 0; i < count; i++) {
      const to = cell.readUInt32LE(4 + i * step)
      if (kind === 'ri') keys.push(...this.#list(to, depth + 1, listed))
      else {
        listed.count++
        const key = this.#key(to)
        if (key !== null) keys.push(key)
      }
    }
    return keys
  }

  #key(at: number): RegistryKey | null {
    const cell = this.#cell(at)
    if (cell === null || cell.length < 76 || cell.toString('latin1', 0, 2) !== 'nk') {
      this.#spoiled(at)
      return null
    }
    // A cycle.
    if (this.#seen.has(at)) return null
    if (this.#seen.size >= MOST_KEYS) {
      this.left++
      return null
    }
    this.#seen.add(at)
    const length = cell.readUInt16LE(72)
    if (76 + length > cell.length) {
      this.#spoiled(at)
      return null
    }
    return {
      name: nameOf(cell, 76, length, (cell.readUInt16LE(2) & 0x20) !== 0),
      written: cell.readBigUInt64LE(4),
      offset: at,
    }
  }

  values({ offset }: RegistryKey): RegistryValue[] {
    const cell = this.#cell(offset)!
    const count = cell.readUInt32LE(36)
    if (count === 0) return []
    const list = this.#cell(cell.readUInt32LE(40))
    if (list === null) return this.#spoiled(offset)
    const values: RegistryValue[] = []
    const there = Math.min(count, Math.floor(list.length / 4))
    if (there < count) this.#spoiled(offset)
    this.left += Math.max(0, there - MOST_VALUES)
    for (let i = 0; i < Math.min(there, MOST_VALUES); i++) {
      const value = this.#value(list.readUInt32LE(i * 4))
      if (value !== null) values.push(value)
    }
    return values
  }

  /** Offsets in the list of values behind those that count: the list keeps its length when a value is deleted. */
  offsetsBehind({ offset }: RegistryKey): readonly number[] {
    const cell = this.#cell(offset)!
    const list = this.#cell(cell.readUInt32LE(40))
    if (list === null) return []
    const offsets: number[] = []
    for (let at = cell.readUInt32LE(36) * 4; at + 4 <= Math.min(list.length, MOST_VALUES * 4); at += 4)
      offsets.push(list.readUInt32LE(at))
    return offsets
  }

  #value(at: number): RegistryValue | null {
    const cell = this.#cell(at)
    if (cell === null || cell.length < 20 || cell.toString('latin1', 0, 2) !== 'vk') {
      this.#spoiled(at)
      return null
    }
    const nameLength = cell.readUInt16LE(2)
    const size = cell.readUInt32LE(4)
    const type = cell.readUInt32LE(12)
    if (20 + nameLength > cell.length) {
      this.#spoiled(at)
      return null
    }
    const name = nameOf(cell, 20, nameLength, (cell.readUInt16LE(16) & 1) !== 0)
    // With the highest bit set, up to four bytes of data replace the offset.
    if (size >= 0x80000000) return { name, type, bytes: cell.subarray(8, 8 + Math.min(4, size - 0x80000000)) }
    const bytes = size === 0 ? Buffer.alloc(0) : this.#data(cell.readUInt32LE(8), size)
    return bytes === null ? null : { name, type, bytes }
  }

  /** Data of more than 16 KB is stored in pieces behind a list (`db`). The pieces are not read. */
  #data(at: number, size: number): Buffer | null {
    const cell = this.#cell(at)
    if (cell !== null && size <= cell.length && size <= MOST_BYTES) return cell.subarray(0, size)
    if (cell === null || cell.toString('latin1', 0, 2) !== 'db') this.#spoiled(at)
    else this.left++
    return null
  }

  /** The cell without its length field; null when it is free or outside the file. */
  #cell(at: number): Buffer | null {
    const from = BINS_AT + at
    if (at === NONE || from + 4 > this.#bytes.length) return null
    const size = -this.#bytes.readInt32LE(from)
    return size < 8 || from + size > this.#bytes.length ? null : this.#bytes.subarray(from + 4, from + size)
  }

  #spoiled(at: number): [] {
    this.damaged++
    this.firstDamagedAt ??= Math.min(BINS_AT + at, this.#bytes.length)
    return []
  }
}

function nameOf(cell: Buffer, at: number, length: number, isNarrow: boolean): string {
  return isNarrow ? cell.toString('latin1', at, at + length) : cell.toString('utf16le', at, at + length)
}

/**
 * One row of an ESE table: columns of fixed size, columns of variable size, and tagged columns (stored with their
 * number only when they have a value).
 */
import { unpackedEse } from './ese-packed.ts'
import type { EseNode } from './ese-pages.ts'

export interface EseColumn {
  readonly name: string
  readonly id: number
  readonly type: number
  /** Size of a fixed-size column. */
  readonly size: number
  /** The text of the column is UTF-16. */
  readonly isWide: boolean
}

const FIRST_VARIABLE = 128
const FIRST_TAGGED = 256
const FLAG = { packed: 0x2, apart: 0x4, many: 0x8, none: 0x20, encrypted: 0x40 } as const

export class EseRow {
  readonly at: number
  readonly isDeleted: boolean
  readonly #data: Buffer
  readonly #columns: ReadonlyMap<string, EseColumn>
  readonly #isLarge: boolean

  private constructor(
    { at, data, isDeleted }: EseNode,
    columns: ReadonlyMap<string, EseColumn>,
    isLarge: boolean,
  ) {
    this.at = at
    this.isDeleted = isDeleted
    this.#data = data
    this.#columns = columns
    this.#isLarge = isLarge
  }

  /** @returns null when the row header points outside the row */
  static from(node: EseNode, columns: ReadonlyMap<string, EseColumn>, isLarge: boolean): EseRow | null {
    const { data } = node
    if (data.length < 4) return null
    const [lastVariable, endOfFixed] = [data[1]!, data.readUInt16LE(2)]
    const variables = Math.max(0, lastVariable - (FIRST_VARIABLE - 1))
    if (endOfFixed < 4 || endOfFixed + variables * 2 > data.length) return null
    return new EseRow(node, columns, isLarge)
  }

  /** Value of an integer column up to 32 bits. */
  number(name: string): number | null {
    const bytes = this.#value(name)
    const type = this.#columns.get(name)?.type
    if (bytes === null || bytes.length < (type === 4 || type === 14 ? 4 : type === 3 || type === 17 ? 2 : 1))
      return null
    switch (type) {
      case 1:
      case 2:
        return bytes[0]!
      case 3:
        return bytes.readInt16LE(0)
      case 4:
        return bytes.readInt32LE(0)
      case 14:
        return bytes.readUInt32LE(0)
      case 17:
        return bytes.readUInt16LE(0)
      default:
        return null
    }
  }

  /** Value of a column of 64 bits. */
  long(name: string): bigint | null {
    const bytes = this.#value(name)
    return bytes === null || bytes.length !== 8 ? null : bytes.readBigInt64LE(0)
  }

  /** @param longValue returns a value stored outside the row, by its number */
  bytes(name: string, longValue: (id: Buffer) => Buffer | null = () => null): Buffer | null {
    const column = this.#columns.get(name)
    if (column === undefined) return null
    if (column.id < FIRST_TAGGED) return this.#value(name)
    const tagged = this.#tagged(column.id)
    if (tagged === null || (tagged.flags & (FLAG.none | FLAG.many | FLAG.encrypted)) !== 0) return null
    if ((tagged.flags & FLAG.apart) !== 0) return longValue(tagged.bytes)
    return (tagged.flags & FLAG.packed) !== 0 ? unpackedEse(tagged.bytes) : tagged.bytes
  }

  text(name: string, longValue?: (id: Buffer) => Buffer | null): string | null {
    const bytes = this.bytes(name, longValue)
    if (bytes === null) return null
    const isWide = this.#columns.get(name)!.isWide
    const text = isWide ? bytes.toString('utf16le', 0, bytes.length & ~1) : bytes.toString('latin1')
    return text.replace(/\0.*$/s, '')
  }

  #value(name: string): Buffer | null {
    const column = this.#columns.get(name)
    if (column === undefined || column.id >= FIRST_TAGGED) return null
    return column.id < FIRST_VARIABLE ? this.#fixed(column) : this.#variable(column.id)
  }

  #fixed({ id, size }: EseColumn): Buffer | null {
    const [lastFixed, endOfFixed] = [this.#data[0]!, this.#data.readUInt16LE(2)]
    if (id > lastFixed) return null
    let at = 4
    for (const column of this.#columns.values()) if (column.id < id) at += column.size
    // A bitmap before the variable-size columns has one bit a column: 1 means no value.
    const none = endOfFixed - ((lastFixed + 7) >> 3) + ((id - 1) >> 3)
    if (none < 4 || at + size > endOfFixed || (this.#data[none]! & (1 << ((id - 1) & 7))) !== 0) return null
    return this.#data.subarray(at, at + size)
  }

  /** A list states where each variable-size column ends; the data follows it. The highest bit means no value. */
  #variable(id: number): Buffer | null {
    const [, last] = this.#data
    const listAt = this.#data.readUInt16LE(2)
    if (id > last!) return null
    const dataAt = listAt + (last! - (FIRST_VARIABLE - 1)) * 2
    const endOf = (one: number) => this.#data.readUInt16LE(listAt + (one - FIRST_VARIABLE) * 2)
    const from = id === FIRST_VARIABLE ? 0 : endOf(id - 1) & 0x7fff
    const to = endOf(id)
    if ((to & 0x8000) !== 0 || to < from || dataAt + to > this.#data.length) return null
    return this.#data.subarray(dataAt + from, dataAt + to)
  }

  #tagged(id: number): { readonly flags: number; readonly bytes: Buffer } | null {
    const [, last] = this.#data
    const listAt = this.#data.readUInt16LE(2)
    const variables = Math.max(0, last! - (FIRST_VARIABLE - 1))
    const ends = variables === 0 ? 0 : this.#data.readUInt16LE(listAt + (variables - 1) * 2) & 0x7fff
    const from = listAt + variables * 2 + ends
    if (from + 4 > this.#data.length) return null
    const mask = this.#isLarge ? 0x7fff : 0x1fff
    const count = (this.#data.readUInt16LE(from + 2) & mask) >> 2
    if (from + count * 4 > this.#data.length) return null
    for (let i = 0; i < count; i++) {
      if (this.#data.readUInt16LE(from + i * 4) !== id) continue
      const offset = this.#data.readUInt16LE(from + i * 4 + 2)
      const next = i + 1 < count ? this.#data.readUInt16LE(from + i * 4 + 6) & mask : this.#data.length - from
      const stretch = this.#data.subarray(from + (offset & mask), from + next)
      const hasFlags = this.#isLarge || (offset & 0x4000) !== 0
      if (!this.#isLarge && (offset & 0x2000) !== 0) return null
      return { flags: hasFlags ? (stretch[0] ?? FLAG.none) : 0, bytes: stretch.subarray(hasFlags ? 1 : 0) }
    }
    return null
  }
}

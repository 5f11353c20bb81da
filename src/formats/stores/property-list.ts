/**
 * Decodes a binary property list of Apple to plain values. A list with a cycle, too much depth or an offset outside
 * the file is rejected.
 *
 * @see Apple, CoreFoundation, CFBinaryPList.c
 */
export type PropertyValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Buffer
  | PropertyDate
  | PropertyReference
  | readonly PropertyValue[]
  | ReadonlyMap<string, PropertyValue>

export class PropertyDate {
  /** Seconds since 2001. */
  readonly seconds: number

  constructor(seconds: number) {
    this.seconds = seconds
  }
}

/** Reference to another object of an archive (NSKeyedArchiver). */
export class PropertyReference {
  readonly index: number

  constructor(index: number) {
    this.index = index
  }
}

export class NotPropertyList extends Error {}

const TRAILER_BYTES = 32
const MOST_OBJECTS = 100_000
const MOST_DEPTH = 32

/** @throws NotPropertyList */
export function propertyList(bytes: Buffer): PropertyValue {
  if (bytes.length < 8 + TRAILER_BYTES || bytes.toString('latin1', 0, 7) !== 'bplist0')
    throw new NotPropertyList()
  const trailer = bytes.subarray(bytes.length - TRAILER_BYTES)
  return new PropertyReader(bytes, {
    offsetBytes: trailer[6]!,
    referenceBytes: trailer[7]!,
    objects: Number(trailer.readBigUInt64BE(8)),
    tableAt: Number(trailer.readBigUInt64BE(24)),
  }).value(Number(trailer.readBigUInt64BE(16)), 0)
}

interface Layout {
  readonly offsetBytes: number
  readonly referenceBytes: number
  readonly objects: number
  readonly tableAt: number
}

class PropertyReader {
  readonly #bytes: Buffer
  readonly #layout: Layout
  /** Count of decoded objects. The limit applies to this count, because one object may be referenced many times. */
  #made = 0

  constructor(bytes: Buffer, layout: Layout) {
    this.#bytes = bytes
    this.#layout = layout
    for (const width of [layout.offsetBytes, layout.referenceBytes])
      if (width < 1 || width > 8) throw new NotPropertyList()
  }

  value(object: number, depth: number): PropertyValue {
    const { objects, tableAt, offsetBytes } = this.#layout
    if (depth > MOST_DEPTH || ++this.#made > MOST_OBJECTS || !(object < objects)) throw new NotPropertyList()
    const at = this.#number(tableAt + object * offsetBytes, offsetBytes)
    const [mark] = this.#take(at, 1)
    const [kind, low] = [mark! >> 4, mark! & 0xf]
    switch (kind) {
      case 0x0:
        return low === 8 ? false : low === 9 ? true : null
      case 0x1:
        return low === 4 ? this.#take(at + 1, 16).readBigInt64BE(8) : this.#whole(at + 1, low)
      case 0x2:
        return this.#real(at + 1, low)
      case 0x3:
        return new PropertyDate(this.#take(at + 1, 8).readDoubleBE(0))
      case 0x8:
        return new PropertyReference(this.#number(at + 1, low + 1))
    }
    const [length, from] = this.#length(at, low)
    switch (kind) {
      case 0x4:
        return this.#take(from, length)
      case 0x5:
        return this.#take(from, length).toString('latin1')
      case 0x6:
        return Buffer.from(this.#take(from, length * 2))
          .swap16()
          .toString('utf16le')
      case 0xa:
      case 0xc:
        return this.#references(from, length).map((one) => this.value(one, depth + 1))
      case 0xd:
        return this.#dictionary(from, length, depth)
      default:
        throw new NotPropertyList()
    }
  }

  #dictionary(from: number, length: number, depth: number): ReadonlyMap<string, PropertyValue> {
    const keys = this.#references(from, length)
    const values = this.#references(from + length * this.#layout.referenceBytes, length)
    return new Map(
      keys.map((key, i) => {
        const name = this.value(key, depth + 1)
        if (typeof name !== 'string') throw new NotPropertyList()
        return [name, this.value(values[i]!, depth + 1)] as const
      }),
    )
  }

  /** Count of bytes, units or members, and the offset of the first. */
  #length(at: number, low: number): readonly [length: number, from: number] {
    if (low < 0xf) return [low, at + 1]
    const [mark] = this.#take(at + 1, 1)
    if (mark! >> 4 !== 1 || (mark! & 0xf) > 3) throw new NotPropertyList()
    return [this.#whole(at + 2, mark! & 0xf), at + 2 + 2 ** (mark! & 0xf)]
  }

  /** An integer of eight bytes is signed. */
  #whole(at: number, log: number): number {
    if (log > 3) throw new NotPropertyList()
    return log === 3 ? Number(this.#take(at, 8).readBigInt64BE(0)) : this.#number(at, 2 ** log)
  }

  #real(at: number, log: number): number {
    if (log === 2) return this.#take(at, 4).readFloatBE(0)
    if (log === 3) return this.#take(at, 8).readDoubleBE(0)
    throw new NotPropertyList()
  }

  #references(from: number, length: number): number[] {
    const { referenceBytes } = this.#layout
    if (length > MOST_OBJECTS) throw new NotPropertyList()
    const bytes = this.#take(from, length * referenceBytes)
    return Array.from({ length }, (_, i) => wholeOf(bytes.subarray(i * referenceBytes), referenceBytes))
  }

  #number(at: number, width: number): number {
    return wholeOf(this.#take(at, width), width)
  }

  #take(at: number, length: number): Buffer {
    const isInside = at >= 0 && length >= 0 && at + length <= this.#bytes.length - TRAILER_BYTES
    if (!isInside || !Number.isSafeInteger(at)) throw new NotPropertyList()
    return this.#bytes.subarray(at, at + length)
  }
}

/** Unsigned, most significant byte first. A value above 2^53 is not exact, but it then points outside every file. */
function wholeOf(bytes: Buffer, width: number): number {
  let value = 0
  for (let i = 0; i < width; i++) value = value * 256 + bytes[i]!
  return value
}

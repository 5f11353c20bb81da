/**
 * Values of CBOR (RFC 8949): numbers, bytes, text, arrays, maps; a tag gives its value. Bounded in depth and number.
 */

export type CborMap = ReadonlyMap<string | number, Cbor>
export type Cbor = number | bigint | string | Buffer | boolean | null | readonly Cbor[] | CborMap

const DEPTH_MOST = 32
const VALUES_MOST = 100_000

/** @throws CborDamaged */
export function decodeCbor(bytes: Buffer): Cbor {
  return new Reader(bytes).value(0)
}

export class CborDamaged extends Error {
  override readonly name = 'CborDamaged'
}

export const isMap = (value: Cbor | undefined): value is CborMap => value instanceof Map

const KIND = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6 } as const
const INDEFINITE = 31
const BREAK = 0xff

class Reader {
  readonly #bytes: Buffer
  #at = 0
  #values = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  value(depth: number): Cbor {
    if (depth > DEPTH_MOST || ++this.#values > VALUES_MOST) throw new CborDamaged('too deep or too many')
    const first = this.#take(1)[0]!
    const kind = first >>> 5
    const short = first & 31
    if (kind > KIND.tag) return this.#simple(short)
    const length = short === INDEFINITE ? null : this.#number(short)
    if (kind === KIND.unsigned) return safe(need(length))
    if (kind === KIND.negative) return safe(-1n - need(length))
    if (kind === KIND.tag) return this.value(depth + 1)
    if (kind === KIND.bytes)
      return length === null ? this.#pieces(depth) : Buffer.from(this.#take(Number(length)))
    if (kind === KIND.text)
      return length === null
        ? this.#pieces(depth).toString('utf8')
        : this.#take(Number(length)).toString('utf8')
    if (kind === KIND.array) return this.#array(length, depth)
    return this.#map(length, depth)
  }

  #array(length: bigint | null, depth: number): Cbor[] {
    const values: Cbor[] = []
    while (this.#hasMore(length, values.length)) values.push(this.value(depth + 1))
    return values
  }

  #map(length: bigint | null, depth: number): CborMap {
    const values = new Map<string | number, Cbor>()
    for (let count = 0; this.#hasMore(length, count); count++) {
      const key = this.value(depth + 1)
      if (typeof key !== 'string' && typeof key !== 'number') throw new CborDamaged('a key that is no name')
      values.set(key, this.value(depth + 1))
    }
    return values
  }

  #hasMore(length: bigint | null, count: number): boolean {
    if (length !== null) return BigInt(count) < length
    if (this.#bytes[this.#at] !== BREAK) return true
    this.#at++
    return false
  }

  #pieces(depth: number): Buffer {
    const pieces = this.#array(null, depth)
    return Buffer.concat(
      pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : asBytes(piece))),
    )
  }

  #number(short: number): bigint {
    if (short < 24) return BigInt(short)
    if (short > 27) throw new CborDamaged('a length that is reserved')
    const bytes = this.#take(1 << (short - 24))
    return BigInt(`0x${bytes.toString('hex')}`)
  }

  /** Numbers with a fraction are read as `null`: no field that is used has one. */
  #simple(short: number): Cbor {
    if (short === 20 || short === 21) return short === 21
    if (short === INDEFINITE) throw new CborDamaged('an end without a beginning')
    if (short >= 24 && short <= 27) this.#take(1 << (short - 24))
    return null
  }

  #take(length: number): Buffer {
    if (!(length <= this.#bytes.length - this.#at)) throw new CborDamaged('cut')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }
}

function need(length: bigint | null): bigint {
  if (length === null) throw new CborDamaged('a number without end')
  return length
}

function asBytes(value: Cbor): Buffer {
  if (!Buffer.isBuffer(value)) throw new CborDamaged('a piece that is no bytes')
  return value
}

const safe = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value)

/** An array of texts and bytes, as a signature covers it (RFC 9052, 4.4: Sig_structure). */
export function encodeArray(values: readonly (string | Buffer)[]): Buffer {
  const parts = [head(KIND.array, values.length)]
  for (const value of values) {
    const bytes = Buffer.from(value)
    parts.push(head(typeof value === 'string' ? KIND.text : KIND.bytes, bytes.length), bytes)
  }
  return Buffer.concat(parts)
}

function head(kind: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(kind << 5) | length])
  if (length < 256) return Buffer.from([(kind << 5) | 24, length])
  const four = Buffer.alloc(5)
  four[0] = (kind << 5) | 26
  four.writeUInt32BE(length, 1)
  return length < 65_536 ? Buffer.from([(kind << 5) | 25, length >>> 8, length & 255]) : four
}

/** Reads and writes boxes of the ISO base media format. Every length is checked against the available bytes. */

export interface Box {
  readonly type: string
  readonly body: Buffer
  /** The box including its header. */
  readonly whole: Buffer
}

/** The boxes completely inside `bytes`, in order; stops at the first incomplete box. */
export function* boxesIn(bytes: Buffer): Generator<Box> {
  for (let at = 0; at + 8 <= bytes.length; ) {
    const type = bytes.toString('latin1', at + 4, at + 8)
    const short = bytes.readUInt32BE(at)
    const large = short === 1
    if (large && at + 16 > bytes.length) return
    const said = large ? Number(bytes.readBigUInt64BE(at + 8)) : short
    const head = large ? 16 : 8
    // Zero: the box extends to the end of the file.
    const size = short === 0 ? bytes.length - at : said
    if (size < head || at + size > bytes.length) return
    yield { type, body: bytes.subarray(at + head, at + size), whole: bytes.subarray(at, at + size) }
    at += size
  }
}

export function box(type: string, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([bigEndian(4, body.length + 8), Buffer.from(type, 'latin1'), body])
}

/** A box with a version, and flags zero. */
export function fullBox(type: string, version: number, ...content: readonly Buffer[]): Buffer {
  return box(type, Buffer.from([version, 0, 0, 0]), ...content)
}

export function bigEndian(width: 1 | 2 | 4, value: number): Buffer {
  const bytes = Buffer.alloc(width)
  bytes.writeUIntBE(value, 0, width)
  return bytes
}

/** Reads fields in sequence. @throws RangeError past the end */
export class Fields {
  readonly #bytes: Buffer
  #at: number

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes
    this.#at = at
  }

  /** @param width in bytes; 0 gives 0, as the format defines it */
  next(width: number): number {
    if (width === 0) return 0
    const high = width === 8 ? this.next(4) : 0
    const low = width === 8 ? 4 : width
    const value = this.#bytes.readUIntBE(this.#at, low)
    this.#at += low
    return high * 0x1_0000_0000 + value
  }

  text(length: number): string {
    if (this.#at + length > this.#bytes.length) throw new RangeError('past the end of a box')
    const value = this.#bytes.toString('latin1', this.#at, this.#at + length)
    this.#at += length
    return value
  }
}

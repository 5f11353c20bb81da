/**
 * The canonical encoding: the bytes that the chain and the digests hash (FORMAT.md, "Canonical encoding").
 *
 * Each value is a type byte, its length as u64 big-endian, and its bytes: no two different rows encode alike.
 * There is no encoding for a float, on purpose.
 */
import type { ColumnType, Value } from './tables.ts'

const NULL = 0
const INT = 1
const TEXT = 2
const BLOB = 3

/** Collects encoded values in one buffer that grows as needed and is used again after {@link clear}. */
export class CanonicalEncoder {
  #buffer = Buffer.allocUnsafe(1 << 16)
  #length = 0

  /** View of the bytes encoded since the last clear; valid until the next call. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  get length(): number {
    return this.#length
  }

  clear(): void {
    this.#length = 0
  }

  /** @throws TypeError when the value is not of the column's type: a bug in the writer, or a damaged ledger in verify */
  value(type: ColumnType, value: Value): void {
    if (value === null) this.#head(NULL, 0)
    else if (type === 'int' && (typeof value === 'number' || typeof value === 'bigint')) this.int(value)
    else if (type === 'text' && typeof value === 'string') this.text(value)
    else if (type === 'blob' && typeof value === 'object') this.blob(value)
    else throw new TypeError(`a ${typeof value} is no value for a column of type ${type}`)
  }

  null(): void {
    this.#head(NULL, 0)
  }

  /** Signed 64-bit. @throws RangeError for fractions and for numbers outside the range */
  int(value: number | bigint): void {
    const at = this.#head(INT, 8)
    // A number costs a tenth of a big integer to write.
    const number = Number(value)
    if (Number.isSafeInteger(number)) {
      writeU32(this.#buffer, Math.floor(number / 2 ** 32), at)
      writeU32(this.#buffer, number, at + 4)
    } else if (typeof value === 'bigint') this.#buffer.writeBigInt64BE(value, at)
    else throw new RangeError(`${value} is not an integer`)
  }

  /** UTF-8. The text must be well-formed: the appender ensures this. */
  text(value: string): void {
    const at = this.#room(9 + value.length * 3) + 9
    const length = writeAscii(this.#buffer, value, at) ? value.length : this.#buffer.write(value, at, 'utf8')
    this.#head(TEXT, length)
  }

  /**
   * A text as its UTF-8 bytes, or a blob, that lies in a range of `source`. Verification reads texts this way, so that a damaged byte
   * is seen before it is decoded.
   */
  range(type: 'text' | 'blob', source: Buffer, start: number, end: number): void {
    const at = this.#head(type === 'text' ? TEXT : BLOB, end - start)
    if (end - start > SHORT) source.copy(this.#buffer, at, start, end)
    else for (let i = start; i < end; i++) this.#buffer[at + i - start] = source[i]!
  }

  blob(value: Uint8Array): void {
    // `#room` comes first: it may replace this buffer with a larger one.
    const at = this.#head(BLOB, value.length)
    this.#buffer.set(value, at)
  }

  /** Writes type and length, reserves the bytes; returns where they go. */
  #head(type: number, length: number): number {
    const at = this.#room(9 + length)
    this.#buffer[at] = type
    writeU32(this.#buffer, 0, at + 1)
    writeU32(this.#buffer, length, at + 5)
    this.#length = at + 9 + length
    return at + 9
  }

  #room(bytes: number): number {
    const needed = this.#length + bytes
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2))
      this.#buffer.copy(grown, 0, 0, this.#length)
      this.#buffer = grown
    }
    return this.#length
  }
}

/** Big-endian, modulo 2³². By hand: this runs for every value that is hashed. */
function writeU32(buffer: Buffer, value: number, at: number): void {
  buffer[at] = value >>> 24
  buffer[at + 1] = value >>> 16
  buffer[at + 2] = value >>> 8
  buffer[at + 3] = value
}

/** Up to this many bytes a loop beats the call into native code. */
const SHORT = 64

// Most text in a ledger is short ASCII, for which a loop beats the call into native code.
function writeAscii(buffer: Buffer, text: string, at: number): boolean {
  if (text.length > SHORT) return false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) return false
    buffer[at + i] = code
  }
  return true
}

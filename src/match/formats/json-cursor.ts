/**
 * Walks JSON text of any length through a window: strict, bounded, and without an object per value.
 *
 * Everything here is synchronous on the bytes at hand (json-window.ts).
 *
 * @see RFC 8259
 */
import { isHexByte } from '../records/algorithms.ts'
import { JsonWindow, NEED_MORE } from './json-window.ts'

const DEEPEST = 64

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/** Bytes that end the fast run through a string: quote, backslash, control characters. */
const ENDS_RUN = new Uint8Array(256)
ENDS_RUN[QUOTE] = 1
ENDS_RUN[BACKSLASH] = 1
ENDS_RUN.fill(1, 0, 32)

/** A name to look for: ASCII, lower-case. */
export interface Word {
  readonly text: string
  readonly bytes: Buffer
}

export class JsonCursor extends JsonWindow {
  /** Bounds of the text of the last string, without its quotes. */
  textStart = 0
  textEnd = 0
  textEscaped = false
  /** Inside an object: is there another member? Consumes the comma between members and the closing brace. */
  hasMember(first: boolean): boolean {
    const byte = this.peek()
    if (byte === CLOSE_BRACE) {
      this.at++
      return false
    }
    if (!first) this.take(COMMA, 'a comma')
    if (this.peek() !== QUOTE) throw this.malformed('a name in quotes is missing')
    return true
  }

  hasElement(first: boolean): boolean {
    const byte = this.peek()
    if (byte === CLOSE_BRACKET) {
      this.at++
      return false
    }
    if (!first) this.take(COMMA, 'a comma')
    return true
  }

  openObject(): void {
    this.take(OPEN_BRACE, 'an object')
  }

  openArray(): void {
    this.take(OPEN_BRACKET, 'an array')
  }

  atObject(): boolean {
    return this.peek() === OPEN_BRACE
  }

  atArray(): boolean {
    return this.peek() === OPEN_BRACKET
  }

  atString(): boolean {
    return this.peek() === QUOTE
  }

  /** A member's name and its colon; the name's bounds are in textStart, textEnd. */
  name(): void {
    this.string()
    const { textStart, textEnd, textEscaped } = this
    this.take(COLON, 'a colon')
    this.textStart = textStart
    this.textEnd = textEnd
    this.textEscaped = textEscaped
  }

  /** Passes a string; its bounds are in textStart, textEnd. */
  string(): void {
    this.take(QUOTE, 'a string')
    const { buffer } = this
    const limit = this.limit
    let at = this.at
    this.textStart = at
    this.textEscaped = false
    for (;;) {
      while (at < limit && ENDS_RUN[buffer[at]!] === 0) at++
      if (at >= limit) throw NEED_MORE
      const byte = buffer[at]!
      if (byte === QUOTE) break
      if (byte !== BACKSLASH) {
        this.at = at
        throw this.malformed('a control character stands in a string')
      }
      this.textEscaped = true
      at = this.#escape(at)
    }
    this.textEnd = at
    this.at = at + 1
  }

  /** Text of the last string or name. */
  text(): string {
    const raw = this.buffer.toString('utf8', this.textStart, this.textEnd)
    return this.textEscaped ? (JSON.parse(`"${raw}"`) as string) : raw
  }

  /** The one of these words that the last string or name equals, in any case; null: none of them. */
  textAmong(words: readonly Word[]): string | null {
    if (this.textEscaped) {
      const text = this.text().toLowerCase()
      return words.some((word) => word.text === text) ? text : null
    }
    const length = this.textEnd - this.textStart
    next: for (let i = 0; i < words.length; i++) {
      const { bytes, text } = words[i]!
      if (bytes.length !== length) continue
      for (let at = 0; at < length; at++) {
        const byte = this.buffer[this.textStart + at]!
        if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== bytes[at]) continue next
      }
      return text
    }
    return null
  }

  atNull(): boolean {
    return this.peek() === 0x6e
  }

  /** Consumes a number of one digit and returns it; -1: another token, not consumed. */
  oneDigit(): number {
    const digit = this.peek() - 0x30
    if (digit < 0 || digit > 9 || this.at + 1 >= this.limit) return -1
    if (isScalarByte(this.buffer[this.at + 1]!)) return -1
    this.at++
    return digit
  }

  /** Passes a number, true, false or null; its text is between the old and the new position. */
  scalar(): string {
    this.peek()
    const start = this.at
    let at = start
    while (at < this.limit && isScalarByte(this.buffer[at]!)) at++
    if (at === this.limit) throw NEED_MORE
    const text = this.buffer.toString('latin1', start, at)
    if (!SCALAR.test(text)) throw this.malformed('a value is missing')
    this.at = at
    return text
  }

  /** Skips a value of any kind and checks that it is well formed. */
  skip(depth = 0): void {
    const byte = this.peek()
    if (byte === QUOTE) this.string()
    else if (byte === OPEN_BRACE) {
      this.#bound(depth)
      this.at++
      for (let first = true; this.hasMember(first); first = false) {
        this.name()
        this.skip(depth + 1)
      }
    } else if (byte === OPEN_BRACKET) {
      this.#bound(depth)
      this.at++
      for (let first = true; this.hasElement(first); first = false) this.skip(depth + 1)
    } else this.#skipScalar(byte)
  }

  /** Skips whole numbers and literals without making a string; others by {@link scalar}. */
  #skipScalar(first: number): void {
    const { buffer } = this
    const literal = first === 0x74 ? TRUE : first === 0x66 ? FALSE : first === 0x6e ? NULL : null
    let at = this.at
    if (literal === null) {
      if (first >= 0x31 && first <= 0x39) while (at < this.limit && isDigit(buffer[at]!)) at++
    } else if (at + literal.length < this.limit) {
      let i = 0
      while (i < literal.length && buffer[at + i] === literal[i]) i++
      if (i === literal.length) at += i
    }
    if (at > this.at && at < this.limit && !isScalarByte(buffer[at]!)) this.at = at
    else this.scalar()
  }

  #bound(depth: number): void {
    if (depth >= DEEPEST) throw this.malformed(`values are nested deeper than ${DEEPEST}`)
  }

  /** @returns position after the escape that starts at `at` */
  #escape(at: number): number {
    if (at + 1 >= this.limit) throw NEED_MORE
    const kind = this.buffer[at + 1]!
    if (kind !== 0x75) {
      if (SIMPLE_ESCAPES.includes(kind)) return at + 2
      this.at = at
      throw this.malformed('a backslash is followed by no escape')
    }
    if (at + 5 >= this.limit) throw NEED_MORE
    for (let i = at + 2; i < at + 6; i++) {
      if (!isHexByte(this.buffer[i]!)) {
        this.at = at
        throw this.malformed('\\u is not followed by four hex digits')
      }
    }
    return at + 6
  }
}

const SCALAR = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/
const SIMPLE_ESCAPES = Buffer.from('"\\/bfnrt')

const TRUE = Buffer.from('true')
const FALSE = Buffer.from('false')
const NULL = Buffer.from('null')

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

/** Letters, digits, sign and point: the characters of numbers and literals. */
function isScalarByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e
  )
}

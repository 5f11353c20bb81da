/**
 * The part of a long JSON text that is in memory. Parsing is tried on it, and repeated when more bytes are there.
 *
 * Everything but `attempt`, `refill` and `expectEnd` is synchronous. Where the bytes end too soon, NEED_MORE is thrown
 * and the position is restored. So a value is read whole or reported as truncated.
 */
import { UsageError } from '../../base/errors.ts'

/** Thrown when the window ends inside a value; never leaves {@link JsonWindow.attempt}. */
export const NEED_MORE = new Error('the window ends inside a value')

/** One record with its files, tags and miniature fits easily; more is hostile. */
const LARGEST_VALUE_BYTES = 64 * 1024 * 1024

export class JsonWindow {
  buffer: Buffer = Buffer.alloc(0)
  at = 0
  /** End of the bytes at hand. */
  limit = 0
  #discarded = 0
  #ended = false
  readonly #pieces: AsyncIterator<Buffer>
  readonly #place: () => string

  /** @param place returns the caller's position (a record number), for error messages */
  constructor(pieces: AsyncIterable<Buffer>, place: () => string) {
    this.#pieces = pieces[Symbol.asyncIterator]()
    this.#place = place
  }

  /** Runs `parse` until it has all the bytes it needs; each try starts at the same place. */
  async attempt<T>(parse: () => T): Promise<T> {
    for (;;) {
      const done = this.tryNow(parse)
      if (done !== null) return done.value
      await this.refill()
    }
  }

  /**
   * One attempt without waiting. Null: the window ended and the position is restored; call `refill` before the next
   * attempt.
   */
  tryNow<T>(parse: () => T): { readonly value: T } | null {
    const start = this.at
    try {
      return { value: parse() }
    } catch (error) {
      if (error !== NEED_MORE) throw error
      this.at = start
      return null
    }
  }

  /** @throws UsageError at the end of the file, or when a single value exceeds the limit */
  async refill(): Promise<void> {
    if (this.#ended) throw this.malformed('the file ends here, in the middle: it is truncated')
    if (this.limit - this.at > LARGEST_VALUE_BYTES) {
      throw this.malformed(`a single value is larger than ${LARGEST_VALUE_BYTES} bytes`)
    }
    // Doubles the bytes in memory, so that a large value is copied a logarithmic number of times.
    const parts = [this.buffer.subarray(this.at, this.limit)]
    let missing = Math.max(1, parts[0]!.length)
    while (missing > 0 && !this.#ended) {
      const { value, done } = await this.#pieces.next()
      if (done === true) this.#ended = true
      else {
        parts.push(Buffer.from(value))
        missing -= value.length
      }
    }
    const next = Buffer.concat(parts)
    this.#discarded += this.at
    this.buffer = next
    this.limit = next.length
    this.at = 0
  }

  /** Only white space may follow. */
  async expectEnd(): Promise<void> {
    for (;;) {
      while (this.at < this.limit && isSpace(this.buffer[this.at]!)) this.at++
      if (this.at < this.limit) throw this.malformed('something follows the end of the document')
      if (this.#ended) return
      await this.refill()
    }
  }

  /** Closes the underlying file; the creator of a cursor always calls it at the end. */
  async close(): Promise<void> {
    await this.#pieces.return?.()
  }

  malformed(what: string): UsageError {
    return new UsageError(
      `The JSON list cannot be read at byte ${this.#discarded + this.at} (${this.#place()}): ${what}.`,
    )
  }

  /** Next byte that is not white space; not consumed. */
  peek(): number {
    while (this.at < this.limit) {
      const byte = this.buffer[this.at]!
      if (!isSpace(byte)) return byte
      this.at++
    }
    throw NEED_MORE
  }

  take(byte: number, what: string): void {
    if (this.peek() !== byte) throw this.malformed(`${what} is missing`)
    this.at++
  }
}

function isSpace(byte: number): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9
}

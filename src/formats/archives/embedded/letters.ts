/** Decodes base64 and hexadecimal digits in text, from an offset to the first other character. */
import type { ByteSource } from '../../bytes/byte-source.ts'

export interface Run {
  readonly bytes: Buffer
  /** Offset in the text behind the last digit. */
  readonly end: number
}

const WINDOW = 1 << 16
const AHEAD = 1024

/** Characters of a text by offset; −1 behind its end. */
class Letters {
  readonly #source: ByteSource
  #held: Buffer = Buffer.alloc(0)
  #from = 0

  constructor(source: ByteSource) {
    this.#source = source
  }

  at(offset: number): number {
    const within = offset - this.#from
    if (within >= 0 && within < this.#held.length) return this.#held[within]!
    if (offset >= this.#source.sizeBytes || offset < 0) return -1
    this.#from = offset
    this.#held = this.#source.read(offset, WINDOW)
    return this.#held[0] ?? -1
  }

  text(offset: number, length: number): string {
    return this.#source.read(offset, length).toString('latin1')
  }
}

/** Buffer that grows with each added character. */
class Kept {
  #bytes = Buffer.alloc(WINDOW)
  length = 0

  add(letter: number): void {
    if (this.length === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], this.#bytes.length * 2)
    this.#bytes[this.length++] = letter
  }

  text(): string {
    return this.#bytes.toString('latin1', 0, this.length)
  }
}

const BASE64 = new Uint8Array(256)
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_')
  BASE64[letter.charCodeAt(0)] = 1

const [TAB, LF, CR, SPACE, EQUALS] = [9, 10, 13, 32, 61]

/**
 * Escapes that other formats write for a slash, a plus or a line end, with the character that each replaces (if any).
 */
const WRITTEN: readonly (readonly [written: string, letter: string])[] = [
  ['\\/', '/'],
  ['\\n', ''],
  ['\\r', ''],
  ['&#10;', ''],
  ['&#13;', ''],
  ['&#xA;', ''],
  ['&#xD;', ''],
  ['%2F', '/'],
  ['%2f', '/'],
  ['%2B', '+'],
  ['%2b', '+'],
  ['%0A', ''],
  ['%0D', ''],
]
const STARTS = new Set(WRITTEN.map(([written]) => written.charCodeAt(0)))

/** @param most maximum bytes; a longer run is read slightly beyond this limit */
export function base64Run(source: ByteSource, from: number, most: number): Run {
  const letters = new Letters(source)
  const kept = new Kept()
  const lines = new Lines(letters)
  let at = from
  while (kept.length <= (most / 3) * 4 + 4) {
    const letter = letters.at(at)
    if (letter >= 0 && BASE64[letter] === 1) {
      kept.add(letter)
      at++
    } else if (letter === LF || letter === CR) {
      const next = lines.after(at)
      if (next === null) break
      at = next
    } else if (letter === SPACE || letter === TAB) at++
    else if (STARTS.has(letter)) {
      const head = letters.text(at, 5)
      const known = WRITTEN.find(([written]) => head.startsWith(written))
      if (known === undefined) break
      for (const stands of known[1]) kept.add(stands.charCodeAt(0))
      at += known[0].length
    } else {
      while (letters.at(at) === EQUALS) at++
      break
    }
  }
  return { bytes: Buffer.from(kept.text(), 'base64'), end: at }
}

/**
 * Decides whether a run continues in the next line. With folded lines, the next line starts with a space. Otherwise
 * the next line contains only base64 digits, and the line before it is as long as the others. `END:VCARD` behind the
 * last line is not part of a picture.
 */
class Lines {
  readonly #letters: Letters
  #begun: number | null = null
  #width = 0
  #folds = false

  constructor(letters: Letters) {
    this.#letters = letters
  }

  /** @returns offset where the run continues; null when it ends */
  after(end: number): number | null {
    const next = end + (this.#letters.at(end) === CR && this.#letters.at(end + 1) === LF ? 2 : 1)
    const first = this.#letters.at(next)
    const isFolded = first === SPACE || first === TAB
    const before = this.#begun
    this.#begun = next
    if (before === null) this.#folds = isFolded
    if (this.#folds || isFolded) return isFolded ? next : null
    const length = before === null ? 0 : end - before
    if (before !== null && this.#width === 0) this.#width = length
    return length >= this.#width && WHOLE_LINE.test(this.#letters.text(next, AHEAD)) ? next : null
  }
}

const WHOLE_LINE = /^(?:[A-Za-z0-9+/_-]{1024}|[A-Za-z0-9+/_-]+={0,2}(?:[\r\n"'<)\\,;}&]|$))/

const HEX = /^[0-9a-fA-F]*/

/** Decodes digits in pairs. @param spaced whitespace may separate them */
export function hexRun(source: ByteSource, from: number, most: number, spaced = false): Run {
  const parts: Buffer[] = []
  let [at, length, odd] = [from, 0, '']
  while (length <= most) {
    const text = source.read(at, WINDOW).toString('latin1')
    const digits = (spaced ? SPACED_HEX : HEX).exec(text)![0]
    const all = odd + (spaced ? digits.replace(/\s+/g, '') : digits)
    odd = all.length % 2 === 0 ? '' : all.slice(-1)
    const bytes = Buffer.from(all.slice(0, all.length - odd.length), 'hex')
    parts.push(bytes)
    length += bytes.length
    at += digits.length
    if (digits.length < text.length || text.length === 0) break
  }
  return { bytes: Buffer.concat(parts), end: at }
}

const SPACED_HEX = /^[0-9a-fA-F\s]*/

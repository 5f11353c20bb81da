/** Which bytes are words that a person wrote, and which only look like text: what is found here becomes an entry. */
import { isUtf8 } from 'node:buffer'
import { looksLegacy } from '../../../signatures/legacy-text.ts'

export type RunEncoding = 'ascii' | 'utf-8' | 'utf-16le' | 'utf-16be' | 'single-byte'

/** Of characters. Random bytes have as many letters and spaces in a row once in some terabytes. */
const LEAST_UNICODE = 24
/** Of bytes in an encoding before Unicode, of which nearly every byte is a character. */
const LEAST_LEGACY = 48
const LEAST_WIDE = 12

/** Bounds are in the bytes that were given. */
interface Found {
  readonly offset: number
  readonly length: number
  readonly encoding: RunEncoding
}

/** @param bytes without control characters */
export function narrowTexts(bytes: Buffer): readonly Found[] {
  const whole = { offset: 0, length: bytes.length }
  const segments = validSegments(bytes)
  const isWhole = segments.length === 1 && segments[0]!.length === bytes.length
  if (!isWhole && isLegacyText(bytes)) return [{ ...whole, encoding: 'single-byte' }]
  return segments.flatMap((one) => {
    const part = bytes.subarray(one.offset, one.offset + one.length)
    return isUnicodeText(part)
      ? [{ ...one, encoding: isAscii(part) ? ('ascii' as const) : ('utf-8' as const) }]
      : []
  })
}

/** Longest pieces that are UTF-8. */
function validSegments(bytes: Buffer): { readonly offset: number; readonly length: number }[] {
  if (isUtf8(bytes)) return [{ offset: 0, length: bytes.length }]
  const segments: { offset: number; length: number }[] = []
  let start = 0
  for (let at = 0; at <= bytes.length; ) {
    const length = at === bytes.length ? 0 : characterAt(bytes, at)
    if (length > 0) {
      at += length
      continue
    }
    if (at - start >= LEAST_UNICODE) segments.push({ offset: start, length: at - start })
    at++
    start = at
  }
  return segments
}

/** Bytes of the character; 0: none. */
function characterAt(bytes: Buffer, at: number): number {
  const first = bytes[at]!
  if (first < 0x80) return 1
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0
}

function isAscii(bytes: Buffer): boolean {
  return bytes.every((byte) => byte < 0x80)
}

/**
 * Seven of ten characters are letters, digits or spaces; characters of several bytes count as letters. A space, or a
 * sign of paths and addresses, tells text from the names of symbols, of which programs have a hundred thousand.
 */
function isUnicodeText(bytes: Buffer): boolean {
  let [characters, words, parts] = [0, 0, 0]
  for (const byte of bytes) {
    if (byte >= 0x80 && byte < 0xc0) continue
    characters++
    if (byte >= 0x80 || WORD[byte] === 1) words++
    if (byte === 0x20 || byte === 0x2f || byte === 0x5c || byte === 0x40) parts++
  }
  return characters >= LEAST_UNICODE && words * 10 >= characters * 7 && parts > 0 && varies(bytes)
}

const WORD = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[A-Za-z0-9\s]/.test(String.fromCharCode(byte)) && byte < 0x80 ? 1 : 0,
)

/** A pattern that fills space is no text. */
function varies(bytes: Buffer): boolean {
  const seen = new Set<number>()
  for (const byte of bytes.subarray(0, 256)) seen.add(byte)
  return seen.size >= 6
}

/**
 * Words of single-byte letters between spaces. The reader of contents has to take them for text as well
 * (looksLegacy), or the text would be listed and not read.
 */
function isLegacyText(bytes: Buffer): boolean {
  if (bytes.length < LEAST_LEGACY) return false
  const looked = bytes.subarray(0, 4096)
  let [spaces, letters, upper, lower] = [0, 0, 0, 0]
  for (const byte of looked) {
    if (byte === 0x20 || byte === 0x0a) spaces++
    else if (WORD[byte] === 1) letters++
    else if (byte >= 0xc0) upper++
    else if ((byte >= 0x80 && byte < 0xb0) || byte === 0xb8) lower++
  }
  const high = Math.max(upper, lower > upper ? lower + countOf(looked, 0xe0, 0xf2) : 0)
  const words = spaces + letters + high
  const isSpaced = spaces * 20 >= looked.length && spaces * 3 <= looked.length
  return isSpaced && words * 10 >= looked.length * 9 && isOfWords(looked) && looksLegacy(looked)
}

function countOf(bytes: Buffer, from: number, to: number): number {
  return bytes.reduce((sum, byte) => (byte >= from && byte < to ? sum + 1 : sum), 0)
}

/** Most capitals of words stand first; in bytes by chance each letter is a capital as often as not. */
function isOfWords(bytes: Buffer): boolean {
  let [inside, capitals] = [0, 0]
  for (let i = 1; i < bytes.length; i++) {
    const [before, byte] = [bytes[i - 1]!, bytes[i]!]
    if (!isLetter(before) || !isLetter(byte)) continue
    inside++
    const isCapital = byte >= 0x41 && byte <= 0x5a
    const isSmallBefore = before >= 0x61 && before <= 0x7a
    if (isCapital && isSmallBefore) capitals++
  }
  return capitals * 20 <= inside
}

function isLetter(byte: number): boolean {
  return byte >= 0x80 || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)
}

/** @returns number of ASCII letters, digits and spaces, by which two ways to read the same bytes compare; null: no text */
export function wideText(bytes: Buffer, order: 'le' | 'be'): number | null {
  const units = bytes.length >> 1
  if (units < LEAST_WIDE) return null
  const scripts = new Uint32Array(SCRIPTS.length + 1)
  let [ascii, words, beside, before] = [0, 0, 0, 0]
  for (let i = 0; i < units; i++) {
    const unit = order === 'le' ? bytes.readUInt16LE(2 * i) : bytes.readUInt16BE(2 * i)
    if (unit < 0x80) {
      ascii++
      if (WORD[unit] === 1) words++
    } else scripts[SCRIPTS.findIndex(([from, to]) => unit >= from && unit < to) + 1]!++
    if (unit >= 0x250 && before >= 0x250) beside++
    before = unit
  }
  const most = Math.max(...scripts.subarray(1))
  // Letters of another script stand beside each other; of numbers of 32 bits every other unit looks like one.
  if (most > scripts[1]! && beside * 2 < most) return null
  // In a language of Latin letters most are ASCII; numbers of 16 bits are spread over both.
  if (most === scripts[1] && most > 0 && words * 10 < units * 7) return null
  const isOneScript = (ascii + most) * 20 >= units * 19
  return isOneScript && (words + most) * 5 >= units * 4 && words * 50 >= units && varies(bytes) ? words : null
}

/** Latin beyond ASCII, Greek, Cyrillic, Armenian, Hebrew, Arabic. */
const SCRIPTS = [
  [0xc0, 0x250],
  [0x370, 0x400],
  [0x400, 0x530],
  [0x530, 0x590],
  [0x590, 0x600],
  [0x600, 0x700],
] as const

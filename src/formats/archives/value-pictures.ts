/**
 * Pictures and files in one value of a row: the value itself, or what its text has in base64 or hexadecimal digits.
 * Programs made of web pages keep pictures as text, in JSON or as `data:`, and WebKit keeps the text of local storage as
 * blobs in UTF-16 without a mark.
 */
import { sourceOfBuffer } from '../bytes/byte-source.ts'
import { writtenBeginnings } from '../signatures/embedded/written.ts'
import type { SqlValue } from '../sqlite/sqlite-file.ts'
import type { Budget } from './common/container.ts'
import { LEAST_BYTES, writtenIn } from './embedded/written.ts'
import { isContainer } from './stored-container.ts'
import { isPicture, mayHoldPicture } from './stored-picture.ts'

export interface Held {
  readonly bytes: Buffer
  /** Counted from 1 within the value, of what is in digits; null: the value itself. */
  readonly number: number | null
}

/** @throws LimitReached when a single run of digits is larger than the remaining budget */
export function* heldIn(value: SqlValue, budget: Budget): Generator<Held> {
  if (Buffer.isBuffer(value) && (isPicture(value) || isContainer(value))) {
    yield { bytes: value, number: null }
    return
  }
  const text = textIn(value)
  if (text === null) return
  let number = 0
  for (const bytes of writtenIn(sourceOfBuffer(text), budget)) yield { bytes, number: ++number }
}

/** Text that may hold a picture, with a byte for each letter of ASCII; null: there is none. */
function textIn(value: SqlValue): Buffer | null {
  if (typeof value === 'string') return mayBeWrittenIn(value) ? Buffer.from(value) : null
  if (!Buffer.isBuffer(value) || value.length < LEAST_LETTERS) return null
  if (isWide(value)) return textIn(value.toString('utf16le'))
  return mayBeWrittenIn(value.toString('latin1')) ? value : null
}

function mayBeWrittenIn(text: string): boolean {
  return text.length >= LEAST_LETTERS && BEGINNINGS.test(text)
}

/** Without the flag `g`: the search has no state. */
const BEGINNINGS = new RegExp(writtenBeginnings().source)

/** Four letters of ASCII in UTF-16, lesser byte first. */
function isWide(bytes: Buffer): boolean {
  for (let at = 0; at < 8; at += 2) if (bytes[at] === 0 || bytes[at + 1] !== 0) return false
  return true
}

const LEAST_LETTERS = Math.ceil((LEAST_BYTES * 4) / 3)
/** Serial types of texts are odd numbers from 13. */
const LEAST_TEXT_TYPE = 13 + LEAST_LETTERS * 2

export function mayHold(type: number): boolean {
  return mayHoldPicture(type) || (type >= LEAST_TEXT_TYPE && type % 2 === 1)
}

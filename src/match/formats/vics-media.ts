/** One media record of a VICS document: its digests, category and size; everything else is passed over. */
import { type AlgorithmPlace, algorithmNamed, decodeHex, MD5, SHA1, SHA256 } from '../records/algorithms.ts'
import {
  type AlternativeHash,
  alternativeHash,
  isWanted,
  NotCompared,
} from '../records/alternative-hashes.ts'
import type { ReadOptions } from '../records/format.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import type { JsonCursor } from './json-cursor.ts'
import { faultOfFrames, framesIn, type ListedFrame } from './vpdq-frame.ts'

/** The members that are read. Others are skipped, and copied unchanged where extras are requested. */
const NAMES = ['md5', 'sha1', 'sha256', 'category', 'mediasize', 'alternativehashes', 'media', 'mediaid'].map(
  (text) => ({
    text,
    bytes: Buffer.from(text),
  }),
)
const NO_DIGEST = 'no digest that this program compares'
const SMALL_NUMBERS = Array.from({ length: 10 }, (_, digit) => String(digit))

/** Reads one object into the batch; again from its start when the window ended inside it. */
export class MediaReader {
  readonly #cursor: JsonCursor
  readonly #batch: RecordBatch
  readonly #options: ReadOptions
  /** Wanted alternative hashes in a form that is not read. */
  unreadable = 0
  readonly notCompared = new NotCompared()
  /** Frames of the last record, where it contains vPDQ. */
  frames: readonly ListedFrame[] = []
  #present = 0
  #fault: string | null = null
  #badDigest: string | null = null
  #vpdq: string | null = null
  #others: AlternativeHash[] = []
  /** Of this record; counted when its end is reached, because a record is read again where the window ended inside it. */
  #unread = 0
  #unwanted: string[] = []

  constructor(cursor: JsonCursor, batch: RecordBatch, options: ReadOptions) {
    this.#cursor = cursor
    this.#batch = batch
    this.#options = options
  }

  /**
   * @returns 'case' when the object turned out to contain a `Media` array: the cursor is before the array and no record
   *   was taken
   */
  read(record: number): 'record' | 'case' {
    const cursor = this.#cursor
    const batch = this.#batch
    if (!cursor.atObject()) {
      cursor.skip()
      batch.reject(record, 'not an object')
      return 'record'
    }
    const start = cursor.at
    ;[this.#present, this.#fault, this.#badDigest, this.#vpdq] = [0, null, null, null]
    ;[this.#others, this.#unread, this.#unwanted] = [[], 0, []]
    this.frames = []
    let size = Number.NaN
    let category: string | null = null
    let mediaId = `record ${record}`

    cursor.openObject()
    for (let first = true; cursor.hasMember(first); first = false) {
      cursor.name()
      switch (cursor.textAmong(NAMES)) {
        case 'md5':
          this.#digest(MD5)
          break
        case 'sha1':
          this.#digest(SHA1)
          break
        case 'sha256':
          this.#digest(SHA256)
          break
        case 'category':
          category = this.#sameCategory(category, this.#category())
          break
        case 'mediasize':
          size = this.#size()
          break
        case 'alternativehashes':
          if (cursor.atArray()) this.#alternativeHashes()
          else cursor.skip()
          break
        case 'mediaid':
          mediaId = cursor.atString()
            ? textOf(cursor)
            : cursor.atObject() || cursor.atArray()
              ? passed(cursor, mediaId)
              : cursor.scalar()
          break
        case 'media':
          if (cursor.atArray()) return 'case'
          cursor.skip()
          break
        default:
          cursor.skip()
      }
    }
    this.unreadable += this.#unread
    this.notCompared.take(this.#unwanted)
    if (this.#vpdq !== null) this.frames = framesIn(this.#vpdq, mediaId, category)
    const hasFrames = this.frames.length > 0
    const unreadFrames = this.#vpdq ? faultOfFrames(this.#vpdq, this.frames.length) : null
    if (unreadFrames !== null) batch.reject(record, unreadFrames)
    this.#present |= batch.writeAlternatives(this.#others)
    if (this.#fault !== null) batch.reject(record, this.#fault)
    else if (this.#present === 0) {
      if (!hasFrames || this.#badDigest !== null) batch.reject(record, this.#badDigest ?? NO_DIGEST)
    } else {
      const extras = this.#options.extras ? Buffer.from(cursor.buffer.subarray(start, cursor.at)) : null
      if (this.#badDigest !== null) batch.unread.push({ line: record, reason: this.#badDigest })
      batch.keep(record, this.#present, size, category, extras)
    }
    return 'record'
  }

  #digest(place: AlgorithmPlace): void {
    const cursor = this.#cursor
    if (cursor.atString()) {
      cursor.string()
      this.#takeDigest(place)
    } else {
      if (!cursor.atNull()) this.#badDigest = `${place.title} is no text`
      cursor.skip()
    }
  }

  /** Takes the last string as a digest; an empty string is no digest. */
  #takeDigest(place: AlgorithmPlace): void {
    const { textStart, textEnd, buffer } = this.#cursor
    const { digests } = this.#batch
    if (textEnd === textStart) return
    const at = this.#batch.offset(place)
    const before = (this.#present & place.bit) === 0 ? null : digests.slice(at, at + place.bytes)
    if (textEnd - textStart !== place.bytes * 2 || !decodeHex(buffer, textStart, digests, at, place.bytes)) {
      this.#badDigest = `${place.title} is not ${place.bytes * 2} hex digits`
      // A second value may stand over a part of the first.
      if (before !== null) this.#fault = this.#badDigest
    } else if (before?.some((byte, i) => byte !== digests[at + i])) {
      this.#fault = `two different ${place.title} digests in one record`
    } else this.#present |= place.bit
  }

  /** Exactly as in the list, without the quotes; null and "" mean none, 0 is a category. */
  #category(): string | null {
    const cursor = this.#cursor
    if (cursor.atString()) {
      cursor.string()
      const text = cursor.text().trim()
      return text === '' ? null : text
    }
    if (cursor.atObject() || cursor.atArray()) {
      cursor.skip()
      this.#fault = 'Category is neither a number nor text'
      return null
    }
    const digit = cursor.oneDigit()
    if (digit !== -1) return SMALL_NUMBERS[digit]!
    const text = cursor.scalar()
    return text === 'null' ? null : text
  }

  /** A category that is said twice: the last one would decide whether the content is illegal. */
  #sameCategory(before: string | null, now: string | null): string | null {
    if (before !== null && now !== null && before !== now)
      this.#fault = 'two different categories in one record'
    return now ?? before
  }

  #size(): number {
    const cursor = this.#cursor
    let text = '?'
    if (cursor.atString()) {
      cursor.string()
      text = cursor.text().trim()
    } else if (cursor.atObject() || cursor.atArray()) cursor.skip()
    else text = cursor.scalar()
    if (text === '' || text === 'null') return Number.NaN
    const value = Number(text)
    if (/^\d+(\.0+)?$/.test(text) && Number.isSafeInteger(value)) return value
    this.#fault = 'MediaSize is no number of bytes'
    return Number.NaN
  }

  #alternativeHashes(): void {
    const cursor = this.#cursor
    cursor.openArray()
    for (let first = true; cursor.hasElement(first); first = false) {
      if (cursor.atObject()) this.#alternativeHash()
      else cursor.skip()
    }
  }

  /** `{HashName, HashValue}` in either order; names without an algorithm here (PhotoDNA) are for agencies' hashers. */
  #alternativeHash(): void {
    const cursor = this.#cursor
    let place: AlgorithmPlace | undefined
    let isVpdq = false
    let other: string | null = null
    let named = ''
    let value: { start: number; end: number; escaped: boolean } | null = null
    cursor.openObject()
    for (let first = true; cursor.hasMember(first); first = false) {
      cursor.name()
      const name = cursor.text().toLowerCase()
      if ((name === 'hashname' || name === 'hashvalue') && cursor.atString()) {
        cursor.string()
        if (name === 'hashname') {
          isVpdq = /^v-?pdq$/i.test(cursor.text())
          place = algorithmNamed(cursor.text())
          named = cursor.text()
          other = isWanted(named, this.#options.alternatives) ? named : null
        } else value = { start: cursor.textStart, end: cursor.textEnd, escaped: cursor.textEscaped }
      } else cursor.skip()
    }
    if (value === null) return
    if (place === undefined && !isVpdq && other === null) {
      this.#unwanted.push(named)
      return
    }
    ;[cursor.textStart, cursor.textEnd, cursor.textEscaped] = [value.start, value.end, value.escaped]
    if (place !== undefined) this.#takeDigest(place)
    else if (isVpdq) this.#vpdq = cursor.text()
    else this.#takeOther(other!, cursor.text())
  }

  #takeOther(name: string, text: string): void {
    const hash = alternativeHash(name, text, this.#options.alternatives)
    if ('bytes' in hash) this.#others.push(hash)
    else this.#unread++
  }
}

function textOf(cursor: JsonCursor): string {
  cursor.string()
  return cursor.text()
}

function passed<T>(cursor: JsonCursor, kept: T): T {
  cursor.skip()
  return kept
}

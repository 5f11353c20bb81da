/**
 * VICS JSON, versions 1.1 to 2.0: `#Media` hash sets and `#Cases` with the media inside each case. Streamed: these
 * files reach several gigabytes.
 *
 * What newcomers get wrong: category 0 is a value and null is none; names come in any case; numbers come in quotes;
 * the marker may stand anywhere; the marker's country says which scale the author meant, but only the operator
 * declares one. Totals that the file states of itself are not believed: rows are counted.
 */
import { UsageError } from '../errors.ts'
import { printName } from '../evidence-path.ts'
import { type AlgorithmPlace, algorithmNamed, decodeHex, MD5, SHA1, SHA256 } from './algorithms.ts'
import type { Detection, HashSetFormat, ReadOptions } from './format.ts'
import { JsonCursor } from './json-cursor.ts'
import type { ListFile } from './list-file.ts'
import { type Extras, RecordBatch } from './record-batch.ts'

const MARKER =
  /"@?odata\.(?:metadata|context)"\s*:\s*"[^"]*\/DataModels\/(\d\.\d)\.xml(?:\/([^/"]*)\/\$metadata)?#(Media|Cases)"/i

export const vics: HashSetFormat = {
  id: 'vics',
  title: 'Project VIC VICS JSON 1.1–2.0',

  detect(head: Buffer): Detection {
    const text = head.toString('latin1')
    if (!/^\s*\{/.test(text)) return { matches: false, reason: 'not a JSON object' }
    const marker = MARKER.exec(text)
    if (marker !== null) {
      return { matches: true, reason: `a JSON object with the marker of VICS ${marker[1]} #${marker[3]}` }
    }
    const matches = /"value"\s*:\s*\[/i.test(text)
    return {
      matches,
      reason: matches
        ? 'a JSON object with a "value" array, no VICS marker near its beginning'
        : 'a JSON object without marker or "value" array near its beginning',
    }
  },

  async *read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
    const batch = new RecordBatch()
    let records = 0
    const cursor = new JsonCursor(file.text(), () => `after record ${records}`)
    const reader = new MediaReader(cursor, batch, options.extras ?? false)
    let marker: string | null = null
    let hasValue = false

    /** Reads elements of one array for as long as the window and the batch allow. */
    class Elements {
      #first = true

      read(): 'end' | 'full' | 'more' | 'case' {
        while (!batch.full) {
          const done = cursor.tryNow(this.#one)
          if (done === null) return 'more'
          if (done.value === 'end') return 'end'
          this.#first = false
          if (done.value === 'case') return 'case'
          records++
        }
        return 'full'
      }

      readonly #one = () => (cursor.hasElement(this.#first) ? reader.read(records + 1) : 'end')
    }

    await cursor.attempt(() => cursor.openObject())
    for (let first = true; await cursor.attempt(() => cursor.hasMember(first)); first = false) {
      const name = await cursor.attempt(() => {
        cursor.name()
        return cursor.text().toLowerCase()
      })
      if (name === 'value' && (await cursor.attempt(() => cursor.atArray()))) {
        hasValue = true
        yield* readValue()
      } else if (name === 'odata.metadata' || name === '@odata.context') {
        marker = await cursor.attempt(() => readText(cursor))
      } else await cursor.attempt(() => cursor.skip())
    }
    await cursor.expectEnd()
    if (!hasValue) throw new UsageError('The JSON list has no "value" array: it is no VICS document.')
    if (batch.rows > 0) yield batch
    options.onFacts?.({
      note:
        marker === null ? 'no VICS marker in the document' : `VICS marker: ${printName(Buffer.from(marker))}`,
    })

    /** The `value` array: media records, or cases with media records inside. */
    async function* readValue(): AsyncGenerator<RecordBatch> {
      await cursor.attempt(() => cursor.openArray())
      const elements = new Elements()
      for (;;) {
        const stopped = elements.read()
        if (stopped === 'end') return
        if (stopped === 'case') {
          yield* readMedia()
          yield* readRestOfCase()
        } else yield* pause(stopped)
      }
    }

    async function* readMedia(): AsyncGenerator<RecordBatch> {
      await cursor.attempt(() => cursor.openArray())
      const elements = new Elements()
      for (;;) {
        const stopped = elements.read()
        if (stopped === 'end') return
        if (stopped === 'case') throw cursor.malformed('a "Media" array stands inside a media record')
        yield* pause(stopped)
      }
    }

    async function* pause(why: 'full' | 'more'): AsyncGenerator<RecordBatch> {
      if (why === 'more') await cursor.refill()
      else {
        yield batch
        batch.clear()
      }
    }

    async function* readRestOfCase(): AsyncGenerator<RecordBatch> {
      while (await cursor.attempt(() => cursor.hasMember(false))) {
        const name = await cursor.attempt(() => {
          cursor.name()
          return cursor.text().toLowerCase()
        })
        if (name === 'media' && (await cursor.attempt(() => cursor.atArray()))) yield* readMedia()
        else await cursor.attempt(() => cursor.skip())
      }
    }
  },
}

/** Members that become columns; everything else is an extra. */
const COLUMNS = new Set(['md5', 'sha1', 'sha256', 'category', 'mediasize'])
/** The members that are read, by length of name, so that most names are passed after one comparison. */
const NAMES = [...COLUMNS, 'alternativehashes', 'media'].map((text) => ({
  text,
  bytes: Buffer.from(text),
}))
const SMALL_NUMBERS = Array.from({ length: 10 }, (_, digit) => String(digit))

/** Reads one object of the `value` array into the batch. Again from its start when the window ended inside it. */
class MediaReader {
  readonly #cursor: JsonCursor
  readonly #batch: RecordBatch
  readonly #withExtras: boolean
  #present = 0
  #fault: string | null = null

  constructor(cursor: JsonCursor, batch: RecordBatch, withExtras: boolean) {
    this.#cursor = cursor
    this.#batch = batch
    this.#withExtras = withExtras
  }

  /** @returns 'case' when it turned out to hold a `Media` array: the cursor stands before it, nothing was taken */
  read(record: number): 'record' | 'case' {
    const cursor = this.#cursor
    const batch = this.#batch
    if (!cursor.atObject()) {
      cursor.skip()
      batch.reject(record, 'not an object')
      return 'record'
    }
    const start = cursor.at
    this.#present = 0
    this.#fault = null
    let size = Number.NaN
    let category: string | null = null

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
          category = this.#category()
          break
        case 'mediasize':
          size = this.#size()
          break
        case 'alternativehashes':
          if (cursor.atArray()) this.#alternativeHashes()
          else cursor.skip()
          break
        case 'media':
          if (cursor.atArray()) return 'case'
          cursor.skip()
          break
        default:
          cursor.skip()
      }
    }
    if (this.#fault !== null) batch.reject(record, this.#fault)
    else if (this.#present === 0) batch.reject(record, 'no digest that this program compares')
    else {
      batch.keep(record, this.#present, size, category, this.#withExtras ? extrasOf(cursor, start) : null)
    }
    return 'record'
  }

  #digest(place: AlgorithmPlace): void {
    const cursor = this.#cursor
    if (cursor.atString()) {
      cursor.string()
      this.#takeDigest(place)
    } else {
      if (!cursor.atNull()) this.#fault = `${place.title} is no text`
      cursor.skip()
    }
  }

  /** The last string, as a digest; an empty one is none. */
  #takeDigest(place: AlgorithmPlace): void {
    const { textStart, textEnd, buffer } = this.#cursor
    const { digests } = this.#batch
    if (textEnd === textStart) return
    const at = this.#batch.offset(place)
    const before = (this.#present & place.bit) === 0 ? null : digests.slice(at, at + place.bytes)
    if (textEnd - textStart !== place.bytes * 2 || !decodeHex(buffer, textStart, digests, at, place.bytes)) {
      this.#fault = `${place.title} is not ${place.bytes * 2} hex digits`
    } else if (before?.some((byte, i) => byte !== digests[at + i])) {
      this.#fault = `two different ${place.title} digests in one record`
    } else this.#present |= place.bit
  }

  /** Exactly as the list has it, without the quotes; null and "" are none, 0 is a category. */
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

  /** `{HashName, HashValue}` in either order; names without an algorithm here (PhotoDNA) stay extras. */
  #alternativeHash(): void {
    const cursor = this.#cursor
    let place: AlgorithmPlace | undefined
    let value: { start: number; end: number } | null = null
    cursor.openObject()
    for (let first = true; cursor.hasMember(first); first = false) {
      cursor.name()
      const name = cursor.text().toLowerCase()
      if ((name === 'hashname' || name === 'hashvalue') && cursor.atString()) {
        cursor.string()
        if (name === 'hashname') place = algorithmNamed(cursor.text())
        else value = { start: cursor.textStart, end: cursor.textEnd }
      } else cursor.skip()
    }
    if (place === undefined || value === null) return
    cursor.textStart = value.start
    cursor.textEnd = value.end
    this.#takeDigest(place)
  }
}

function extrasOf(cursor: JsonCursor, start: number): Extras | null {
  const whole = JSON.parse(cursor.buffer.toString('utf8', start, cursor.at)) as Record<string, unknown>
  const rest = Object.entries(whole).filter(([name]) => !COLUMNS.has(name.toLowerCase()))
  return rest.length === 0 ? null : Object.fromEntries(rest)
}

function readText(cursor: JsonCursor): string | null {
  if (!cursor.atString()) {
    cursor.skip()
    return null
  }
  cursor.string()
  return cursor.text()
}

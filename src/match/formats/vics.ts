/**
 * VICS JSON, versions 1.1 to 2.0: `#Media` hash sets and `#Cases` with the media inside each case. It is streamed,
 * because these files reach several gigabytes.
 *
 * Pitfalls: category 0 is a value and null is none; names come in any case; numbers come in quotes; the marker may be
 * anywhere.
 * The marker's country hints at the author's scale, but only the operator declares one. Totals stated in the file are
 * ignored: rows are counted.
 */
import { UsageError } from '../../base/errors.ts'
import { printName } from '../../base/evidence-path.ts'
import { withoutHasher } from '../records/alternative-hashes.ts'
import type { Detection, HashSetFormat, ReadOptions } from '../records/format.ts'
import type { ListFile } from '../records/list-file.ts'
import { RecordBatch } from '../records/record-batch.ts'
import { JsonCursor } from './json-cursor.ts'
import { MediaReader } from './vics-media.ts'
import { takeFrame } from './vpdq-frame.ts'

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

  read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
    return new VicsDocument(file, options).read()
  },
}

/** Walks one document: root, `value`, and in cases the `Media` of each. */
class VicsDocument {
  readonly #options: ReadOptions
  readonly #cursor: JsonCursor
  readonly #batch = new RecordBatch()
  readonly #media: MediaReader
  #records = 0

  constructor(file: ListFile, options: ReadOptions) {
    this.#options = options
    this.#cursor = new JsonCursor(file.text(), () => `after record ${this.#records}`)
    this.#media = new MediaReader(this.#cursor, this.#batch, options)
  }

  async *read(): AsyncGenerator<RecordBatch> {
    try {
      yield* this.#readRoot()
    } finally {
      await this.#cursor.close()
    }
  }

  async *#readRoot(): AsyncGenerator<RecordBatch> {
    const cursor = this.#cursor
    let marker: string | null = null
    let hasValue = false
    await cursor.attempt(() => cursor.openObject())
    for (let first = true; await cursor.attempt(() => cursor.hasMember(first)); first = false) {
      const name = await cursor.attempt(() => nameOf(cursor))
      if (name === 'value' && (await cursor.attempt(() => cursor.atArray()))) {
        hasValue = true
        yield* this.#readArray(true)
      } else if (name === 'odata.metadata' || name === '@odata.context') {
        marker = await cursor.attempt(() => readText(cursor))
      } else await cursor.attempt(() => cursor.skip())
    }
    await cursor.expectEnd()
    if (!hasValue) throw new UsageError('The JSON list has no "value" array: it is no VICS document.')
    if (this.#batch.rows > 0) yield this.#batch
    const { unreadable, notCompared } = this.#media
    for (const { name, count } of notCompared.counts())
      this.#options.onFacts?.({ note: withoutHasher(count, printName(Buffer.from(name.slice(0, 64)))) })
    if (unreadable > 0)
      this.#options.onFacts?.({
        note: `${unreadable} alternative hashes could not be read and are not compared`,
      })
    this.#options.onFacts?.({
      note:
        marker === null ? 'no VICS marker in the document' : `VICS marker: ${printName(Buffer.from(marker))}`,
    })
  }

  /** An array of media records; `value` may contain cases instead, each with such an array. */
  async *#readArray(mayHoldCases: boolean): AsyncGenerator<RecordBatch> {
    const cursor = this.#cursor
    let first = true
    const readOne = () => (cursor.hasElement(first) ? this.#media.read(this.#records + 1) : 'end')
    await cursor.attempt(() => cursor.openArray())
    for (;;) {
      const done = cursor.tryNow(readOne)
      if (done === null) {
        await cursor.refill()
        continue
      }
      if (done.value === 'end') return
      first = false
      if (done.value === 'record') this.#records++
      else if (mayHoldCases) yield* this.#readCase()
      else throw cursor.malformed('a "Media" array stands inside a media record')
      for (const frame of this.#media.frames) {
        takeFrame(this.#batch, this.#records, frame, this.#options)
        if (!this.#batch.full) continue
        yield this.#batch
        this.#batch.clear()
      }
      if (this.#batch.full) {
        yield this.#batch
        this.#batch.clear()
      }
    }
  }

  /** Reads from the `Media` array of a case, at the cursor, to the end of the case. */
  async *#readCase(): AsyncGenerator<RecordBatch> {
    const cursor = this.#cursor
    yield* this.#readArray(false)
    while (await cursor.attempt(() => cursor.hasMember(false))) {
      const name = await cursor.attempt(() => nameOf(cursor))
      if (name === 'media' && (await cursor.attempt(() => cursor.atArray()))) yield* this.#readArray(false)
      else await cursor.attempt(() => cursor.skip())
    }
  }
}

function nameOf(cursor: JsonCursor): string {
  cursor.name()
  return cursor.text().toLowerCase()
}

function readText(cursor: JsonCursor): string | null {
  if (!cursor.atString()) {
    cursor.skip()
    return null
  }
  cursor.string()
  return cursor.text()
}

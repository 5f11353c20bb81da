/**
 * vPDQ: frames of videos, as text (`frame,quality,hash,timestamp`, with the video's id before or after it where there
 * are several) or JSON (a list of "hash,quality,timestamp": one video). Frames under quality 50 are rejected.
 *
 * Pitfall: frames of two videos read as one make a video that no exhibit contains, and no match is ever found. A list
 * whose frame numbers restart without an id is refused.
 */
import { UsageError } from '../../base/errors.ts'
import type { Detection, HashSetFormat, ReadOptions } from '../records/format.ts'
import { type ListFile, readLines } from '../records/list-file.ts'
import { RecordBatch } from '../records/record-batch.ts'
import { JsonCursor } from './json-cursor.ts'
import { lineExcerpt, wholeLines } from './text-lines.ts'
import { type ListedFrame, parseSignalFrame, takeFrame } from './vpdq-frame.ts'

const ID = '"[^"]{1,200}"|[^,"]{1,200}'
const TEXT_LINE = new RegExp(
  `^(?:(${ID}),)?(\\d+),(\\d{1,3}),([0-9a-f]{64}),(\\d+(?:\\.\\d+)?)(?:,(${ID}))?$`,
  'i',
)
/** Column names in the order of the lines, with or without the video's. */
const HEADING = /^(?:"?\w+"?,)?"?frame\w*"?,"?quality"?,"?\w*hash\w*"?,"?time\w*"?(?:,"?\w+"?)?$/i
const OPEN_BRACKET = 0x5b

export const vpdqList: HashSetFormat = {
  id: 'vpdq',
  title: 'vPDQ frames of videos',

  detect(head: Buffer, fileSize: number): Detection {
    const lines = wholeLines(head, fileSize)
    if (lines.some((line) => TEXT_LINE.test(line))) {
      return { matches: true, reason: 'lines of frame, quality, 64 hex digits and timestamp' }
    }
    const matches = /^\s*\[\s*"[0-9a-f]{64},\d{1,3},[\d.]+"/i.test(head.toString('latin1'))
    return {
      matches,
      reason: matches
        ? 'a JSON list of "hash,quality,timestamp"'
        : 'neither lines nor a JSON list of frame hashes with quality and timestamp',
    }
  },

  read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
    const first = file.head().find((byte) => byte > 32)
    return first === OPEN_BRACKET ? readJson(file, options) : readText(file, options)
  },
}

function readText(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
  const batch = new RecordBatch()
  const order = new OneVideo('Line', 'frame numbers')
  return readLines(file, batch, (buffer, start, end, line) => {
    const text = buffer.toString('utf8', start, end)
    const match = TEXT_LINE.exec(text)
    if (match === null) {
      if (line > 1 || !HEADING.test(text))
        batch.reject(line, `not frame, quality, hash and timestamp: ${lineExcerpt(buffer, start, end)}`)
      return
    }
    const [, before, frame, quality, hash, timestamp, behind] = match
    const video = unquoted(before ?? behind ?? '')
    if (video === '') order.next(line, Number(frame))
    takeFrame(
      batch,
      line,
      { video, frame: Number(frame), quality: Number(quality), hash: hash!, seconds: Number(timestamp) },
      options,
    )
  })
}

async function* readJson(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
  const batch = new RecordBatch()
  const order = new OneVideo('Item', 'timestamps')
  let item = 0
  const cursor = new JsonCursor(file.text(), () => `after item ${item}`)
  try {
    await cursor.attempt(() => cursor.openArray())
    for (let first = true; await cursor.attempt(() => cursor.hasElement(first)); first = false) {
      const text = await cursor.attempt(() => {
        if (!cursor.atString()) {
          cursor.skip()
          return ''
        }
        cursor.string()
        return cursor.text()
      })
      item++
      const frame: ListedFrame | null = parseSignalFrame(text, '', item - 1)
      if (frame === null) batch.reject(item, 'not "hash,quality,timestamp"')
      else {
        order.next(item, frame.seconds)
        takeFrame(batch, item, frame, options)
      }
      if (batch.full) {
        yield batch
        batch.clear()
      }
    }
    await cursor.expectEnd()
  } finally {
    await cursor.close()
  }
  if (batch.rows > 0) yield batch
}

/** The frame numbers of one video increase; where they restart, another video begins. */
class OneVideo {
  readonly #unit: string
  readonly #what: string
  #last = -1

  constructor(unit: string, what: string) {
    this.#unit = unit
    this.#what = what
  }

  /** @throws UsageError where another video begins without an id */
  next(at: number, value: number): void {
    if (value <= this.#last)
      throw new UsageError(
        `${this.#unit} ${at}: the ${this.#what} begin again (${value} after ${this.#last}), so the list holds several videos and does not ` +
          'say which frame is of which. Give every line the id of its video: id,frame,quality,hash,timestamp; or give a file a video.',
        { code: 'list-unreadable' },
      )
    this.#last = value
  }
}

function unquoted(text: string): string {
  return (text.startsWith('"') ? text.slice(1, -1) : text).trim()
}

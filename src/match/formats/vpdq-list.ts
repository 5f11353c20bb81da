/**
 * vPDQ: the frames of one video, as text (`frame,quality,hash,timestamp`) or JSON (a list of "hash,quality,timestamp").
 *
 * One file is one video: the list's name is the video's. Frames under quality 50 are rejected, as everywhere.
 */
import { decodeHexText, PDQ } from '../records/algorithms.ts'
import type { Detection, HashSetFormat, ReadOptions } from '../records/format.ts'
import { type ListFile, readLines } from '../records/list-file.ts'
import { extrasFrom, RecordBatch } from '../records/record-batch.ts'
import { JsonCursor } from './json-cursor.ts'
import { lineExcerpt, wholeLines } from './text-lines.ts'

const TEXT_LINE = /^(\d+),(\d{1,3}),([0-9a-f]{64}),(\d+(?:\.\d+)?)$/i
const JSON_ITEM = /^([0-9a-f]{64}),(\d{1,3}),(\d+(?:\.\d+)?)$/i
const MIN_QUALITY = 50
const OPEN_BRACKET = 0x5b

export const vpdqList: HashSetFormat = {
  id: 'vpdq',
  title: 'vPDQ frames of a video',

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
  return readLines(file, batch, (buffer, start, end, line) => {
    const match = TEXT_LINE.exec(buffer.toString('latin1', start, end))
    if (match === null)
      batch.reject(line, `not frame, quality, hash and timestamp: ${lineExcerpt(buffer, start, end)}`)
    else keepFrame(batch, line, match[3]!, match[2]!, match[4]!, match[1]!, options)
  })
}

async function* readJson(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
  const batch = new RecordBatch()
  let frame = 0
  const cursor = new JsonCursor(file.text(), () => `after item ${frame}`)
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
      frame++
      const match = JSON_ITEM.exec(text)
      if (match === null) batch.reject(frame, 'not "hash,quality,timestamp"')
      else keepFrame(batch, frame, match[1]!, match[2]!, match[3]!, String(frame - 1), options)
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

function keepFrame(
  batch: RecordBatch,
  line: number,
  hash: string,
  quality: string,
  timestamp: string,
  frame: string,
  options: ReadOptions,
): void {
  const value = Number(quality)
  if (value > 100) batch.reject(line, `quality ${value} is over 100`)
  else if (value < MIN_QUALITY) batch.reject(line, `quality ${value} of 100: too plain a frame to match on`)
  else {
    decodeHexText(hash, batch.digests, batch.offset(PDQ), PDQ.bytes)
    const extras = options.extras ? extrasFrom({ frame: Number(frame), timestamp: Number(timestamp) }) : null
    batch.keep(line, PDQ.bit, Number.NaN, null, extras)
  }
}

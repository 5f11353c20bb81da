/**
 * hashdeep 1.0: two header lines, then size, digests and name separated by commas.
 *
 * Fields are not quoted: commas after the last digest belong to the name. Algorithms that seized does not compute
 * (whirlpool, tiger) are skipped, but their column must exist.
 *
 * @see https://github.com/jessek/hashdeep/blob/master/FILEFORMAT
 */
import { UsageError } from '../../base/errors.ts'
import { type AlgorithmPlace, algorithmNamed, decodeHex } from '../records/algorithms.ts'
import type { Detection, HashSetFormat, ReadOptions } from '../records/format.ts'
import { type ListFile, readLines } from '../records/list-file.ts'
import { RecordBatch } from '../records/record-batch.ts'
import { lineExcerpt, nameExtras } from './text-lines.ts'

const FIRST_LINE = '%%%% HASHDEEP-1.0'
const PASSED_OVER = new Set(['whirlpool', 'tiger', 'sha3', 'sha512', 'sha-512'])
const PERCENT = 0x25
const HASH = 0x23
const COMMA = 0x2c
const DIGIT_0 = 0x30
/** 2^53 has 16 digits; no file is larger. */
const LONGEST_SIZE_DIGITS = 15

export const hashdeep: HashSetFormat = {
  id: 'hashdeep',
  title: 'hashdeep 1.0',

  detect(head: Buffer): Detection {
    const matches = head.subarray(0, FIRST_LINE.length).toString('latin1').toUpperCase() === FIRST_LINE
    return { matches, reason: `the first line is ${matches ? '' : 'not '}"${FIRST_LINE}"` }
  },

  read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
    const batch = new RecordBatch()
    let columns: readonly (AlgorithmPlace | null)[] | null = null

    return readLines(file, batch, (buffer, start, end, line) => {
      if (buffer[start] === PERCENT) {
        const text = buffer.toString('latin1', start, end)
        if (text.toUpperCase() !== FIRST_LINE) columns = readColumns(text, line)
        return
      }
      if (buffer[start] === HASH) return
      if (columns === null) {
        throw new UsageError(
          `Line ${line} of the hashdeep list comes before the line that names its columns ("%%%% size,md5,…,filename").`,
        )
      }
      const fault = readRow(columns, buffer, start, end, line)
      if (fault !== null) batch.reject(line, fault)
    })

    /** @returns why the row is rejected, or null */
    function readRow(
      places: readonly (AlgorithmPlace | null)[],
      buffer: Buffer,
      start: number,
      end: number,
      line: number,
    ): string | null {
      let at = start
      let size = 0
      while (at < end && buffer[at]! >= DIGIT_0 && buffer[at]! <= DIGIT_0 + 9) {
        size = size * 10 + buffer[at++]! - DIGIT_0
      }
      if (at === start || at - start > LONGEST_SIZE_DIGITS || buffer[at] !== COMMA) {
        return `the first column is no size: ${lineExcerpt(buffer, start, end)}`
      }
      at++
      let present = 0
      let unread: string | null = null
      for (const place of places) {
        const next = place === null ? end : at + place.bytes * 2
        if (
          place !== null &&
          next < end &&
          buffer[next] === COMMA &&
          decodeHex(buffer, at, batch.digests, batch.offset(place), place.bytes)
        ) {
          present |= place.bit
          at = next + 1
          continue
        }
        if (place !== null)
          unread ??= `the ${place.title} column holds no ${place.title} digest: ${lineExcerpt(buffer, at, end)}`
        const comma = buffer.indexOf(COMMA, at)
        if (comma === -1 || comma >= end) return unread ?? 'a column is missing'
        at = comma + 1
      }
      if (present === 0) return unread ?? 'no digest in the line'
      if (unread !== null) batch.unread.push({ line, reason: unread })
      const extras = options.extras ? nameExtras(buffer, at, end) : null
      batch.keep(line, present, size, null, extras)
      return null
    }
  },
}

/** @throws UsageError when the columns are not size, digests, filename */
function readColumns(text: string, line: number): readonly (AlgorithmPlace | null)[] {
  const names = text
    .replace(/^%+\s*/, '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
  if (names[0] !== 'size' || names.at(-1) !== 'filename') {
    throw new UsageError(
      `Line ${line} of the hashdeep list must name its columns, from "size" to "filename"; it reads "${text.slice(0, 100)}".`,
    )
  }
  const places = names.slice(1, -1).map((name) => {
    const place = algorithmNamed(name)
    if (place === undefined && !PASSED_OVER.has(name)) {
      throw new UsageError(`Line ${line} of the hashdeep list names a column "${name}" that is no digest.`)
    }
    return place ?? null
  })
  if (places.every((place) => place === null)) {
    throw new UsageError(
      `Line ${line} of the hashdeep list names no digest that this program compares (MD5, SHA-1, SHA-256).`,
    )
  }
  return places
}

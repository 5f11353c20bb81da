/**
 * Output of md5sum, sha1sum, sha256sum, b3sum, md5deep (with -z) and BSD md5: a digest and a file's name.
 *
 * GNU programs write a backslash before the digest when they escaped the name. md5deep -z writes a size first, which
 * saturates at 9999999999 and is then ignored.
 */
import {
  type AlgorithmPlace,
  algorithmNamed,
  decodeHex,
  isHexByte,
  MD5,
  SHA1,
  SHA256,
} from '../records/algorithms.ts'
import type { Detection, HashSetFormat, ReadOptions } from '../records/format.ts'
import { type ListFile, readLines } from '../records/list-file.ts'
import { type Extras, extrasFrom, RecordBatch } from '../records/record-batch.ts'
import {
  decodeName,
  lineExcerpt,
  nameExtras,
  TAKEN_FOR_SHA256,
  typeOption,
  wholeLines,
} from './text-lines.ts'

const GNU_LINE = /^\\?(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}) [ *]?\S/i
const SIZED_LINE = /^\d+\s+(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}) [ *]/i
const BSD_LINE = /^\\?[A-Z][A-Z0-9-]{2,11} ?\(.*\) ?= ?[0-9a-f]{32,128}$/i

const SPACE = 32
const HASH = 0x23
const BACKSLASH = 0x5c
const EQUALS = 0x3d
const OPEN = 0x28
const CLOSE = 0x29
/** md5deep prints this for every larger size. */
const SATURATED_SIZE = 9_999_999_999

export const sumList: HashSetFormat = {
  id: 'sum',
  title: 'md5sum, sha*sum, md5deep or BSD checksum lines',

  detect(head: Buffer, fileSize: number): Detection {
    for (const line of wholeLines(head, fileSize)) {
      if (GNU_LINE.test(line)) return yes('lines of a digest and a file name, as md5sum and sha256sum print')
      if (SIZED_LINE.test(line)) return yes('lines of size, digest and file name, as md5deep -z prints')
      if (BSD_LINE.test(line)) return yes('lines of the form "ALGORITHM (name) = digest", as BSD tools print')
    }
    return { matches: false, reason: 'no line is a digest with a file name' }
  },

  read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
    const batch = new RecordBatch()
    const declared = typeOption(options.type)
    let assumed = false

    return readLines(file, batch, (buffer, start, end, line) => {
      if (buffer[start] === HASH) return
      const escaped = buffer[start] === BACKSLASH
      const parts = splitLine(buffer, escaped ? start + 1 : start, end, declared)
      if (typeof parts === 'string') {
        batch.reject(line, parts)
        return
      }
      const { algorithm, digestAt, digits, size, isByLength } = parts
      if (isByLength && algorithm === SHA256 && !assumed) {
        assumed = true
        options.onFacts?.({ note: TAKEN_FOR_SHA256 })
      }
      if (
        digits !== algorithm.bytes * 2 ||
        !decodeHex(buffer, digestAt, batch.digests, batch.offset(algorithm), algorithm.bytes)
      ) {
        batch.reject(
          line,
          `${digits} characters where ${algorithm.title} has ${algorithm.bytes * 2} hex digits`,
        )
        return
      }
      const extras = options.extras
        ? escaped
          ? escapedNameExtras(buffer.subarray(parts.nameStart, parts.nameEnd))
          : nameExtras(buffer, parts.nameStart, parts.nameEnd)
        : null
      batch.keep(line, algorithm.bit, size, null, extras)
    })
  },
}

interface LineParts {
  readonly algorithm: AlgorithmPlace
  /** False: the line or the operator names it. */
  readonly isByLength: boolean
  readonly digestAt: number
  readonly digits: number
  /** NaN: the line has no size. */
  readonly size: number
  readonly nameStart: number
  readonly nameEnd: number
}

/** @returns the parts, or the reason why the line is no such line */
function splitLine(
  buffer: Buffer,
  start: number,
  end: number,
  declared: AlgorithmPlace | undefined,
): LineParts | string {
  let digestAt = start
  let size = Number.NaN
  let digits = hexRun(buffer, digestAt, end)
  if (algorithmOf(digits) === undefined) {
    const sized = readSize(buffer, start, end)
    if (sized === null) return splitTagged(buffer, start, end)
    size = sized.size
    digestAt = sized.next
    digits = hexRun(buffer, digestAt, end)
  }
  const algorithm = algorithmOf(digits)
  const nameStart = digestAt + digits + 2
  if (algorithm === undefined || buffer[digestAt + digits] !== SPACE || nameStart > end) {
    return `not a digest with a file name: ${lineExcerpt(buffer, start, end)}`
  }
  const isByLength = declared === undefined
  return { algorithm: declared ?? algorithm, isByLength, digestAt, digits, size, nameStart, nameEnd: end }
}

/** `MD5 (name) = digest`; the name may itself contain `) = `, so the digest follows the last one. */
function splitTagged(buffer: Buffer, start: number, end: number): LineParts | string {
  const equals = buffer.lastIndexOf(EQUALS, end - 1)
  const open = buffer.indexOf(OPEN, start)
  let digestAt = equals + 1
  while (buffer[digestAt] === SPACE) digestAt++
  let close = equals - 1
  while (close > start && buffer[close] === SPACE) close--
  if (equals <= start || open === -1 || open >= close || buffer[close] !== CLOSE) {
    return `not a digest with a file name: ${lineExcerpt(buffer, start, end)}`
  }
  const algorithm = algorithmNamed(buffer.toString('latin1', start, open).trim())
  if (algorithm === undefined) {
    return `${lineExcerpt(buffer, start, open)} digests are not compared by this program`
  }
  return {
    algorithm,
    isByLength: false,
    digestAt,
    digits: end - digestAt,
    size: Number.NaN,
    nameStart: open + 1,
    nameEnd: close,
  }
}

function yes(reason: string): Detection {
  return { matches: true, reason }
}

function algorithmOf(digits: number): AlgorithmPlace | undefined {
  return digits === 32 ? MD5 : digits === 40 ? SHA1 : digits === 64 ? SHA256 : undefined
}

function hexRun(buffer: Buffer, start: number, end: number): number {
  let at = start
  while (at < end && isHexByte(buffer[at]!)) at++
  return at - start
}

/** The size, as in `    361182  `, before the digest. */
function readSize(buffer: Buffer, start: number, end: number): { size: number; next: number } | null {
  let at = start
  while (at < end && buffer[at] === SPACE) at++
  const from = at
  let size = 0
  while (at < end && buffer[at]! >= 0x30 && buffer[at]! <= 0x39) size = size * 10 + buffer[at++]! - 0x30
  if (at === from || at - from > 15 || buffer[at] !== SPACE) return null
  while (at < end && buffer[at] === SPACE) at++
  return { size: size === SATURATED_SIZE ? Number.NaN : size, next: at }
}

function escapedNameExtras(bytes: Buffer): Extras {
  const name = decodeName(bytes).replace(/\\([\\nr])/g, (_, c: string) =>
    c === 'n' ? '\n' : c === 'r' ? '\r' : '\\',
  )
  return extrasFrom({ name })
}
